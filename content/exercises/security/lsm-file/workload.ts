/** A file with many ways to it, files that look like it, and two cgroups; one of them is denied the one file. */
import { type Attempt, Scene, type Tried, type Verb } from '../../../../grader/checks/access.ts';
import { quote } from '../../../../grader/checks/expect.ts';
import { CheckFailure } from '../../../../grader/checks/failure.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';

interface Try extends Attempt {
  /** Of what the attempt speaks, for the learner. */
  what: string;
  /** Whether it is the denied file. */
  denied: boolean;
}

/** What it is, the folder to be in, and the path from there ('.': from the scene's folder). */
type Way = [what: string, from: string, path: string];

export type Opening = Tried<Try>;

const inside = 0;
const outside = 1;
const nobody = 65534;

export async function openFiles(kit: Kit): Promise<Opening[]> {
  const { random, machine, toolkit } = kit;
  const map = await policyMap(kit);
  const folder = `${kit.folder}/${random.name()}`;
  const [here, there, sub, name, hard, soft, bound, boundFile, neighbour] = distinct(random, 9);
  // Two fresh file systems count their inodes alike: what is made in the same order has the same number.
  const scene = await Scene.build(machine, toolkit.access, folder, {
    build: [
      `for fs in ${here} ${there}; do mkdir $fs; mount -t tmpfs -o mode=755 tmpfs $fs; mkdir $fs/${sub}`,
      `for file in ${name} ${neighbour}; do cp /bin/true $fs/$file; chmod 777 $fs/$file; done; cp /bin/true $fs/${sub}/${name}; chmod 777 $fs/${sub}/${name}; done`,
      `ln ${here}/${name} ${here}/${sub}/${hard}; ln -s ../${here}/${name} ${there}/${soft}`,
      `mkdir ${bound}; mount --bind ${here} ${bound}; touch ${boundFile}; mount --bind ${here}/${name} ${boundFile}`,
    ].join('\n'),
    files: [`${here}/${name}`, `${there}/${name}`],
    cgroups: distinct(random, 2),
  });
  const [target, twin] = scene.files;
  if (target!.inode !== twin!.inode || target!.device === twin!.device) throw new Error(`The two file systems should number their files alike: ${target!.inode} and ${twin!.inode}.`);
  await map.update(new Uint8Array(4), policyBytes(target!.inode, target!.device, scene.cgroups[inside]!));

  const ways: Way[] = [
    ['the file', '.', `${here}/${name}`],
    ['the file by a hard link with another name', '.', `${here}/${sub}/${hard}`],
    ['the file by a symbolic link', '.', `${there}/${soft}`],
    ['the file below a bind mount of its folder', '.', `${bound}/${name}`],
    ['the file by a bind mount of itself', '.', boundFile!],
    ['the file by a path relative to another folder', `${here}/${sub}`, `../${name}`],
  ];
  const others: Way[] = [
    ['another file in the same folder', '.', `${here}/${neighbour}`],
    ['a file of the same name in another folder', '.', `${here}/${sub}/${name}`],
    ['a file of the same number in another file system', '.', `${there}/${name}`],
  ];
  const verbs: Verb[] = ['read', 'write', 'exec'];
  const attempt = (cgroup: number, denied: boolean, [what, from, path]: Way, verb: Verb, uid = random.pick([0, nobody])): Try => ({
    what, denied, verb, cgroup, uid, folder: `${folder}/${from}`, path: from === '.' ? `${folder}/${path}` : path,
  });
  return scene.perform([
    // By root, whom no permission bits stop: the answer is the program's.
    attempt(inside, true, ways[0]!, 'read', 0),
    ...random.shuffle([
      ...verbs.map((verb) => attempt(inside, true, ways[0]!, verb)),
      ...ways.map((way) => attempt(inside, true, way, random.pick(verbs))),
      ...others.flatMap((way) => verbs.map((verb) => attempt(inside, false, way, verb))),
      ...[...ways, ...others].map((way) => attempt(outside, false, way, random.pick(verbs))),
    ]),
  ]);
}

export function isInside({ cgroup }: Opening): boolean {
  return cgroup === inside;
}

const doing: Record<Verb, string> = { read: 'Opening it to read', write: 'Opening it to write', exec: 'Starting it as a program' };

export function describe({ what, verb, uid, cgroup }: Opening): string {
  return `${what}, from ${cgroup === inside ? 'the' : 'another'} cgroup, as ${uid === 0 ? 'root' : 'another user'}. ${doing[verb]}`;
}

async function policyMap(kit: Kit) {
  const map = await kit.program('deny.bpf.c').map('policy');
  const { type, keySize, valueSize } = map.about;
  if (type !== 'array' || keySize !== 4 || valueSize !== 24)
    throw new CheckFailure({
      text: 'The map policy has another shape than the one that the task gives, so nobody can fill it.',
      expected: 'An array with keys of 4 bytes and values of 24: inode, device and cgroup, 8 bytes each.',
      actual: `${quote(type, 40)} with keys of ${keySize} bytes and values of ${valueSize}.`,
      help: 'Take struct policy and the map policy from the starter as they are.',
    });
  return map;
}

function policyBytes(...numbers: bigint[]): Uint8Array {
  const bytes = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, index) => bytes.writeBigUInt64LE(number, 8 * index));
  return bytes;
}

function distinct(random: Kit['random'], many: number): string[] {
  const names = new Set<string>();
  while (names.size < many) names.add(random.name());
  return [...names];
}
