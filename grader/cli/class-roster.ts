/** `grade class roster FILE.csv`: the learners of a class.yaml, from what a learning platform or a spreadsheet has saved. */
import { readFile } from 'node:fs/promises';
import { readRoster } from '../course/roster.ts';
import { writeWhole } from '../course/write-whole.ts';
import { plural } from '../report/words.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { checkWritable } from './report-files.ts';

export async function readRosterFile(context: Context, named: readonly string[], out?: string): Promise<number> {
  const [path] = named;
  if (path === undefined || named.length > 1)
    throw new CommandFailure('Which list?', 2, 'Name one: npx grade class roster students.csv');
  const file = plainLine(path, 300);
  if (out !== undefined) await checkWritable('--out', out);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new CommandFailure(
      `${file} cannot be read: ${error.message}.`,
      2,
      'Save the list as CSV, and name that file.',
    );
  });
  const read = readRoster(bytes);
  if ('broken' in read)
    throw new CommandFailure(
      `${file} is not CSV: ${plainLine(read.broken, 300)}`,
      2,
      'Save it again as “CSV UTF-8” in your spreadsheet.',
    );
  if ('missing' in read)
    throw new CommandFailure(
      `${file} has no column with GitHub logins; its columns are ${plainLine(read.missing.slice(0, 20).join(', '), 300)}.`,
      2,
      'Ask your class for their logins, and add a column: github_username',
    );
  if (out === undefined) process.stdout.write(read.yaml);
  else await writeWhole(out, read.yaml);
  context.tell(`${plural(read.count, 'learner')}${out === undefined ? '' : ` in ${plainLine(out)}`}.`);
  if (read.problems.length > 0)
    context.tell(
      `Left out:\n  ${read.problems
        .slice(0, 50)
        .map((problem) => plainLine(problem, 200))
        .join('\n  ')}`,
    );
  return read.problems.length > 0 ? 1 : 0;
}
