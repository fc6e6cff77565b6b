/** `grade class open`: a private repository for each learner or group, as commands of gh; run with --yes. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Learner } from '../course/class-file.ts';
import { isLogin } from '../course/login.ts';
import { CommandFailure } from './command-failure.ts';
import type { Classroom } from './classroom.ts';

export async function openRepositories({ context, classFile, options }: Classroom): Promise<number> {
  const { organisation, template } = options;
  if (organisation === undefined || !isLogin(organisation))
    throw new CommandFailure('Open repositories where?', 2, 'Name your organisation: --organisation my-school');
  if (template === undefined || !/^[\w.-]+\/[\w.-]+$/.test(template))
    throw new CommandFailure(
      'Open repositories from which template?',
      2,
      'Name the repository: --template my-school/hookpoint',
    );
  const commands = commandsFor(classFile.learners, organisation, template);
  if (!context.yes) {
    context.say(commands.map(shown).join('\n'));
    context.note('\nNothing was done: these are the commands. With --yes they are run.');
    return 0;
  }
  for (const command of commands) {
    context.note(shown(command));
    // A repository that is there from an earlier run is no trouble.
    await promisify(execFile)('gh', command).catch((error: { code?: unknown; stderr?: string; message: string }) => {
      if (/already exists/i.test(error.stderr ?? '')) return context.note('  It is there already.');
      const missing = error.code === 'ENOENT';
      throw new CommandFailure(
        missing ? 'gh is not installed.' : `${shown(command)} failed: ${(error.stderr ?? error.message).trim()}`,
        3,
        missing
          ? 'See https://cli.github.com, then: gh auth login'
          : 'Fix what gh complains about, and run the same command again: what is done is not done twice.',
      );
    });
  }
  return 0;
}

/** Arguments of gh: one repository for each group, and for each learner without one. */
export function commandsFor(learners: readonly Learner[], organisation: string, template: string): string[][] {
  const course = template.split('/')[1]!;
  const teams = Map.groupBy(learners, ({ login, group }) => group ?? login);
  return [...teams].flatMap(([team, members]) => {
    const repository = `${organisation}/${course}-${team.toLowerCase().replaceAll(/[^a-z\d-]+/g, '-')}`;
    return [
      ['repo', 'create', repository, '--private', '--template', template],
      ...members.map(({ login }) => [
        'api',
        '--method',
        'PUT',
        `repos/${repository}/collaborators/${login}`,
        '--field',
        'permission=push',
      ]),
    ];
  });
}

function shown(command: readonly string[]): string {
  return `gh ${command.join(' ')}`;
}
