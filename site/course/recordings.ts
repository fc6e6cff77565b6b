/** Recordings of terminal sessions: what to record (content/recordings/<chapter>.yaml) and what was recorded (…/<chapter>/<name>.txt). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { slug } from '../../grader/course/schema.ts';

const step = z.union([
  z.strictObject({ run: z.string() }),
  z.strictObject({ quiet: z.string() }),
  z.strictObject({
    /** A command without pipes that runs until a signal ends it. */
    start: z.string(),
    /** Text of a line of its output that says it is ready; by default it is when it has attached a BPF program and waits. */
    ready: z.string().optional(),
    /** What somebody types in another terminal then. */
    meanwhile: z.string(),
    /** Text of a line that it prints about that; by default it is waited for until it waits again. */
    until: z.string().optional(),
    signal: z.enum(['INT', 'TERM']).default('INT'),
  }),
]);

/** Commands that say their version: what may stand in 'tools'. */
export const tools = {
  bpftool: "bpftool version | sed -n '1s/bpftool v//p'",
  libbpf: "bpftool version | sed -n 's/^using libbpf v//p'",
  clang: 'clang -dumpversion',
  bpftrace: "bpftrace --version | sed 's/bpftrace v//'",
  bcc: "python3 -c 'import bcc; print(bcc.__version__)'",
  python: "python3 --version | sed 's/Python //'",
  gcc: 'gcc -dumpfullversion',
  go: "go version | sed 's/go version go\\([0-9.]*\\).*/\\1/'",
  tcpdump: "tcpdump --version 2>&1 | sed -n 's/^tcpdump version //p'",
  libpcap: "tcpdump --version 2>&1 | sed -n 's/^libpcap version \\([0-9.]*\\).*/\\1/p'",
  iproute2: "ip -V | sed 's/.*iproute2-\\([0-9.]*\\).*/\\1/'",
  podman: "podman --version | sed 's/podman version //'",
  libseccomp: "dpkg-query -W -f '${Version}' libseccomp2",
} as const;

const sessionSchema = z.strictObject({
  /** Examples of the chapter that are compiled, loaded and attached first; pinned at /sys/fs/bpf/<name>. */
  attach: z.array(z.string()).default([]),
  /** Examples that are loaded, and pinned there, but not attached. */
  load: z.array(z.string()).default([]),
  /** Examples that are only compiled, to <name>.bpf.o. */
  objects: z.array(z.string()).default([]),
  /** C programs that are compiled, to <name>. */
  build: z.array(z.string()).default([]),
  /** Go programs that are built, to <name>. */
  go: z.array(z.string()).default([]),
  /** Examples that are put beside as they are. */
  files: z.array(z.string()).default([]),
  tools: z.array(z.enum(Object.keys(tools) as (keyof typeof tools)[])).min(1),
  steps: z.array(step).min(1),
});

export type Session = z.infer<typeof sessionSchema>;

const headSchema = z.strictObject({
  /** `uname -r` */
  kernel: z.string(),
  tools: z.record(z.string(), z.string()),
  date: z.iso.date(),
  /** 'sha256:…' of all that it rests on (tests/support/selection.ts): as long as that is the same, it need not be played again. */
  basis: z.string().optional(),
});

export type RecordingHead = z.infer<typeof headSchema>;
export type Recording = RecordingHead & { text: string };

/** The sessions of a chapter, by name. Throws what is wrong with the file. */
export async function readSessions(root: string, chapter: string): Promise<Record<string, Session>> {
  return z
    .record(slug, sessionSchema)
    .parse(parse(await readFile(join(root, 'content/recordings', `${chapter}.yaml`), 'utf8')));
}

export function recordingFile(root: string, id: string): string {
  return join(root, 'content/recordings', `${id}.txt`);
}

/** A recording by its id, '<chapter>/<name>'. Throws if there is none, or it says nothing of where it was made. */
export async function readRecording(root: string, id: string): Promise<Recording> {
  const text = await readFile(recordingFile(root, id), 'utf8').catch(() => {
    throw new Error(
      `There is no recording ${id}: content/recordings/${id}.txt is missing. Add the session to content/recordings/${id.split('/')[0]}.yaml, then: npm run record`,
    );
  });
  const [, head, body] = /^---\n([^]*?)---\n([^]*)$/.exec(text) ?? [];
  if (head === undefined) throw new Error(`content/recordings/${id}.txt: has no head with kernel, tools and date`);
  return { ...headSchema.parse(parse(head)), text: body! };
}

export function writtenRecording({ text, ...head }: Recording): string {
  return `---\n${stringify(head)}---\n${text}`;
}
