/** What the gate says, as events. */
import { describe, expect, test } from 'vitest';
import { Gated } from '../../grader/kit/guest/gate.ts';
import type { Toolkit } from '../../grader/kit/guest/toolkit.ts';
import { LineTimeout, type Machine } from '../../grader/machine/machine.ts';

function saying(lines: (string | null)[], result: { code: number; signal: number } = { code: 0, signal: 0 }) {
  const written: string[] = [];
  let argv: readonly string[] = [];
  const machine = {
    start: (command: readonly string[]) => {
      argv = command;
      return {
        line: async () => {
          const line = lines.shift() ?? null;
          if (line === 'late') throw new LineTimeout();
          return line;
        },
        write: (text: string) => written.push(text),
        signal: () => {},
        done: Promise.resolve({ ...result, stdout: '', stderr: 'words\n' }),
      };
    },
  } as unknown as Machine;
  const gated = new Gated(machine, { gate: '/gate' } as Toolkit, ['/loader', '/object.o'], { capabilities: ['bpf'] });
  return { gated, written, argv };
}

describe('a program behind the gate', () => {
  test('is started as the learner, in namespaces of its own', () => {
    const { argv } = saying([]);
    expect(argv[0]).toBe('unshare');
    expect(argv.join(' ')).toMatch(/\/gate prlimit .* setpriv .*\+bpf.* \/loader \/object\.o$/);
  });

  test('tells what happens in its order, and its end again and again', async () => {
    const { gated, written } = saying(['@writes', '>ready', '>@end 0', '-half', '@quiet', '@end 130']);
    expect(await gated.next()).toEqual({ kind: 'writes' });
    gated.open();
    expect(await gated.next()).toEqual({ kind: 'line', text: 'ready' });
    expect(await gated.next()).toEqual({ kind: 'line', text: '@end 0' });
    expect(await gated.next()).toEqual({ kind: 'line', text: 'half' });
    expect(await gated.next()).toEqual({ kind: 'quiet' });
    gated.interrupt();
    expect(await gated.next()).toEqual({ kind: 'end', code: 130 });
    expect(await gated.next()).toEqual({ kind: 'end', code: 130 });
    expect(written).toEqual(['go\n', 'INT\n']);
    expect(await gated.close()).toBe('words\n');
  });

  test('is busy if it neither sleeps nor says a word', async () => {
    const { gated } = saying(['>ready', 'late', '@end 0']);
    expect(await gated.next()).toEqual({ kind: 'line', text: 'ready' });
    expect(await gated.next()).toEqual({ kind: 'busy' });
    expect(await gated.next()).toEqual({ kind: 'end', code: 0 });
  });

  test('has ended if the gate itself was ended', async () => {
    expect(await saying([], { code: -1, signal: 9 }).gated.next()).toEqual({ kind: 'end', code: 137 });
  });
});
