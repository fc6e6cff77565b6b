/** What the verifier says of what a program is attached to: functions, other programs, struct_ops, LSM hooks. */
import type { Rule } from '../../rule.ts';

export const targetsRules: readonly Rule[] = [
  // bpf_check_attach_target(), btf_distill_func_proto()
  {
    id: 'function-argument-type',
    pattern:
      /The function ([\w.]+) (?:has \d+ arguments\. Too many|return type \w+ is unsupported|with variable args is unsupported|has malformed void argument)|Attach to function ([\w.]+) with a >8 byte return value is not supported/,
    text: 'fentry and fexit cannot be attached to $1$2 in this kernel.',
    why: 'A trampoline hands on a fixed number of arguments in registers, and one number as the result. This function has more of them, a variable number, or whole structures.',
    help: 'Attach to a function that calls it or is called by it, or use a kprobe: SEC("kprobe/$1$2"). bpftool btf dump file /sys/kernel/btf/vmlinux format c shows its prototype.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'attach-prototype',
    pattern:
      /The address of function ([\w.]+) cannot be found|attach_btf_id \d+ (?:doesn't have a name|is not a typedef|points to wrong type name (?!bpf_lsm)(\w+)|is invalid)|Cannot find btf of tracepoint template/,
    text: 'The target of the program ($1$2) is in the types (BTF), but it is not something that a program can be attached to here.',
    why: 'The function was inlined everywhere, or is in a module that is not loaded; or the BTF that the loader read is not that of this kernel.',
    help: 'sudo grep -w $1 /proc/kallsyms; sudo grep -w $1 /sys/kernel/tracing/available_filter_functions. Take a function that calls it, or a tracepoint near it.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'modify-return',
    pattern:
      /([\w.]+)\(\) is not modifiable|can't modify return codes of BPF programs|ret type \S+ not allowed for fmod_ret|Attaching fexit\/fmod_ret to __noreturn functions is rejected/,
    text: 'The program wants to change the result of a function ($1) where that is not allowed.',
    why: 'fmod_ret works on system calls, on functions marked for error injection, and on the security_… hooks, if they return a number. A function that never returns has no fexit either.',
    help: 'sudo cat /sys/kernel/debug/error_injection/list names the functions. Otherwise use fentry or fexit, which only look, or an LSM program.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // bpf_lsm_verify_prog()
  {
    id: 'lsm-hook',
    pattern:
      /attach_btf_id \d+ points to disabled hook (\w+)|attach_btf_id \d+ points to wrong type name bpf_lsm_(\w+)/,
    text: 'This kernel allows no BPF program at the LSM hook $1$2.',
    why: 'Some hooks are closed to BPF, because a program there could break the kernel’s own promises.',
    help: 'Take another hook: bpftrace -l "kfunc:bpf_lsm_*", or grep bpf_lsm_ /proc/kallsyms, lists them.',
    lesson: 'security/lsm',
  },
  {
    id: 'lsm-cgroup-return',
    pattern: /BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value/,
    text: 'The program returns something other than 1, and its LSM hook has no result to change.',
    why: 'For lsm_cgroup 1 means “go on”. At a hook that returns nothing, it is the only value.',
    help: 'return 1; on every path.',
    lesson: 'security/lsm',
  },
  // check_struct_ops_btf_id()
  {
    id: 'struct-ops-target',
    pattern:
      /[Aa]ttach to (?:unsupported|invalid) member (?:(\w+)|idx \d+|\w+\(@idx \d+\)) of struct (\w+)|struct_ops module (\w+) is not found|attach_btf_id \d+ is not a supported struct/,
    text: 'The program cannot become that callback of a struct_ops ($1 of $2$3).',
    why: 'This kernel does not let BPF implement this member, or this structure. Not every function pointer of it is open, and some are only in newer kernels.',
    help: 'Leave the member out (NULL), or use a newer kernel. bpftool btf dump file /sys/kernel/btf/vmlinux | grep bpf_struct_ops_ lists the structures.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  // btf_check_func_type_match(), and freplace in bpf_check_attach_target()
  {
    id: 'freplace-differs',
    pattern:
      /([\w.]+)\(\) has \d+ args while ([\w.]+)\(\) has \d+ args|Return type .{1,60} of ([\w.]+)\(\) doesn't match type|arg\d+ in ([\w.]+)\(\) (?:is \S+ while|has size|has unrecognized type|is not a pointer to context)|arg\d+ ([\w.]+)\(struct \w+ \*\) doesn't match|([\w.]+)\(\) is not a global function/,
    text: 'The program that should replace a function (freplace) does not have the same prototype: $1$3$4$5$6.',
    why: 'Name and types of all arguments and of the result must be the same as in the function that is replaced, and that function must be global (not static).',
    help: 'Copy the declaration from the source of the other program, and compile both with -g. A static function, or one that the compiler inlined, cannot be replaced: make it __noinline.',
    lesson: 'networking/xdp',
  },
  {
    id: 'freplace-target',
    pattern:
      /Cannot replace (?:static|kernel) functions|Extension programs? (?:should be JITed|changes packet data)|Can attach to only JITed progs|Cannot (?:nest tracing program attach|recursively attach|extend fentry\/fexit)|Only FENTRY\/FEXIT progs are attachable to another BPF prog|Target program bound device mismatch|programs cannot attach to exception callback|Program extension requires BTF/,
    text: 'The program cannot be attached to that other BPF program.',
    why: 'Only a global function of a compiled (JIT) program with BTF can be replaced or traced by another one, and not one that is itself an extension or a tracing program. An extension may change packets only if the original does.',
    help: 'sudo bpftool prog show id N: it must be jited and have btf_ids. sysctl net.core.bpf_jit_enable; compile both with -g.',
    lesson: 'networking/xdp',
  },
  {
    id: 'sleepable-required',
    pattern:
      /program must be sleepable to call sleepable kfunc (\w+)|Syscall programs can only be sleepable|css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs/,
    text: 'The program must be marked as sleepable to do this ($1).',
    why: 'What it calls may wait, so the program must be of a kind that may.',
    help: 'Add .s to the section: SEC("fentry.s/…"), SEC("lsm.s/…"), SEC("iter.s/…"), SEC("syscall"). If the type has none, call it from another program.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // check_func_call(), check_helper_call(): bpf_get_func_ip() and its like
  {
    id: 'helper-not-for-type',
    pattern:
      /func (\w+)#\d+ (?:supported only for (fentry\/fexit\/fmod_ret) programs|not supported for program type \d+)/,
    text: 'A program of this type cannot call $1.',
    why: 'It needs what only certain programs have ($2), such as the address of the function that was entered.',
    help: 'Use another helper, or another program type in SEC().',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'load-abs',
    pattern:
      /BPF_LD_\[ABS\|IND\] (instructions not allowed for this program type|cannot be \w+ .{1,60})|at the time of BPF_LD_ABS\|IND R6 != pointer to skb|cannot use BPF_LD_\[ABS\|IND\] within callback/,
    text: 'The program reads the packet by an old instruction (LD_ABS or LD_IND) where it is not allowed.',
    why: 'load_byte(), load_half(), load_word() and bcc’s cursor make them. They are for socket filters, tc and cgroup/skb, with the context in r6, outside of locks, references and callbacks.',
    help: 'Use bpf_skb_load_bytes(), or read through data and data_end (XDP, tc).',
    lesson: 'networking/tc',
  },
  {
    id: 'packet-access-type',
    pattern: /helper access to the packet is not allowed|the prog does not allow writes to packet data/,
    text: 'A program of this type may not hand packet memory to this function, or not write to it.',
    why: 'Each type has its own rights over the packet: cgroup/skb and socket filters only read, tc and XDP write.',
    help: 'Copy what you need to the stack first (bpf_skb_load_bytes() or a bounded copy), and pass that. Change packets in tc or XDP.',
    lesson: 'networking/tc',
  },
  {
    id: 'xdp-metadata',
    pattern: /metadata kfuncs (?:require device-bound program|can't be offloaded)/,
    text: 'The program reads what the card knows of a packet (XDP metadata), and is not bound to a card.',
    why: 'The kernel puts the driver’s own code in place of these kfuncs, so it must know the interface when it loads the program.',
    help: 'Before loading: bpf_program__set_ifindex(prog, ifindex) and bpf_program__set_flags(prog, BPF_F_XDP_DEV_BOUND_ONLY); bpftool prog load … xdpmeta_dev DEV.',
    lesson: 'networking/xdp',
  },
  {
    id: 'gpl-only',
    pattern:
      /struct ops programs must have a GPL compatible license|cannot call kernel function from non-GPL compatible program|Cannot access kernel 'struct \w+' from non-GPL compatible program/,
    text: 'The program has no GPL-compatible license, but uses something that needs one.',
    why: 'kfuncs, kernel structures and struct_ops are only for programs under the GPL.',
    help: 'Add: char LICENSE[] SEC("license") = "GPL";',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'reboot-capability',
    pattern: /destructive kfunc calls require CAP_SYS_BOOT capability/,
    text: 'The program calls a kfunc that can bring the machine down, and the process lacks CAP_SYS_BOOT.',
    why: 'crash_kexec() and its like are for a process that could reboot anyway.',
    help: 'Load it as root, with CAP_SYS_BOOT.',
    lesson: 'security/hardening',
  },
];
