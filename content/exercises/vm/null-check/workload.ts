/**
 * Some signals are in the map, with a count from before; these and others are sent, to processes that do not exist, by root and others,
 * among calls of other system calls that send the same.
 */
import { type Action, type Kit, noProcess, type Program, readU32, readU64, u32, u64 } from '#kit';

export interface Sent {
  /** `more`: others may send the same meanwhile. */
  listed: { signal: number; before: bigint; times: number; more?: boolean }[];
  /** What the map says afterwards. */
  rows: Map<number, bigint>;
}

export async function sendSignals({ random, processes }: Kit, program: Program): Promise<Sent> {
  // Numbers that nobody else sends: the kernel looks for the process first, and never at the signal. The last real signals, small numbers, such as need more than
  // 16 bits and share the lower of those with a small one, large ones, and such as are negative for who takes them for an int.
  const small = random.int(1_000, 60_000);
  const firsts = [
    small,
    small + 2 ** 16 * random.int(1, 16),
    random.int(2 ** 30, 2 ** 31 - 100),
    2 ** 32 - random.int(9, 1000),
    57,
  ];
  const blocks = firsts.map((first) => random.shuffle(Array.from({ length: 8 }, (_, index) => first + index)));
  // Nothing yet, counts that grow beyond 32 bits and to 64, and others.
  const counts = random.shuffle([
    0n,
    0n,
    2n ** 32n - 1n,
    2n ** 32n - 2n,
    2n ** 63n - 1n,
    ...random.several(15, 15, () => BigInt(random.int(1, 1000))),
  ]);
  // Of each block the last is not sent, and keeps its count.
  const listed: Sent['listed'] = blocks
    .flatMap((block) => block.slice(0, 4).map((signal, index) => ({ signal, sent: index < 3 })))
    .map(({ signal, sent }, index) => ({ signal, before: counts[index]!, times: sent ? random.int(2, 6) : 0 }));
  // Signal 0, which only asks whether the process is there, is sent by others as well.
  listed.push({ signal: 0, before: BigInt(random.int(1, 1000)), times: random.int(3, 6), more: true });
  const unlisted = blocks.flatMap((block) => block.slice(4, random.int(6, 8)));

  const user = () => random.int(1, 2 ** 32 - 2);
  const performers: (() => Pick<Extract<Action, { action: 'call' }>, 'as' | 'threaded'>)[] = [
    () => ({}),
    () => ({}),
    () => ({ threaded: true }),
    () => ({ as: { uid: user(), gid: user() } }),
  ];
  const call = (name: 'kill' | 'tkill' | 'tgkill', ...args: number[]): Action => ({
    action: 'call',
    times: 1,
    call: name,
    args,
    ...random.pick(performers)(),
  });
  const nobody = () => random.int(noProcess, 2 ** 31 - 1);
  const kill = (signal: number) => call('kill', nobody() * random.pick([1, 1, -1]), signal);
  const others = listed.slice(0, 4).flatMap(({ signal }) => [
    call('tkill', nobody(), signal),
    call('tgkill', nobody(), nobody(), signal),
    // A kill whose process has the number of a signal.
    ...(signal >= noProcess && signal < 2 ** 31 ? [call('kill', signal, unlisted[0]!)] : []),
  ]);

  const map = await program.map('watched');
  for (const { signal, before } of listed) await map.update(u32(signal), u64(before));
  await program.attach();
  const performed = await processes.perform(
    random.shuffle([
      ...listed.flatMap(({ signal, times }) => Array.from({ length: times }, () => kill(signal))),
      ...unlisted.flatMap((signal) => random.several(1, 3, () => kill(signal))),
      ...others,
    ]),
  );
  const expected = [3, 22]; // ESRCH; EINVAL of tkill and tgkill, which look at the signal
  const odd = performed.find(({ errno }) => !expected.includes(errno));
  if (odd) throw new Error(`The workload did not happen as planned: ${JSON.stringify(odd)}`);
  const entries = await map.entries();
  return { listed, rows: new Map(entries.map(([key, [value]]) => [readU32(key), readU64(value!)])) };
}
