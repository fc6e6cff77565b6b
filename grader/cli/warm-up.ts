/** What a guest does while it waits to be needed. */
import { toolkitAt } from '../checks/toolkit.ts';
import { compileFlags, moduleFlags } from '../checks/compiler.ts';
import type { OpenMachine } from './machines.ts';
import type { WarmUp } from './spare-machines.ts';

/** Under emulation a program's first run takes a multiple of the second: its instructions are translated then. */
export function warmUp({ machine, toolkit }: OpenMachine): WarmUp {
  if (machine.info.accelerator !== 'tcg') return { stop: async () => {} };
  const tools = toolkitAt(toolkit);
  const source = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nSEC("tracepoint/syscalls/sys_enter_execve")\nint f(void *c) { bpf_printk("x"); return 0; }\nchar l[] SEC("license") = "GPL";\n';
  const running = machine.start(['clang', ...compileFlags(machine.info.arch, tools.headers), ...moduleFlags(tools), '-x', 'c', '-c', '-', '-o', '/dev/null'], { input: source, uid: 65534 });
  running.end();
  return {
    async stop() {
      running.signal(9);
      await running.done.catch(() => {});
    },
  };
}
