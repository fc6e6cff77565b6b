/** `grade completion <shell>`. What the script offers is complete.ts's to say. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailure, type Context } from './context.ts';

const scripts: Record<string, string> = { bash: 'grade.bash', zsh: 'grade.zsh', fish: 'grade.fish' };

export async function completion({ root }: Context, shell: string): Promise<number> {
  const script = scripts[shell];
  if (script === undefined)
    throw new CommandFailure(
      `There is no completion for ‘${shell}’.`,
      2,
      `Choose one of: ${Object.keys(scripts).join(', ')}.`,
    );
  process.stdout.write(await readFile(join(root, 'grader', 'completion', script), 'utf8'));
  return 0;
}
