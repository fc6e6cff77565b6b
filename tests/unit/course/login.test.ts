import { describe, expect, test } from 'vitest';
import { type Git, findLogin, gitHubRepository, isLogin, toLogin } from '../../../grader/course/login.ts';
import { temporaryFolder } from '../temporary.ts';

const git =
  (answers: Record<string, string>): Git =>
  async () =>
    new Map(Object.entries(answers));
const env = { USER: 'Ada Lovelace' };
const origin = 'remote.origin.url';
const upstream = 'remote.upstream.url';

describe('findLogin', () => {
  test('the only folder in submissions/ comes first', async () => {
    const root = await temporaryFolder({ 'submissions/ada/': '', 'submissions/README.md': '' });
    expect(await findLogin(root, { env, git: git({ 'github.user': 'bob' }) })).toEqual({
      login: 'ada',
      from: 'submissions',
    });
  });

  test('of several folders none', async () => {
    const root = await temporaryFolder({ 'submissions/ada/': '', 'submissions/eve/': '' });
    const found = await findLogin(root, { env, git: git({ 'github.user': 'bob' }) });
    expect(found).toEqual({ login: 'bob', from: 'git config github.user' });
  });

  test('the owner of a fork, not the owner of the course', async () => {
    const root = await temporaryFolder();
    const fork = { [origin]: 'git@github.com:ada/hookpoint.git', [upstream]: 'https://github.com/course/hookpoint' };
    expect(await findLogin(root, { env, git: git(fork) })).toEqual({ login: 'ada', from: 'git remote origin' });
    const clone = { [origin]: fork[upstream]! };
    expect((await findLogin(root, { env, git: git(clone) })).from).toBe('user name');
    const packaged = await temporaryFolder({
      'package.json': '{"repository":{"url":"git+https://github.com/Course/hookpoint.git"}}',
    });
    expect((await findLogin(packaged, { env, git: git(clone) })).from).toBe('user name');
    expect((await findLogin(packaged, { env, git: git({ [origin]: fork[origin]! }) })).login).toBe('ada');
  });

  test('git is asked itself, and its shortcuts are written out', async () => {
    const root = await temporaryFolder({ 'package.json': '{"repository": "github:course/hookpoint"}' });
    const { askGit } = await import('../../../grader/course/git.ts');
    await askGit(root, ['init', '-q']);
    await askGit(root, ['config', 'remote.origin.url', 'gh:ada/hookpoint']);
    await askGit(root, ['config', 'url.g.insteadOf', 'g']);
    await askGit(root, ['config', 'url.git@github.com:.insteadOf', 'gh:']);
    expect(await findLogin(root, { env })).toEqual({ login: 'ada', from: 'git remote origin' });
    await askGit(root, ['config', 'github.user', 'bob']);
    expect(await findLogin(root, { env })).toEqual({ login: 'bob', from: 'git config github.user' });
  });

  test('else the user name', async () => {
    expect(await findLogin(await temporaryFolder(), { env, git: git({}) })).toEqual({
      login: 'Ada-Lovelace',
      from: 'user name',
    });
  });
});

test.each([
  ['ada', 'ada'],
  ['Jörg.Müller', 'Jorg-Muller'],
  ['--a__b--', 'a-b'],
  ['x'.repeat(60), 'x'.repeat(39)],
  ['日本', 'learner'],
  ['..', 'learner'],
])('user %s becomes %s', (name, login) => {
  expect(toLogin(name)).toBe(login);
});

test.each([
  ['https://github.com/ada/x.git', 'ada'],
  ['https://token@github.com/ada/x', 'ada'],
  ['ssh://git@github.com/ada/x', 'ada'],
  ['github:ada/x', 'ada'],
  ['https://gitlab.com/ada/x', null],
  ['https://notgithub.com/ada/x', null],
])('owner of %s: %s', (url, owner) => {
  expect(gitHubRepository(url)?.owner ?? null).toBe(owner);
});

test.each([
  ['ada-lovelace', true],
  ['ada-lovelace_school', true],
  ['ada_b_c', false],
  ['_school', false],
  ['ada_', false],
  ['ada--lovelace', false],
  ['x'.repeat(40), false],
  ['../eve', false],
])('%s can be a login: %s', (text, can) => {
  expect(isLogin(text)).toBe(can);
});
