/** A file with many ways to it, files that look like it, and two cgroups; one of them is denied the one file. */
import { type Attempt, CheckFailure, type Kit, quote, Scene, type Tried, type Verb } from '#kit';

interface Try extends Attempt {
  /** Of what the attempt speaks, for the learner. */
  what: string;
  /** Whether it is the denied file. */
  denied: boolean;
  /** The cgroup that the policy names at that time; none if the policy names another file, or a cgroup that is not there. */
  closed: number | null;
  /** The command, if it is no opening of the file. */
  use?: string;
}

/** What it is, the folder to be in, and the path from there ('.': from the scene's folder). */
type Way = [what: string, from: string, path: string];

export type Opening = Tried<Try>;

const inside = 0;
const outside = 1;
const eperm = 1;
const enoexec = 8;
/** Root, nobody, and one whose number needs more than 16 bits. */
const users = [0, 65_534, 200_017];
/** One process opens the file so often. */
const turns = Array.from({ length: 100 }, (_, i) => i + 1);

export async function openFiles(kit: Kit): Promise<Opening[]> {
  const { random, machine, toolkit } = kit;
  const map = await policyMap(kit);
  const folder = `${kit.folder}/${random.name()}`;
  const [here, there, sub, name, hard, soft, bound, boundFile, neighbour, spare, again, link] = distinct(random, 12);
  const told = `${folder}/${again}.txt`;
  const uses = [`stat ${name}`, `chmod 777 ${name}`, `ln ${name} ${link}`, `mv ${link} ${link}x`, `rm ${link}x`];
  // Two fresh file systems count their inodes alike: what is made in the same order has the same number.
  const scene = await Scene.build(machine, toolkit.access, folder, {
    build: [
      `for fs in ${here} ${there}; do mkdir $fs; mount -t tmpfs -o mode=755 tmpfs $fs; mkdir $fs/${sub}`,
      `for file in ${name} ${neighbour} ${spare}; do cp /bin/true $fs/$file; chmod 777 $fs/$file; done; cp /bin/true $fs/${sub}/${name}; chmod 777 $fs/${sub}/${name}; done`,
      `ln ${here}/${name} ${here}/${sub}/${hard}; ln -s ../${here}/${name} ${there}/${soft}`,
      `mkdir ${bound}; mount --bind ${here} ${bound}; touch ${boundFile}; mount --bind ${here}/${name} ${boundFile}`,
      // A program that opens the file several times, and goes on.
      `echo '#!/bin/sh' >${again}; echo 'for turn in ${turns.join(' ')}; do if true 2>/dev/null <${folder}/${here}/${name}; then echo $turn 0; else echo $turn 1; fi; done >>${told}' >>${again}`,
      // And one that only talks about it.
      `echo '#!/bin/sh' >${again}x; echo 'cd ${folder}/${here}; for use in ${uses.map((use) => `"${use}"`).join(' ')}; do $use >/dev/null 2>&1; echo $?; done >${told}x' >>${again}x`,
      `chmod 755 ${again} ${again}x; touch ${told}; chmod 666 ${told}`,
    ].join('\n'),
    files: [`${here}/${name}`, `${there}/${name}`],
    cgroups: distinct(random, 2),
  });
  const [target, twin] = scene.files;
  if (target!.inode !== twin!.inode || target!.device === twin!.device)
    throw new Error(`The two file systems should number their files alike: ${target!.inode} and ${twin!.inode}.`);
  const policy = (changes: { inode?: bigint; device?: bigint; cgroup?: bigint } = {}) => {
    const { inode, device, cgroup } = { ...target!, cgroup: scene.cgroups[inside]!, ...changes };
    return map.update(new Uint8Array(4), policyBytes(inode, device, cgroup));
  };

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
  const verbs: Verb[] = ['read', 'write', 'both', 'append', 'create', 'thread-read', 'thread-write', 'exec'];
  const attempt = (
    cgroup: number,
    [what, from, path]: Way,
    verb: Verb,
    { uid = random.pick(users), closed = inside as number | null } = {},
  ): Try => ({
    what,
    closed,
    denied: cgroup === closed && ways.some(([way]) => way === what),
    verb,
    cgroup,
    uid,
    folder: `${folder}/${from}`,
    path: from === '.' ? `${folder}/${path}` : path,
  });
  const everyVerb = (cgroup: number, way: Way) =>
    users.flatMap((uid) => verbs.map((verb) => attempt(cgroup, way, verb, { uid })));
  const emptied: Way = ['a file that is emptied', '.', `${here}/${spare}`];

  await policy();
  const performed = await scene.perform([
    // By root, whom no permission bits stop: the answer is the program's.
    attempt(inside, ways[0]!, 'read', { uid: 0 }),
    ...random.shuffle([
      ...[inside, outside].flatMap((cgroup) => everyVerb(cgroup, ways[0]!)),
      ...users.map((uid) => attempt(inside, ways[0]!, 'truncate', { uid })),
      ...[inside, outside].map((cgroup) => attempt(cgroup, emptied, 'truncate')),
      ...ways.slice(1).flatMap((way) => verbs.map((verb) => attempt(inside, way, verb))),
      ...others.flatMap((way) => verbs.map((verb) => attempt(inside, way, verb))),
      ...[...ways, ...others].flatMap((way) =>
        random
          .shuffle(verbs)
          .slice(0, 3)
          .map((verb) => attempt(outside, way, verb)),
      ),
    ]),
  ]);
  // Once a process has emptied the file, there is no program to start. That it could is what failed.
  const tried = performed.map((one) => ({ ...one, errno: one.errno === enoexec ? 0 : one.errno }));
  const repeating: Way = ['a program that opens the file several times', '.', again!];
  const started = await scene.perform(users.map((uid) => attempt(inside, repeating, 'exec', { uid })));
  const { stdout } = await machine.run(['cat', told]);
  const lines = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number));
  // What else it opens, its shell and what it writes to, is no file of the policy.
  const stopped = lines.length < users.length * turns.length;
  tried.push(
    ...started.map((one) => ({ ...one, errno: one.errno || (stopped ? eperm : 0) })),
    ...lines.map(([turn, errno], i) => ({
      ...attempt(inside, ways[0]!, 'read', { uid: users[Math.floor(i / turns.length)]! }),
      what: `the file, for the ${turn === 1 ? 'first' : 'second or a later'} time by the same process`,
      denied: true,
      errno: errno ? eperm : 0,
    })),
  );
  const user: Way = ['a program that does not open the file', '.', `${again}x`];
  tried.push(...(await scene.perform([attempt(inside, user, 'exec', { uid: 0 })])));
  const used = (await machine.run(['cat', `${told}x`])).stdout.split('\n');
  tried.push(
    ...uses.map((use, i) => ({
      ...attempt(inside, user, 'exec', { uid: 0 }),
      use,
      errno: used[i] === '0' ? 0 : eperm,
    })),
  );
  // Another policy for the same program, which has to look at it each time.
  const look = (closed: number | null) =>
    scene.perform([inside, outside].map((cgroup) => attempt(cgroup, ways[0]!, 'read', { closed })));
  const high = 1n << 32n;
  await policy({ cgroup: scene.cgroups[outside]! });
  tried.push(...(await look(outside)));
  for (const change of [
    { inode: target!.inode + high },
    { inode: target!.inode + 1n },
    { device: target!.device + high },
    { device: target!.device + (1n << 20n) }, // the major number
    { cgroup: scene.cgroups[inside]! + high },
  ]) {
    await policy(change);
    tried.push(...(await look(null)));
  }
  await scene.end();
  return tried;
}

/** The policy names the process's cgroup: what is denied then is for the file to say. */
export function isInside({ cgroup, closed }: Opening): boolean {
  return closed === null || cgroup === closed;
}

const doing = {
  read: 'Opening it to read',
  write: 'Opening it to write',
  both: 'Opening it to read and write',
  append: 'Opening it to append',
  truncate: 'Opening it to empty it',
  create: 'Opening it, or making it if it were not there,',
  exec: 'Starting it as a program',
};

export function describe({ what, verb, uid, cgroup, closed }: Opening): string {
  const from =
    closed === null
      ? 'while the policy names another file or cgroup'
      : `from ${cgroup === closed ? 'the' : 'another'} cgroup`;
  const [way, threaded] = [verb.replace('thread-', '') as keyof typeof doing, verb.startsWith('thread-')];
  return `${what}, ${from}, as ${uid === 0 ? 'root' : `user ${uid}`}. ${doing[way]}${threaded ? ' in a second thread' : ''}`;
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
