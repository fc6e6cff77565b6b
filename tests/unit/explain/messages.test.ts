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
