import { expect, test } from 'vitest';
import { pullRequestSteps, type Remote, sortRemotes } from '../../../grader/course/pull-request.ts';

const remote = (name: string, owner: string | null): Remote => ({
  name,
  repository: owner === null ? null : { owner, name: 'hookpoint' },
});
const course = { owner: 'course', name: 'hookpoint' };
const steps = (remotes: Remote[], inPackage: typeof course | null = null) =>
  pullRequestSteps('ada', 'submit/ada', { ...sortRemotes('ada', remotes, inPackage), base: 'main' }).map((line) =>
    line.trim(),
  );
const compare = 'https://github.com/course/hookpoint/compare/main...ada:submit/ada?expand=1';

test.each<[string, string[], string[]]>([
  [
    'a fork, and the course upstream',
    steps([remote('origin', 'Ada'), remote('upstream', 'course')]),
    [
      'git push -u origin submit/ada',
      compare.replace('ada:', 'Ada:'),
      'gh pr create --repo course/hookpoint --head ada:submit/ada --fill',
    ],
  ],
  [
    'a fork, and the course in package.json',
    steps([remote('origin', 'ada')], course),
    ['git push -u origin submit/ada', compare],
  ],
  [
    'a fork of who knows what',
    steps([remote('origin', 'ada')]),
    [
      'git push -u origin submit/ada',
      'https://github.com/ada/hookpoint/pull/new/submit/ada',
      'gh pr create --head ada:submit/ada --fill',
    ],
  ],
  [
    'a clone, and the fork beside it',
    steps([remote('origin', 'course'), remote('mine', 'ada')]),
    ['git push -u mine submit/ada', compare],
  ],
  [
    'a clone without a fork',
    steps([remote('origin', 'course')]),
    [
      'Fork the course: https://github.com/course/hookpoint/fork',
      'git remote add fork https://github.com/ada/hookpoint.git',
      'git push -u fork submit/ada',
      compare,
    ],
  ],
  [
    'the course’s own author',
    steps([remote('origin', 'ada')], { ...course, owner: 'ada' }),
    ['git push -u origin submit/ada', 'https://github.com/ada/hookpoint/compare/main...submit/ada?expand=1'],
  ],
  ['no remote', steps([]), ['git remote add fork <URL of your fork>', 'git push -u fork submit/ada']],
  ['a remote that is not GitHub', steps([remote('origin', null)]), ['git push -u fork submit/ada']],
])('%s', (_, said, wanted) => {
  expect(said).toEqual(expect.arrayContaining(wanted));
});

test('a private repository that the school has given: pull requests stay in it', () => {
  const given: Remote = { name: 'origin', repository: { owner: 'my-school', name: 'hookpoint-Ada' } };
  const wanted = [
    'git push -u origin submit/ada',
    'https://github.com/my-school/hookpoint-Ada/compare/main...submit/ada?expand=1',
    'gh pr create --repo my-school/hookpoint-Ada --head submit/ada --fill',
  ];
  expect(steps([given, remote('upstream', 'course')], course)).toEqual(expect.arrayContaining(wanted));
  // Of a group it does not have the learner's name, and git is told where this clone pushes to.
  const ofGroup: Remote = { name: 'origin', repository: { owner: 'my-school', name: 'hookpoint-twins' } };
  expect(sortRemotes('ada', [ofGroup], null)).toMatchObject({ own: null });
  expect(sortRemotes('ada', [ofGroup], null, 'origin')).toEqual({ own: ofGroup, course: ofGroup.repository });
});
