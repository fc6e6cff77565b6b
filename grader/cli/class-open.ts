/** `grade class open`: a private repository for each learner or group, as commands of gh and git; run with --yes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { courseBranch } from '../course/course-branch.ts';
import { askGit } from '../course/git.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';
import { callGh, type Places, placesOf, shown, urlOf, withGhLogin } from './class-repositories.ts';
import type { Classroom } from './classroom.ts';

interface Step {
  program: 'gh' | 'git';
  args: string[];
  /** That which it says when it was done before. */
  done?: RegExp;
}

export async function openRepositories(room: Classroom): Promise<number> {
  const { context } = room;
  const places = await placesOf(room);
  const commit = await templateCommit(context.root, places.course);
  const steps = [...templateSteps(places, commit), ...teamSteps(places)];
  if (!context.yes) {
    context.say(steps.map(({ program, args }) => shown(program, args)).join('\n'));
    context.note('\nNothing was done: these are the commands. With --yes they are run.');
    return 0;
  }
  await demandPrivacy(places.organisation);
  for (const { program, args, done } of steps) {
    context.note(shown(program, args));
    if (program === 'git') await push(context.root, args);
    // A repository that is there from an earlier run is no trouble.
    else if ((await callGh(args, done)) === null) context.note('  It is there already.');
  }
  return 0;
}

const isThere = /already exists/i;

function templateSteps({ template }: Places, commit: string): Step[] {
  return [
    { program: 'gh', args: ['repo', 'create', template, '--private'], done: isThere },
    { program: 'git', args: [...withGhLogin, 'push', '--force', urlOf(template), `${commit}:refs/heads/main`] },
    { program: 'gh', args: ['repo', 'edit', template, '--template'] },
  ];
}

function teamSteps({ template, teams }: Places): Step[] {
  return teams.flatMap(({ repository, members }): Step[] => [
    { program: 'gh', args: ['repo', 'create', repository, '--private', '--template', template], done: isThere },
    ...members.map(({ login }): Step => {
      const path = `repos/${repository}/collaborators/${login}`;
      return { program: 'gh', args: ['api', '--method', 'PUT', path, '--field', 'permission=push'] };
    }),
  ]);
}

/** Members of an organisation may read every repository of it, unless its base permission is none. */
async function demandPrivacy(organisation: string): Promise<void> {
  const said = await callGh(['api', `orgs/${organisation}`, '--jq', '.default_repository_permission // ""']);
  const permission = said?.trim() ?? '';
  if (permission !== '' && permission !== 'none')
    throw new CommandFailure(
      `Every member of ${organisation} has the permission ‘${plainLine(permission, 20)}’ in all its repositories, and would see everybody’s work.`,
      2,
      `Change it first: gh api --method PATCH orgs/${organisation} --field default_repository_permission=none`,
    );
}

async function push(root: string, args: readonly string[]): Promise<void> {
  const { outcome, stderr } = await askGit(root, args, { ms: 600_000 });
  if (outcome !== 'done')
    throw new CommandFailure(
      `${shown('git', args)} failed: ${plainLine(stderr, 500)}`,
      3,
      'If it speaks of workflows: gh auth refresh --scopes workflow. Then run the same command again: nothing is done twice.',
    );
}

/** What a learner's repository must not hold, should it be in the course's: what others have handed in, and who is in the class. */
const ofOthers = [':(glob)submissions/*/**', ':(glob)**/class.yaml'];

/**
 * The course as it is committed here, with one workflow in place of all its own: the one that calls the course's. Those of the course would
 * run in every learner's repository, the nightly one on its minutes. An object of this clone's git, on no branch.
 */
async function templateCommit(root: string, course: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookpoint-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  const run = async (args: readonly string[], input?: string): Promise<string> => {
    const { outcome, stdout, stderr } = await askGit(root, args, { env, ...(input !== undefined && { input }) });
    if (outcome === 'done') return stdout.trim();
    throw new CommandFailure(
      outcome === 'missing' ? 'git is not installed.' : `The template cannot be made: ${plainLine(stderr, 300)}`,
      3,
      'Run it in a clone of your course, on the commit that your class begins with.',
    );
  };
  try {
    await run(['read-tree', 'HEAD']);
    await run(['rm', '-r', '-q', '--cached', '--ignore-unmatch', '--', '.github', ...ofOthers]);
    const blob = await run(['hash-object', '-w', '--stdin'], callerWorkflow(course, (await courseBranch(root)).name));
    await run(['update-index', '--add', '--cacheinfo', `100644,${blob},.github/workflows/grade.yml`]);
    const tree = await run(['write-tree']);
    const who = ['-c', 'user.name=Hookpoint', '-c', 'user.email=hookpoint@localhost', '-c', 'commit.gpgSign=false'];
    return await run([...who, 'commit-tree', tree, '-m', `The course, graded by ${course}`]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** For .github/workflows/grade.yml of each learner's repository. `course`: '<owner>/<name>', and its default branch. */
export function callerWorkflow(course: string, branch = 'main'): string {
  return `# Each push of submissions/ is graded by the course: https://github.com/${course}
# If you change this file, you change what you read here. What counts is graded by the teacher, without it.
name: grade

on:
  push:
    paths: ["submissions/**"]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: grade-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  grade:
    name: Grade
    uses: ${course}/.github/workflows/grade-private.yml@${branch}
    secrets:
      # Of the organisation, and needed only if the course is private too: it may read the course, and nothing else.
      course-token: \${{ secrets.HOOKPOINT_COURSE_TOKEN }}
`;
}
