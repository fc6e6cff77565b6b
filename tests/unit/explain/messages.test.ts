import { expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { makeExplanation } from '../../../grader/report/explanation.ts';
import { messages, readLog } from '../../support/messages.ts';

const explain = (text: string) => makeExplanation(explainText(text, new Map()));

test.each(messages.map((one) => [one.name, one] as const))('%s', (_, { rule, says, never = [], text }) => {
  const { message, ...document } = explain(text);
  expect(document).toMatchObject({ recognised: true, rule });
  const words = `${message.text} ${message.help}`;
  expect(says.filter((word) => !words.includes(word))).toEqual([]);
  expect(never.filter((word) => words.includes(word))).toEqual([]);
  // What no group filled leaves no trace.
  expect(words).not.toMatch(/ \(\s*\)|\$\d|\[\[/);
});

test('every message has a name of its own', () => {
  expect(messages.length).toBeGreaterThan(90);
  expect(new Set(messages.map(({ name }) => name)).size).toBe(messages.length);
});

/** Logs that mislead: what is said first, or loudest, is not what is wrong. */
test.each([
  ['accepted_then_attach', 'libbpf-tracepoint', 'sched_process_execc'],
  ['btf_noise', 'map-ringbuf', '5.8'],
  ['compile_and_verifier', 'no-return-value', 'returns nothing'],
  ['elided', 'scalar-dereference', 'only a number'],
  ['elided2', 'packet-bounds', 'may end before'],
  ['eperm_tracefs', 'tracefs-denied', 'sudo'],
  ['go_headline_plus_truncated', 'packet-bounds', 'data_end'],
  ['go_two_progs', 'null-map-value', 'NULL'],
  ['memlock_map', 'map-eperm', 'RLIMIT_MEMLOCK'],
  ['noise1', 'misaligned', 'not a multiple of its size'],
  ['noise_klog', 'packet-bounds', 'offset 12'],
  ['null_read_first_of_two', 'no-return-value', 'returns nothing'],
  ['retry_nobtf', 'libbpf-attach-target', 'do_x'],
  ['stack_clang_nodbg', 'clang-stack', '512 bytes'],
  ['store_scalar', 'scalar-dereference', 'writes through'],
])('%s', (name, rule, word) => {
  const { message, ...document } = explain(readLog(name));
  expect(document).toMatchObject({ recognised: true, rule });
  expect(`${message.text} ${message.help}`).toContain(word);
});

test('what follows a gap has no line of what came before it', () => {
  for (const name of ['elided', 'elided2']) expect(explain(readLog(name)).message.location).toBeUndefined();
});

test('a program that was loaded is not said to be refused', () => {
  const said = explain("libbpf: prog 'p': failed to attach to moon: the phase is wrong\n").message;
  expect(said.text).toMatch(/^The program was loaded, but not attached\./);
  expect(explain("libbpf: prog 'p': the moon is in the wrong phase\n").message.text).not.toContain('not loaded');
});

test('what libbpf does without is no failure', () => {
  const said = explain(
    "libbpf: Error in bpf_create_map_xattr(m):Invalid argument(-22). Retrying without BTF.\nlibbpf: map 'm': created successfully, fd=3\n",
  );
  expect(said).toMatchObject({
    recognised: false,
    message: { text: expect.stringContaining('nothing that is wrong') },
  });
});

test('what comes first in the text decides, whatever the order of the tables; a limit that could not be raised does not hide a failure', () => {
  const rlimit = 'libbpf: Failed to bump RLIMIT_MEMLOCK (err = -1), you might need to do it explicitly!\n';
  const pin = 'libbpf: specified path /opt/x is not on BPF FS\n';
  const target = "libbpf: prog 'p': failed to find kernel BTF type ID of 'do_x': -3\n";
  const map = "libbpf: map 'm': failed to create: Argument list too long(-7)\n";
  expect(explain(pin + target).rule).toBe('pin-enoent');
  expect(explain(target + pin).rule).toBe('libbpf-attach-target');
  expect(explain(rlimit + map).rule).toBe('map-e2big');
  expect(explain(rlimit).rule).toBe('memlock');
});

test('what a tool found a way around comes after what stopped it', () => {
  const way = 'loading bpf object: map a: map create: cannot allocate memory, falling back to the old one\n';
  const end = 'attaching kprobe: map b: map create: argument list too long\n';
  expect(explain(way + end).rule).toBe('map-e2big');
  expect(explain(way).rule).toBe('map-enomem');
});

test.each([
  ["libbpf: prog 'p': failed to create kprobe 'f' perf event: Bad address", 'attach-other', 'dmesg'],
  ["libbpf: prog 'p': failed to attach to raw tracepoint 'x': Argument list too long", 'attach-full', '64 programs'],
  ["Couldn't attach XDP program on iface 'eth0': Input/output error(-5)", 'xdp-other', 'ethtool'],
  ['RTNETLINK answers: Input/output error', 'attach-tc-other', 'tc qdisc show'],
  ['attaching tcx program to eth0: numerical result out of range', 'attach-full', 'tcx'],
  ['libbpf: failed to attach struct_ops: Input/output error', 'attach-other', 'bpftool link show'],
  ["libbpf: map 'm': failed to create: File exists(-17)", 'map-other', 'strace'],
  ['bpf_map_update_elem() failed: Bad address', 'map-update-other', 'bpftool map'],
  ['create_probe_event: open(/sys/kernel/tracing/kprobe_events): Read-only file system', 'tracefs-other', 'lockdown'],
  ['create_probe_event: open(/sys/kernel/tracing/kprobe_events): Input/output error', 'tracefs-other', 'error_log'],
  ['libbpf: failed to open perf buffer event on cpu #0: Invalid argument', 'perf-buffer-other', 'power of two'],
  ["libbpf: failed to pin map 'm': Bad file descriptor", 'pin-other', 'mount | grep bpf'],
  ["libbpf: Error loading .BTF into kernel: -17. BTF is mandatory, can't proceed.", 'btf-load-other', '4.18'],
  ["libbpf: prog 'p': BPF program load failed: Input/output error", 'load-other', 'strace'],
  ['cannot set the eBPF thing up: invalid argument', 'error-einval', 'older'],
  ['cannot set the eBPF thing up: permission denied', 'error-eacces', 'verifier'],
  ['cannot set the eBPF thing up: no such device', 'error-enoent', 'not there'],
  ['cannot set the eBPF thing up: device or resource busy', 'error-ebusy', 'in use'],
  ['cannot set the eBPF thing up: cannot allocate memory', 'error-enomem', 'memory.max'],
])('where no cause is written for the error: %s', (text, rule, word) => {
  const { message, ...document } = explain(text);
  expect(document).toMatchObject({ recognised: true, rule });
  expect(`${message.text} ${message.help}`).toContain(word);
});

test('how a command ended is no error of the kernel', () => {
  expect(explain('error: could not build the eBPF object: exit status: 1').recognised).toBe(false);
});
