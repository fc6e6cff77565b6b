import { describe, expect, test } from 'vitest';
import { CheckFailure } from '../../grader/verdict/failure.ts';
import { Loader } from '../../grader/kit/guest/loader.ts';
import { Processes, readPerformed, type Action } from '../../grader/kit/processes/processes.ts';
import type { Machine, Running } from '../../grader/machine/machine.ts';

/** A loader that says what it is told to say. */
function saying(...lines: (string | null)[]): Loader {
  const running = {
    write() {},
    end() {},
    signal() {},
    line: async () => lines.shift() ?? null,
    done: Promise.resolve({ code: -1, signal: 11, stderr: '' }),
  } as unknown as Running;
  const machine = { info: { kernel: '6.12.1' }, start: () => running };
  return new Loader(machine as unknown as Machine, '/loader');
}

describe("the loader's answers", () => {
  test('text comes back as the UTF-8 that it was', async () => {
    const reply = await saying(
      '{"ok":false,"errno":13,"message":"no","libbpf":"","program":"p","log":"gr\\u00c3\\u00bc\\u00c3\\u009fe \\u00ff"}',
    ).ask('load');
    expect(reply).toMatchObject({ ok: false, log: 'grüße \ufffd' });
  });

  test('values of all CPUs and of one look alike', async () => {
    const loader = saying('{"ok":true,"entries":[["01","ff"],["02",["0a","0b"]]],"truncated":false}');
    expect(await loader.ask('entries', 'm')).toMatchObject({
      entries: [
        [Uint8Array.of(1), [Uint8Array.of(255)]],
        [Uint8Array.of(2), [Uint8Array.of(10), Uint8Array.of(11)]],
      ],
    });
  });

  test.each([
    ['not JSON', 'hello', 'not JSON'],
    ['another shape', '{"ok":true}', 'out of shape'],
    [
      'a program without a type',
      '{"ok":true,"license":"","maps":[],"programs":[{"name":"a","section":"b","autoload":true}]}',
      'out of shape',
    ],
  ])('%s is an error of the machine', async (_, line, message) => {
    await expect(saying(line).ask('open', '/o')).rejects.toThrow(message);
  });

  test('names and numbers are the learner’s: long ones and many are no trouble of ours', async () => {
    const one = `{"name":"a","section":"${'x'.repeat(3000)}","type":"c","autoload":true}`;
    const reply = await saying(`{"ok":true,"license":"","maps":[],"programs":[${Array(500).fill(one).join()}]}`).ask(
      'open',
      '/o',
    );
    expect(reply).toMatchObject({ ok: true, programs: { length: 500 } });
  });

  test("an object that makes libbpf crash is the submission's fault; any other end is not", async () => {
    await expect(saying(null).ask('load')).rejects.toMatchObject({
      constructor: CheckFailure,
      message: expect.stringContaining('signal 11'),
    });
    await expect(saying(null).ask('detach')).rejects.not.toBeInstanceOf(CheckFailure);
  });

  test('a command cannot hold a second one', async () => {
    await expect(saying('{"ok":true}').ask('open', '/o\nquit')).rejects.toThrow('Not a command');
  });
});

describe('what the actor is told', () => {
  /** The plan as it arrives on the machine. */
  async function told(action: Action): Promise<string> {
    let plan = '';
    const machine = {
      run: async (_: unknown, { input }: { input: string }) => ((plan = input), { code: 1, stderr: '' }),
    } as unknown as Machine;
    await new Processes(machine, '/actor').perform([action]).catch(() => {});
    return plan;
  }

  test.each<[Action, string]>([
    [{ action: 'exec', name: 'a', path: '/b c', as: { uid: 7, gid: 8 } }, 'as 7 8 exec a /b c\n'],
    [{ action: 'fork', as: { uid: 7, gid: 8 } }, 'as 7 8 fork\n'],
    [{ action: 'kill', target: 9_000_000, signal: 5 }, 'kill 9000000 5\n'],
    [
      {
        action: 'together',
        threads: [
          { cpu: 0, calls: 3 },
          { cpu: 1, calls: 4 },
        ],
      },
      'together 0:3 1:4\n',
    ],
    [{ action: 'call', times: 3, call: 'tgkill', args: [1, -2, 0] }, 'call 3 tgkill 1 -2 0\n'],
    [{ action: 'sweep', first: 70_000, users: 9, call: 'getppid', args: [] }, 'sweep 70000 9 getppid\n'],
    [
      {
        action: 'storm',
        threads: [
          { cpu: 0, calls: 3 },
          { cpu: 1, calls: 4 },
        ],
        call: 'kill',
        args: [9_000_000, 5],
        as: { uid: 7, gid: 8 },
      },
      'as 7 8 storm 0:3,1:4 kill 9000000 5\n',
    ],
  ])('%j is one line', async (action, line) => {
    expect(await told(action)).toBe(line);
  });
});

describe("the actor's report", () => {
  const plan: Action[] = [{ action: 'fork' }, { action: 'getpid' }];
  const fork = '{"pid":7,"process":7,"code":0,"errno":0,"action":"fork"}\n';

  test('is paired with the plan', () => {
    expect(readPerformed(plan, `${fork}{"pid":6,"process":6,"code":0,"errno":0,"action":"getpid"}\n`)).toEqual([
      { action: 'fork', pid: 7, process: 7, code: 0, errno: 0 },
      { action: 'getpid', pid: 6, process: 6, code: 0, errno: 0 },
    ]);
  });

  test.each([
    ['too short', fork, '1 of 2'],
    ['too long', fork.repeat(3), '3 of 2'],
    ['out of order', fork.repeat(2), "'fork' where the plan says 'getpid'"],
    ['with an impossible pid', fork.replace('7', '-7') + fork, 'out of shape'],
  ])('%s is refused', (_, stdout, message) => {
    expect(() => readPerformed(plan, stdout)).toThrow(message);
  });
});
