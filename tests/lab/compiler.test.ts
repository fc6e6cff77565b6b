/** The compiler of the lab: apart of the machine until somebody compiles, and with a small vmlinux.h for each source. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { labPreparation } from '../../grader/cli/lab.ts';
import type { Lab } from '../../grader/machine/lab/lab.ts';
import { type ReadyLab, readCompiler, restoreLab, setUpLab } from '../../grader/machine/lab/set-up.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry } from '../../grader/machine/vm/vm.ts';

let ready: ReadyLab;
beforeAll(async () => {
  ready = await setUpLab(await kernelEntry(undefined), labPreparation, silent);
}, 3_600_000);

let lab: Lab | undefined;
afterEach(() => lab?.stop());

const headers = '/run/hookpoint/toolkit/headers';
const flags = ['-g', '-O2', '-target', 'bpf', '-D__TARGET_ARCH_x86', '-mcpu=v3', '-Wall', '-I', headers];

async function compile(machine: Lab, source: string) {
  await machine.put('/work/submission/it.bpf.c', source);
  const argv = ['clang', ...flags, '-c', 'it.bpf.c', '-o', '/tmp/it.o'];
  return machine.run(argv, { cwd: '/work/submission', uid: 65534, timeoutMs: 300_000 });
}

const good = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tracepoint/syscalls/sys_enter_execve")
int it(struct trace_event_raw_sys_enter *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task_btf();
	return task->mm->mmap_base != ctx->id;
}
char LICENSE[] SEC("license") = "GPL";
`;

test('without its compiler a machine says so, and it compiles once it was given one', async () => {
  lab = await restoreLab(ready, { withCompiler: false });
  const before = await compile(lab, good);
  expect(before).toMatchObject({ code: 1, stderr: expect.stringContaining('has not been downloaded yet') });
  await lab.addCompiler(await readCompiler(ready));
  expect(await compile(lab, good)).toMatchObject({ code: 0, stderr: '' });
  expect((await lab.get('/tmp/it.o', 2 ** 24)).byteLength).toBeLessThan(100_000);
});

const bad = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HSAH); __type(key, u23); } rows SEC(".maps");
SEC("tp/x")
int it(struct trace_event_raw_sys_enter *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct nosuch *none = 0;
	bpf_prink("x");
	return none->a + task->piid + XDP_PAS + bpf_task_acquir(task) + task->mm->mmap_bas;
}
`;

test('errors and suggestions are those of the whole vmlinux.h', async () => {
  lab = await restoreLab(ready);
  const small = await compile(lab, bad);
  // Nobody can tell which names ## makes: gcc reads the whole header.
  const whole = await compile(lab, `${bad}#define JOIN(a, b) a##b\n`);
  expect(small.stderr).toContain("did you mean 'BPF_MAP_TYPE_HASH'?");
  expect(small.stderr).toContain("did you mean 'mmap_base'?");
  expect(small).toMatchObject({ code: 1, stderr: whole.stderr });
});
