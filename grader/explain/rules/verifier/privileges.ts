/**
 * What the verifier forbids only to a process without CAP_PERFMON or CAP_BPF (before Linux 5.8: CAP_SYS_ADMIN). is_pointer_value() in
 * kernel/bpf/verifier.c is always false with env->allow_ptr_leaks, so as root nobody ever sees these.
 */
import type { Rule } from '../../rule.ts';

const how =
  'Run it with sudo; in a container add the capabilities PERFMON and BPF, or SYS_ADMIN on kernels before 5.8 (or --privileged). capsh --print shows what the process has.';

export const privilegesRules: readonly Rule[] = [
  {
    id: 'pointer-comparison',
    pattern: /R\d+ pointer comparison prohibited/,
    text: 'The program compares pointers, and the process that loads it lacks CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8).',
    why: 'Without it the verifier forbids what could tell an address of the kernel, even the test of a packet pointer against data_end; with it, the same program passes.',
    help: how,
    lesson: 'security/hardening',
  },
  {
    id: 'pointer-leak',
    pattern: /R\d+ leaks addr (?:into (\w+)|as return value|to helper)|R\d+ partial copy of pointer/,
    text: 'The program stores, copies or returns a pointer where it could be read ($1), and the process that loads it lacks CAP_PERFMON.',
    why: 'That would leak an address of the kernel; only a privileged process may do it (CAP_PERFMON, before Linux 5.8 CAP_SYS_ADMIN).',
    help: `${how} Or store a number that you read through the pointer, not the pointer.`,
    lesson: 'security/hardening',
  },
  {
    id: 'unprivileged',
    pattern:
      /.{0,120}prohibited for !root.{0,60}|function calls to other bpf functions are allowed for .{0,60}|(?:loading\/)?calling other bpf or kernel functions are allowed for .{0,60}|R\d+ pointer arithmetic prohibited$|tail calls .{0,40}only for root|'struct \w+' access is allowed only to CAP_PERFMON/,
    text: 'The process that loads this lacks CAP_BPF and CAP_PERFMON, so the verifier is much stricter with it.',
    why: 'For unprivileged processes it forbids calls between functions, variable offsets into the stack, and arithmetic that could be abused by speculation; as root, the same program may pass.',
    help: how,
    lesson: 'security/hardening',
  },
];
