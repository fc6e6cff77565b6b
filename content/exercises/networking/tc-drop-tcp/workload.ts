/** The same frames sent twice to a host: before a program is attached to its device, and after. */
import { dirname } from 'node:path/posix';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Pair } from '../../../../grader/checks/net.ts';
import { runTc } from '../../../../grader/checks/tc.ts';
import { type Frame, type Passage, trace, Traffic } from '../../../../grader/checks/traffic.ts';
import type { RunResult } from '../../../../grader/machine/machine.ts';

export const program = 'drop.bpf.c';
export const commands = 'attach.tc';

export interface Crossing {
  tcp: Passage[];
  others: Passage[];
}

/** Attached by the grader, as it must be: what is judged is the program alone. */
export async function sendThroughProgram(kit: Kit): Promise<Crossing> {
  const drop = await kit.program(program).only('sched_cls');
  return cross(kit, await kit.net.pair(), (pair) => pair.attach('tc', drop));
}

export interface Commanded {
  result: RunResult;
  /** Null if the commands failed. */
  crossing: Crossing | null;
}

/** Attached by the learner's own commands. */
export async function sendThroughCommands(kit: Kit): Promise<Commanded> {
  const [object, batch] = [await kit.program(program).compile(), await kit.submitted(commands)];
  const pair = await kit.net.pair();
  let result: RunResult | undefined;
  const crossing = await cross(kit, pair, async () => {
    result = await runTc(kit.machine, pair, batch, dirname(object));
  });
  return { result: result!, crossing: result!.code === 0 ? crossing : null };
}

async function cross({ random }: Kit, pair: Pair, attach: (pair: Pair) => Promise<void>): Promise<Crossing> {
  const traffic = new Traffic(random, pair.left, pair.right);
  const several = (make: () => Frame) => random.several(3, 6, make);
  const tcp = [() => traffic.ipv4('TCP'), () => traffic.ipv4WithOptions('TCP')].flatMap(several);
  const others = [
    () => traffic.ipv4('UDP'), () => traffic.ipv4WithOptions('UDP'), () => traffic.ipv4('ICMP'), () => traffic.ipv4Other(),
    () => traffic.arp(), () => traffic.ipv6('UDP'), () => traffic.experiment(),
  ].flatMap(several);
  const all = random.shuffle([...tcp, ...others]);
  const send = async () => trace(all, (await pair.send(all.map(({ bytes }) => bytes))).arrived);

  const lost = (await send()).find(({ intact }) => intact === 0);
  if (lost) throw new Error(`The wire lost a frame by itself: ${lost.frame.what}.`);
  await attach(pair);
  const passages = new Map((await send()).map((passage) => [passage.frame, passage]));
  const of = (frames: Frame[]) => frames.map((frame) => passages.get(frame)!);
  return { tcp: of(tcp), others: of(others) };
}
