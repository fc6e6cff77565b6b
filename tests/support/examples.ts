/** What shows that an example of a lesson is right, by the ending of its name. */
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { CheckFailure } from '../../grader/verdict/failure.ts';
import { buildGo } from '../../grader/kit/go/go.ts';
import type { ClosableKit } from '../../grader/kit/kit.ts';
import { manifestSchema } from '../../grader/kit/pods/manifest.ts';

type Trial = (kit: ClosableKit, file: string) => Promise<void>;

/** The longest ending first. */
const trials: [ending: string, trial: Trial][] = [
  ['.bpf.c', loads],
  [
    '.c',
    async (kit, file) => {
      await makeSkeleton(kit, file);
      const flags = ['-O2', '-Wall', '-Wextra', '-Werror', `-I${skeletons}`];
      await succeeds(kit, ['gcc', ...flags, '-o', '/tmp/example', file, '-lbpf', '-lpthread']);
    },
  ],
  ['.bt', (kit, file) => succeeds(kit, ['bpftrace', '--dry-run', file])],
  ['.py', endsWell],
  ['.sh', (kit, file) => succeeds(kit, ['bash', file])],
  [
    '.go',
    async (kit, file) => {
      const source = kit.submission.sources.get(file)!;
      await buildGo(kit.machine, '/tmp', file.replace(/\.go$/, ''), source, 'main.main');
    },
  ],
  ['.yaml', isManifest],
  ['.h', async () => {}],
];

/** Rejects with what is wrong with it. `kit`: of a submission that is all examples of the chapter. */
export async function tryExample(kit: ClosableKit, file: string): Promise<void> {
  const trial = trials.find(([ending]) => file.endsWith(ending))?.[1];
  if (!trial)
    throw new Error(`${file}: nobody knows how to try a file of this kind; say it in tests/support/examples.ts`);
  await trial(kit, file);
}

/** A lesson may show what the verifier refuses, and what the verifier takes but the grader does not: programs that reach into others. */
async function loads(kit: ClosableKit, file: string): Promise<void> {
  const outcome = await kit
    .program(file)
    .load()
    .then(
      ({ programs }) => (programs.length > 0 ? 'loaded' : 'has no program'),
      (error: unknown) => {
        if (!(error instanceof CheckFailure)) throw error;
        return error.message.includes("the grader's own processes are among them") ? 'loaded' : error.message;
      },
    );
  if (file.startsWith('refused-')) assert.notEqual(outcome, 'loaded');
  else assert.equal(outcome, 'loaded');
}

/** A lesson may show what Kubernetes refuses. */
async function isManifest(kit: ClosableKit, file: string): Promise<void> {
  const { success } = manifestSchema.safeParse(podOf(parse(kit.submission.sources.get(file)!)));
  assert.equal(success, !file.startsWith('refused-'));
}

const skeletons = '/tmp/skeletons';

/** A loader that includes <name>.skel.h finds there what bpftool makes of <name>.bpf.c. */
async function makeSkeleton(kit: ClosableKit, file: string): Promise<void> {
  const name = /^#include "([\w-]+)\.skel\.h"/m.exec(kit.submission.sources.get(file)!)?.[1];
  if (name === undefined) return;
  const object = await kit.program(`${name}.bpf.c`).compile();
  const command = `mkdir -p ${skeletons} && bpftool gen skeleton ${object} name ${name} >${skeletons}/${name}.skel.h`;
  const { code, stderr } = await kit.machine.run(['bash', '-c', command]);
  assert.equal(code, 0, stderr);
}

/** A Pod itself; of what makes pods (Job, DaemonSet, Deployment), the pod that it makes. */
function podOf(manifest: {
  kind: string;
  metadata: object;
  spec: { template?: { metadata?: object; spec: object } };
}): unknown {
  const { template } = manifest.spec;
  return template
    ? { apiVersion: 'v1', kind: 'Pod', metadata: { ...manifest.metadata, ...template.metadata }, spec: template.spec }
    : manifest;
}

async function succeeds(kit: ClosableKit, argv: string[]): Promise<void> {
  await kit.submitted(argv.find((word) => /\.(c|bt|sh)$/.test(word))!);
  const { code, stderr } = await kit.machine.run(argv, { cwd: '/work/submission', timeoutMs: 60_000 });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
}

/** By itself, or at Ctrl-C when it has attached its programs: earlier, Ctrl-C would meet the compiler in the middle. */
async function endsWell(kit: ClosableKit, file: string): Promise<void> {
  await kit.submitted(file);
  const process = kit.machine.start(['sh', '-c', 'echo $$; exec python3 "$1"', 'sh', file], {
    cwd: '/work/submission',
    timeoutMs: 240_000,
  });
  const pid = await process.line();
  await kit.machine.run([kit.toolkit.attached, pid!], { timeoutMs: 240_000 });
  process.signal(2);
  const { code, stderr } = await process.done;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
}
