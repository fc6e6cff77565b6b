/** The BPF objects that the grader hands to the learner's loader, with names and numbers that nobody can know before. */
import type { Kit } from '../../../../grader/checks/kit.ts';
import { compile } from '../../../../grader/checks/compiler.ts';

export interface Sample {
  object: string;
  /** The same, cut off in the middle. */
  truncated: string;
  /** An object that the verifier refuses. */
  refused: string;
  /** At the start and at the end of processes whose names begin with `prefix`, each with a secret number. */
  programs: [exec: string, exit: string];
  secrets: [exec: bigint, exit: bigint];
  prefix: string;
}

const head = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\nchar LICENSE[] SEC("license") = "GPL";\n';

export async function makeObjects({ machine, random, toolkit, folder, build: place }: Kit): Promise<Sample> {
  const [stem, spoilt] = [random.name(), random.name()];
  const programs: [string, string] = [`${random.name(5)}_start`, `${random.name(5)}_end`];
  const secrets: [bigint, bigint] = [secret(random), secret(random)];
  const prefix = random.name(4);
  const both = [
    program('exec', programs[0], 'struct task_struct *task', secrets[0], prefix),
    program('exit', programs[1], 'struct task_struct *task', secrets[1], prefix),
  ];
  await machine.put(`${folder}/source/${stem}.bpf.c`, head + ring + random.shuffle(both).join('\n'));
  await machine.put(`${folder}/source/${spoilt}.bpf.c`, unsafe);
  const made = await Promise.all([stem, spoilt].map((name) => compile(machine, toolkit, `${folder}/source`, `${name}.bpf.c`, `${place}/${name}.o`)));
  for (const { code, stderr } of made) if (code !== 0) throw new Error(`The grader's own BPF object does not compile: ${stderr.slice(0, 2000)}`);
  const truncated = `${place}/${random.name()}.o`;
  const cut = await machine.run(['sh', '-c', 'head -c "$(($(stat -c %s "$1") / 2))" "$1" >"$2" && chmod 644 "$2"', 'sh', `${place}/${stem}.o`, truncated]);
  if (cut.code !== 0) throw new Error(`The object cannot be cut: ${cut.stderr.slice(0, 500)}`);
  return { object: `${place}/${stem}.o`, truncated, refused: `${place}/${spoilt}.o`, programs, secrets, prefix };
}

const ring = `
struct event {
	__u64 number;
	char text[16];
};
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");
`;

function program(event: string, name: string, argument: string, number: bigint, prefix: string): string {
  const ours = [...prefix].map((letter, index) => `task->comm[${index}] != '${letter}'`).join(' || ');
  return `
SEC("tp_btf/sched_process_${event}")
int BPF_PROG(${name}, ${argument})
{
	struct event *event;
	if (${ours})
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->number = ${number}ULL ^ (__u64)task->tgid;
	bpf_probe_read_kernel_str(event->text, sizeof(event->text), task->comm);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
`;
}

/** Reserves and does not look whether it got anything. Without vmlinux.h it compiles in a moment. */
const unsafe = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");
SEC("raw_tracepoint/sched_process_exec")
int unsafe(void *context)
{
	__u64 *number = bpf_ringbuf_reserve(&events, sizeof(*number), 0);
	*number = 1;
	bpf_ringbuf_submit(number, 0);
	return 0;
}
`;

function secret(random: Kit['random']): bigint {
  return Buffer.from(random.bytes(8)).readBigUInt64LE();
}
