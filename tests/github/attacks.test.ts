/** What somebody may try, each with what comes of it; the run ends with the table. */
import { afterAll, expect, test } from 'vitest';
import { judge } from '../../grader/verdict/judge.ts';
import { differenceOf } from '../../grader/github/difference.ts';
import { sortChanges } from '../../grader/github/places.ts';
import type { Kit } from '../../grader/kit/kit.ts';
import { makeReport } from '../../grader/report/json.ts';
import { course, fails, judged, machine } from '../unit/github/results.ts';
import { runsOf } from '../unit/verdict/exercises.ts';
import {
  archiveOf,
  baseSha,
  entryOf,
  failing,
  folder,
  headSha,
  hello,
  mergeSha,
  number,
  renamed,
  reportUrl,
  repository,
  Scenario,
} from './scenario.ts';
import { fileOf, pullOf } from './stand-in.ts';
import { rendered } from './rendered.ts';

const outcomes: [string, string][] = [];

/** `outcome` says in a word or two what comes of it; what the attacker wanted must not. */
function attack(name: string, outcome: string, body: (scenario: Scenario) => Promise<void>): void {
  test(`${name}: ${outcome}`, async () => {
    const scenario = await Scenario.make();
    scenario.course = [hello];
    await body(scenario);
    outcomes.push([name, outcome]);
  });
}

afterAll(() => {
  const width = Math.max(...outcomes.map(([name]) => name.length));
  process.stdout.write(`\n${outcomes.map(([name, outcome]) => `  ${name.padEnd(width)}  ${outcome}`).join('\n')}\n`);
});

/** No verdict is posted: at most a neutral answer, with nothing of the results in it. */
async function expectNeutral(scenario: Scenario, kind: 'needs a maintainer' | 'refused', why: RegExp): Promise<void> {
  expect(await scenario.report()).toMatchObject({ kind, why: expect.stringMatching(why) });
  expect(scenario.state.checkRuns).toMatchObject([{ name: 'grade / submissions', conclusion: 'neutral' }]);
  expect(scenario.posted).not.toMatch(/passed|6 of 6/);
}

async function expectStopped(scenario: Scenario): Promise<void> {
  expect(await scenario.report()).toMatchObject({ kind: 'stopped' });
  expect(scenario.standIn.written).toEqual([]);
}

// What the pull request changes.
const submission = `${folder}/hello.bpf.c`;
for (const [what, path, why] of [
  ['changes the workflow that grades it', '.github/workflows/grade.yml', /workflows/],
  ['adds a workflow', '.github/workflows/extra.yml', /workflows/],
  ['changes the grader', 'grader/verdict/judge.ts', /grader/],
  ['changes an exercise', 'content/exercises/programs/hello/exercise.ts', /exercises/],
  ['changes package.json', 'package.json', /outside of submissions\/ada/],
  ['changes someone else’s folder', 'submissions/eve/programs/hello/hello.bpf.c', /not its author’s/],
  ['has a login that only begins alike', 'submissions/ada-2/programs/hello/hello.bpf.c', /not its author’s/],
  ['has .. in a path', 'submissions/ada/programs/hello/../../../../package.json', /submissions\//],
  ['puts a .gitattributes into submissions', 'submissions/.gitattributes', /not its author’s/],
] as const) {
  attack(`A pull request ${what}`, 'neutral: needs a maintainer', async (scenario) => {
    scenario.changed([submission, path]);
    await expectNeutral(scenario, 'needs a maintainer', why);
    // Nor is its artifact looked at.
    expect(scenario.standIn.seen.some(({ route }) => route.includes('artifacts'))).toBe(false);
  });
}

attack('It renames a file of the grader into its folder', 'neutral: needs a maintainer', async (scenario) => {
  scenario.changed([submission]);
  scenario.merged([
    fileOf(repository, mergeSha, submission, { status: 'renamed', previous_filename: 'grader/cli/main.ts' }),
  ]);
  await expectNeutral(scenario, 'needs a maintainer', /grader/);
});

attack('The workflow is changed after 120 files', 'neutral: needs a maintainer', async (scenario) => {
  scenario.changed([...Array.from({ length: 120 }, (_, i) => `${folder}/${i}.c`), '.github/workflows/grade.yml']);
  await expectNeutral(scenario, 'needs a maintainer', /workflows/);
});

for (const [what, mode, size] of [
  ['a symbolic link', '120000', 20],
  ['a submodule', '160000', 0],
  ['a file of 10 MB', '100644', 10_000_000],
] as const) {
  attack(`A submission has ${what}`, 'neutral: needs a maintainer', async (scenario) => {
    scenario.changed([submission], mode, size);
    if (mode === '160000') scenario.state.tree[0]!.type = 'commit';
    await expectNeutral(scenario, 'needs a maintainer', /regular files/);
  });
}

attack('It has 5,000 files', 'neutral: needs a maintainer', async (scenario) => {
  // GitHub compares 300 at most.
  scenario.changed(Array.from({ length: 5000 }, (_, i) => `${folder}/${i}.c`));
  await expectNeutral(scenario, 'needs a maintainer', /300 files or more/);
});

attack(
  'A file name has a newline, an escape and a workflow command',
  'shown on one line, in a fence',
  async (scenario) => {
    scenario.changed([submission, 'submissions/ada/x\n::error::\u001b[31m##[group]```\n@everyone <b>']);
    const reported = await scenario.report();
    const body = scenario.state.comments[0]!.body;
    expect(reported.kind).toBe('needs a maintainer');
    expect(body).toContain('````text\nsubmissions/ada/x : :error: :# #[group]``` @everyone <b>\n````');
    expect(rendered(body).text).not.toContain('everyone');
  },
);

// Which commit it is.
attack('The run is of an older commit', 'nothing is posted', async (scenario) => {
  scenario.state.pulls[0]!.head.sha = 'c'.repeat(40);
  await expectStopped(scenario);
});

attack('The branch moves while the results are read', 'nothing is posted', async (scenario) => {
  scenario.standIn.onRequest = (id) => {
    if (id === 'actions/download-artifact') scenario.state.pulls[0]!.head.sha = 'c'.repeat(40);
  };
  await expectStopped(scenario);
});

attack('What GitHub has merged for a test is of another commit', 'neutral: needs a maintainer', async (scenario) => {
  scenario.state.commits[mergeSha] = [baseSha, 'c'.repeat(40)];
  await expectNeutral(scenario, 'needs a maintainer', /not yet tried to merge/);
  expect(scenario.waited).toEqual([5000, 5000]);
});

attack('A commit with one parent pretends to be that merge', 'neutral: needs a maintainer', async (scenario) => {
  scenario.state.commits[mergeSha] = [headSha];
  await expectNeutral(scenario, 'needs a maintainer', /not yet tried to merge/);
});

attack('It takes back what the course has merged into it', 'neutral: needs a maintainer', async (scenario) => {
  // GitHub's own list of a pull request's files begins where the branch left, and does not show it; nobody asks for it.
  scenario.merged([
    fileOf(repository, mergeSha, submission),
    fileOf(repository, mergeSha, 'grader/verdict/judge.ts', { status: 'modified' }),
  ]);
  await expectNeutral(scenario, 'needs a maintainer', /grader/);
  expect(scenario.standIn.seen.some(({ route }) => route.endsWith('/files'))).toBe(false);
});

attack('The pull request is closed, or for another branch', 'nothing is posted', async (scenario) => {
  scenario.state.pulls[0]!.state = 'closed';
  await expectStopped(scenario);
  Object.assign(scenario.state.pulls[0]!, { state: 'open' });
  scenario.state.pulls[0]!.base.ref = 'old';
  await expectStopped(scenario);
});

attack('Another fork has a branch of the same name and commit', 'its pull request gets nothing', async (scenario) => {
  const other = pullOf({
    number: 8,
    author: 'eve',
    head: { owner: 'ada', branch: 'my-work', sha: headSha, repositoryId: 666 },
    repository,
  });
  scenario.state.pulls.unshift(other);
  expect(await scenario.report()).toMatchObject({ kind: 'posted', pull: number });
  expect(scenario.state.comments.map(({ issue }) => issue)).toEqual([number]);
});

// What the results say.
attack('The results name another pull request', 'refused, and nothing is posted there', async (scenario) => {
  await scenario.results({ ...makeReport([await judged(hello)]), pull_request: 99 });
  scenario.payload.workflow_run.pull_requests = [{ number: 99 }];
  await expectNeutral(scenario, 'refused', /something else in it/);
  expect(scenario.state.comments.map(({ issue }) => issue)).toEqual([number]);
});

attack('The event names another pull request', 'ignored', async (scenario) => {
  scenario.payload.workflow_run.pull_requests = [{ number: 99 }];
  expect(await scenario.report()).toMatchObject({ kind: 'posted', pull: number });
});

attack('A score is forged', 'computed again', async (scenario) => {
  const honest = await judged(failing);
  await scenario.results(makeReport([{ ...honest, outcome: 'pass', points: 1000, maxPoints: 1000 }]));
  expect(await scenario.report()).toMatchObject({
    kind: 'posted',
    report: { exitCode: 1, results: [{ outcome: 'fail', points: 2, maxPoints: 6 }] },
  });
  expect(scenario.state.checkRuns).toMatchObject([{ conclusion: 'failure' }]);
});

attack('A check is unknown, missing or skipped for no reason', 'refused', async (scenario) => {
  const honest = await judged(hello);
  const [first, ...others] = honest.checks;
  for (const checks of [
    [{ ...first!, id: 'mine' }, ...others],
    others,
    [{ ...first!, outcome: 'skipped' as const }, ...others],
  ]) {
    await scenario.results(makeReport([{ ...honest, checks }]));
    scenario.state.checkRuns = [];
    await expectNeutral(scenario, 'refused', /programs\/hello/);
  }
});

attack('A pass is claimed without a check', 'refused', async (scenario) => {
  await scenario.results(makeReport([{ ...(await judged(hello)), checks: [] }]));
  await expectNeutral(scenario, 'refused', /no checks/);
});

attack('A result is of someone else’s submission', 'refused', async (scenario) => {
  await scenario.results(makeReport([await judged(hello, 'eve')]));
  await expectNeutral(scenario, 'refused', /submissions\/eve/);
});

const nasty =
  '</code></pre>\n````\n# Passed\n<img src=x onerror=alert(1)> [click](https://evil.example) @octocat #1 GH-1 ![](https://evil.example/x)\n::error file=x::pwned\n##[error]x \u001b[2J\u202e<!-- hookpoint:results --> | a | $x$';

attack('Markdown, HTML, @mentions, escapes and workflow commands in messages', 'text in a fence', async (scenario) => {
  const graded = course({
    loads: fails({
      text: nasty,
      expected: nasty,
      actual: nasty,
      help: nasty,
      wholeLog: nasty,
      location: { file: 'hello.bpf.c', line: 1, source: nasty },
    }),
  });
  const honest = await judged(graded);
  // As the grader says it, and as somebody would who makes the file by hand.
  for (const message of [
    honest.checks[1]!.message!,
    { text: nasty, log: nasty, help: nasty, location: { file: 'hello.bpf.c', line: 1, source: nasty } },
  ]) {
    await scenario.results(
      makeReport([
        {
          ...honest,
          checks: honest.checks.map((check, i) =>
            i === 1 ? { ...check, message, title: nasty, hint: nasty, rationale: nasty } : check,
          ),
        },
      ]),
    );
    const reported = await scenario.report();
    const texts = [
      scenario.state.comments[0]!.body,
      'summary' in reported ? reported.summary : '',
      ...scenario.state.checkRuns.map(({ output }) => output.summary),
    ];
    for (const text of texts) {
      const { html, links, images, text: said } = rendered(text.replace(/^<!-- hookpoint:results -->\n/, ''));
      expect({ html, images, links }).toEqual({ html: [], images: [], links: [reportUrl] });
      expect(said).not.toMatch(/@octocat|#1\b|GH-1|pwned|Passed\b/);
    }
    expect(scenario.posted).not.toMatch(/\\u001b|\\u202e/);
  }
});

attack('A program says 10 MB', 'cut when graded, and once more when posted', async (scenario) => {
  const loud = course({
    compiles: fails({
      text: 'x'.repeat(10_000_000),
      actual: 'y'.repeat(10_000_000),
      wholeLog: `${'z'.repeat(79)}\n`.repeat(125_000),
    }),
  });
  const result = await judge({
    exercise: loud,
    runs: runsOf(loud),
    kit: {} as Kit,
    seed: '8f3a61aa',
    machine,
    saveLog: () => 'x',
    submission: { folder, digest: null },
  });
  expect(JSON.stringify(result).length).toBeLessThan(40_000);
  await scenario.results(makeReport([result]));
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
  expect(scenario.state.comments[0]!.body.length).toBeLessThan(65_536);
});

attack('Every message is as long as may be', 'the comment ends with a link to the rest', async (scenario) => {
  const many = Array.from({ length: 40 }, (_, i) => `submissions/ada/programs/hello${i}`);
  const exercises = many.map((_, i) => ({
    ...course({
      compiles: fails({
        text: '`'.repeat(2000),
        expected: 'x'.repeat(2000),
        actual: '|'.repeat(2000),
        help: '@x '.repeat(600),
      }),
    }),
    id: `programs/hello${i}`,
  }));
  scenario.course = exercises;
  scenario.changed(many.map((path) => `${path}/hello.bpf.c`));
  await scenario.results(makeReport(await Promise.all(exercises.map((exercise) => judged(exercise)))));
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
  const { body } = scenario.state.comments[0]!;
  expect(body.length).toBeLessThan(65_536);
  expect(body).toContain('There is more than fits into a comment');
  expect(body.includes('#### ❌ programs/hello10: not yet')).toBe(true);
  expect(rendered(body.replace(/^<!-- hookpoint:results -->\n/, '')).html).toEqual([]);
});

// What the artifact is.
const honestEntry = async () => entryOf(makeReport([await judged(hello)]));
const archives: [string, (scenario: Scenario) => Promise<void>, RegExp][] = [
  ['is no zip', async (s) => s.archive(Buffer.from('PK nonsense')), /cannot be used/],
  ['has a symbolic link', async (s) => s.archive([{ ...(await honestEntry()), mode: 0o120777 }]), /not a regular file/],
  [
    'has a folder',
    async (s) => s.archive([await honestEntry(), { name: 'report-x.json', content: '', mode: 0o040755 }]),
    /not a regular file/,
  ],
  [
    'has .. in a name',
    async (s) =>
      s.archive(
        renamed(await archiveOf([entryOf('{}', 'report-6.12-01.json')]), 'report-6.12-01.json', '../report-6.12.json'),
      ),
    /cannot be used/,
  ],
  [
    'has an absolute name',
    async (s) =>
      s.archive(
        renamed(await archiveOf([entryOf('{}', 'report-6.12-1.json')]), 'report-6.12-1.json', '/etc/cron.d/x.json'),
      ),
    /cannot be used/,
  ],
  [
    'has a backslash in a name',
    async (s) =>
      s.archive(
        renamed(await archiveOf([entryOf('{}', 'report-6.12-1.json')]), 'report-6.12-1.json', 'report\\6.12-1.json'),
      ),
    /cannot be used/,
  ],
  [
    'has a file more',
    async (s) => s.archive([await honestEntry(), { name: 'pr-number.txt', content: '99' }]),
    /does not belong/,
  ],
  ['has one file twice', async (s) => s.archive([await honestEntry(), await honestEntry()]), /twice/],
  [
    'has 5,000 files',
    async (s) => s.archive(Array.from({ length: 5000 }, (_, i) => entryOf('{}', `report-${i}.json`))),
    /5000 entries/,
  ],
  [
    'is a zip bomb',
    async (s) => s.archive([{ ...entryOf('{}'), content: Buffer.alloc(50_000_000) }]),
    /50000000 bytes/,
  ],
  [
    'is a zip bomb that lies about its size',
    async (s) =>
      s.archive(
        lyingAbout(await archiveOf([{ ...entryOf('{}'), content: Buffer.alloc(20_000_000) }]), 20_000_000, 1000),
      ),
    /cannot be used/,
  ],
  [
    'is many files of the largest size',
    async (s) =>
      s.archive(
        Array.from({ length: 10 }, (_, i) => ({
          ...entryOf('{}', `report-${i}.json`),
          content: Buffer.alloc(4_000_000),
        })),
      ),
    /more than may be/,
  ],
  [
    'is larger than may be downloaded',
    async (s) => void (s.state.artifacts[0]!.bytes = Buffer.alloc(9_000_000)),
    /too large/,
  ],
  [
    'is not what GitHub says it is',
    async (s) => void (s.state.artifacts[0]!.digest = `sha256:${'0'.repeat(64)}`),
    /did not arrive whole/,
  ],
  ['has a report that is not JSON', async (s) => s.archive([entryOf('{')]), /not JSON/],
  ['has a report nested without end', async (s) => s.archive([entryOf('['.repeat(1_000_000))]), /not JSON/],
];
for (const [what, prepare, why] of archives) {
  attack(`The artifact ${what}`, 'refused', async (scenario) => {
    await prepare(scenario);
    await expectNeutral(scenario, 'refused', why);
  });
}

attack('A branch with a link and a newline in a name is planned', 'nothing of it is opened', async () => {
  expect(sortChanges([{ path: 'submissions/ada/programs/he\nllo/x', removed: false }], 'ada')).toEqual({
    submissions: [],
    passedOver: [],
    foreign: ['submissions/ada/programs/he\nllo/x'],
  });
  expect(await differenceOf('/', headSha, headSha)).toHaveProperty('problem');
});

/** The same archive with another unpacked size in both places that say it. */
function lyingAbout(archive: Buffer, size: number, lie: number): Buffer {
  const [told, instead] = [Buffer.alloc(4), Buffer.alloc(4)];
  told.writeUInt32LE(size);
  instead.writeUInt32LE(lie);
  const changed = Buffer.from(archive);
  for (let at = changed.indexOf(told); at >= 0; at = changed.indexOf(told, at + 1)) instead.copy(changed, at);
  return changed;
}
