/** The learner's pod, really run: the shop starts programs, others on the machine do, too, and the sidecar says what it sees. */
import {
  type Action,
  CheckFailure,
  evidence,
  type Kit,
  LineTimeout,
  type Manifest,
  Pod,
  printed,
  quote,
  readManifest,
  type Running,
  type RunningContainer,
} from '#kit';
import { imageName, makeImage } from './image.ts';

export interface Seen {
  /** What the shop started, in order. */
  started: string[];
  /** What the sidecar printed of it, and of anything else. */
  reported: string[];
  /** What the sidecar said before 'ready', or in its place. */
  complaint: string;
  ready: boolean;
}

const patienceMs = 30_000;

export const file = 'pod.yaml';

export function manifestOf(kit: Kit): Manifest {
  const manifest = readManifest(file, kit.submission.sources.get(file) ?? '');
  const { containers } = manifest.spec;
  if (
    containers
      .map(({ name }) => name)
      .sort()
      .join() !== 'execsnoop,shop'
  )
    throw new CheckFailure({
      text: 'The pod has other containers than the task asks for.',
      expected: 'Two containers, shop and execsnoop.',
      actual: containers.map(({ name }) => quote(name, 70)).join(', '),
      help: 'Keep the names of the starter.',
    });
  for (const { name, image, command, args } of containers)
    if (image !== imageName || command?.join(' ') !== `/bin/${name}` || args?.length)
      throw new CheckFailure({
        text: `The container ${name} runs something else than the task asks for.`,
        expected: `The image ${imageName} with the command ["/bin/${name}"].`,
        actual: `The image ${quote(image, 100)} with the command ${quote(JSON.stringify(command ?? []), 200)}.`,
        help: 'Keep image and command of the starter: what is to change is around them.',
      });
  return manifest;
}

interface Playing {
  pod: Pod;
  shop: RunningContainer;
  sidecar: RunningContainer;
  names: string[];
}

export const played = evidence(async (kit): Promise<Playing> => {
  const manifest = manifestOf(kit);
  const folder = `${kit.folder}/pods`;
  const names = kit.random.several(4, 7, () => kit.random.name(kit.random.int(4, 15)));
  const pod = await Pod.play(kit.machine, folder, await makeImage(kit, folder, [...new Set(names)]), manifest);
  const find = (name: string) => pod.containers.find((container) => container.name === name)!;
  return { pod, shop: find('shop'), sidecar: find('execsnoop'), names };
});

export const seen = evidence(async (kit): Promise<Seen> => {
  const { pod, shop, sidecar, names } = await played(kit);
  const log = pod.follow(sidecar);
  const first = await nextPrinted(log);
  const reported: string[] = [];
  const report = async () => {
    const line = await nextPrinted(log);
    return line === undefined ? undefined : (/^[1-9]\d* (.*)$/.exec(line)?.[1] ?? line);
  };
  if (first === 'ready') {
    await order(kit, shop, names.slice(0, 1));
    // podman starts the containers in any order: if the sidecar comes first, it sees the start of the shop as well, and
    // rightly so. What counts begins with the first order.
    let name = await report();
    while (name !== undefined && name !== names[0]) name = await report();
    if (name !== undefined) reported.push(name);
    await startOthers(kit);
    await order(kit, shop, names.slice(1));
    while (name !== undefined && reported.length < names.length)
      if ((name = await report()) !== undefined) reported.push(name);
  }
  log.signal(9);
  // A guest is thrown away with all its pods.
  if (kit.machine.info.kind === 'host') await pod.end();
  return { started: names, reported, ready: first === 'ready', complaint: first === 'ready' ? '' : (first ?? '') };
});

/** Has the shop start these, one after the other. */
async function order({ machine }: Kit, shop: RunningContainer, names: readonly string[]): Promise<void> {
  const { code, stderr } = await machine.run(['sh', '-c', 'cat >"/proc/$1/root/orders"', 'sh', String(shop.pid)], {
    input: names.map((name) => `${name}\n`).join(''),
  });
  if (code !== 0) throw new Error(`The shop takes no orders: ${stderr.slice(0, 500)}`);
}

/** Starts programs on the machine, outside of the pod: the sidecar must not see them. */
async function startOthers({ random, folder, processes }: Kit): Promise<void> {
  const paths = random.several(2, 4, () => `${folder}/${random.name()}`);
  await processes.perform(
    paths.flatMap((path): Action[] => [
      { action: 'link', target: '/bin/true', path },
      { action: 'exec', name: 'other', path },
    ]),
  );
}

async function nextPrinted(log: Running): Promise<string | undefined> {
  try {
    for (;;) {
      const line = await log.line(patienceMs);
      const text = line === null ? undefined : printed(line);
      if (text !== null) return text;
    }
  } catch (error) {
    if (error instanceof LineTimeout) return undefined;
    throw error;
  }
}
