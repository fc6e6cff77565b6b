/** VS Code's tasks: a check that fails marks the learner's line, whatever words it says it with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { renderMessage } from '../../grader/report/message.ts';
import { screenOf } from '../../grader/report/paint.ts';
import { repository } from '../support/clone.ts';

const matcher = z.object({
  fileLocation: z.tuple([z.literal('relative'), z.literal('${fileDirname}')]),
  pattern: z.object({
    regexp: z.string(),
    file: z.number(),
    line: z.number(),
    column: z.number(),
    message: z.number(),
  }),
});
const tasks = z.object({
  tasks: z.array(
    z.object({
      label: z.string(),
      type: z.literal('process'),
      command: z.literal('${workspaceFolder}/grade'),
      args: z.array(z.string()).optional(),
      problemMatcher: z.union([matcher, z.tuple([])]),
    }),
  ),
});
const read = async () => tasks.parse(JSON.parse(await readFile(join(repository, '.vscode/tasks.json'), 'utf8'))).tasks;

/** What the first task's matcher finds in this text, line by line. */
async function problems(text: string) {
  const { problemMatcher } = (await read())[0]!;
  const { pattern } = matcher.parse(problemMatcher);
  return text.split('\n').flatMap((line) => {
    const found = new RegExp(pattern.regexp).exec(line);
    return found ? [[pattern.file, pattern.line, pattern.column, pattern.message].map((group) => found[group])] : [];
  });
}

const plainScreen = screenOf(process.stdout, {}, { plain: true });
const text =
  'R0 may be NULL here, and the program reads from it without having looked, which takes more than one line.';

test('the line and the column of a message are found in the words of plain mode, which are not wrapped', async () => {
  const location = { file: 'src/hello.bpf.c', line: 17, column: 10, source: '\treturn *value;' };
  const said = renderMessage({ text, location, help: 'Look at: line 3: first.' }, 'red', plainScreen);
  expect(await problems(said)).toEqual([['src/hello.bpf.c', '17', '10', text]]);
});

test('a line without a column is found as well, and a message without a place is not', async () => {
  const said = (message: Parameters<typeof renderMessage>[0]) => renderMessage(message, 'red', plainScreen);
  expect(await problems(said({ text, location: { file: 'hello.py', line: 3 } }))).toEqual([
    ['hello.py', '3', undefined, text],
  ]);
  expect(await problems(said({ text: 'expected 12:30: nothing' }))).toEqual([]);
});

test('the task asks for plain mode, and grades the exercise of the file that is open', async () => {
  const [first] = await read();
  expect(first!.args).toEqual(['run', '${relativeFileDirname}', '--plain']);
});
