import { Apart, compile, compileGo, defineChecks, evidence, LineTimeout } from '#kit';

const built = evidence((kit) => compileGo(kit, ['main.go']));

const source = (secret: number) => `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");
SEC("raw_tp/sched_process_exec")
int exec(void *ctx)
{
	__u32 number = ${secret};
	bpf_ringbuf_output(&events, &number, sizeof(number), 0);
	return 0;
}
`;

export default defineChecks({
  compiles: async (kit) => void (await built(kit)),
  async prints(kit) {
    const { machine, folder, build, toolkit } = kit;
    const [program, secret] = [await built(kit), kit.random.int(1000, 1_000_000)];
    await machine.put(`${folder}/sample.bpf.c`, source(secret));
    const object = `${build}/sample.o`;
    const made = await compile(machine, toolkit, folder, 'sample.bpf.c', object);
    if (made.code !== 0) throw new Error(made.stderr);
    const user = new Apart(machine, [program, object], { capabilities: ['bpf', 'perfmon'] }, { timeoutMs: 120_000 });
    kit.expect.equal((await user.line(60_000)) ?? 'its end', 'ready', { text: 'It does not say that it is ready.' });
    await machine.run(['true']);
    const line = await user.line(10_000).catch((error: unknown) => {
      if (error instanceof LineTimeout) return 'nothing';
      throw error;
    });
    await user.kill();
    kit.expect.equal(line ?? 'its end', String(secret), {
      text: 'It does not print the number that the kernel sends.',
    });
  },
});
