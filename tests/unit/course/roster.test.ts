/** Lists of classes as spreadsheets and platforms save them; what comes out is read as a class.yaml. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classCommand } from '../../../grader/cli/class.ts';
import { parseClass } from '../../../grader/course/class-file.ts';
import { readRoster } from '../../../grader/course/roster.ts';
import { failure, listen } from '../cli/contexts.ts';
import { temporaryFolder } from '../temporary.ts';

function learnersOf(csv: string | Uint8Array) {
  const read = readRoster(typeof csv === 'string' ? Buffer.from(csv) : csv);
  if (!('yaml' in read)) throw new Error(JSON.stringify(read));
  const whole = parseClass(`title: x\ntimezone: UTC\n${read.yaml}`, []);
  return { learners: 'classFile' in whole ? whole.classFile.learners : whole.problems, problems: read.problems };
}

const ada = { login: 'ada', name: 'Lovelace, Ada', id: '0815' };

test.each<[string, string | Uint8Array, object]>([
  ['commas and quotes', 'Name,GitHub_Username,Student ID\n"Lovelace, Ada",ada,0815\n', ada],
  ['semicolons, as a spreadsheet in Europe writes them', 'Name;Login;ID\nLovelace, Ada;ada;0815\n', ada],
  ['tabs, and the line ends of Windows', 'name\tlogin\tid\r\nLovelace, Ada\tada\t0815\r\n', ada],
  ['a byte order mark, and an empty line', '\ufeffname,login,id\n\n"Lovelace, Ada",ada,0815\n\n', ada],
  ['UTF-16', Buffer.from('\ufeffname\tlogin\tid\n李\tada\t1\n', 'utf16le'), { login: 'ada', name: '李', id: '1' }],
  ['windows-1252', Buffer.from('name,login\nJos\xe9,ada\n', 'latin1'), { login: 'ada', name: 'José' }],
  ['quotes in a name', 'name,login\n"Ada ""the first"" L",ada\n', { name: 'Ada "the first" L' }],
  ['what a spreadsheet would take for a formula', 'name,login\n"=cmd()|x!A1",ada\n', { name: '=cmd()|x!A1' }],
  [
    'what YAML would take for something else',
    'name,login,id,section\n"*x: [",true,0o7,no\n',
    { name: '*x: [', login: 'true', id: '0o7', section: 'no' },
  ],
  [
    'Canvas',
    'Student,ID,SIS User ID,SIS Login ID,Section,GitHub\n"Lovelace, Ada",77,0815,al,Monday,@ada\n',
    { ...ada, section: 'Monday' },
  ],
  [
    'Classroom 50',
    'username,first_name,last_name,email,section,github_id\nada,Ada,Lovelace,ada@example.org,,5\n',
    { login: 'ada', name: 'Lovelace, Ada', email: 'ada@example.org' },
  ],
  [
    'GitHub Classroom',
    'identifier,github_username,github_id,name\n0815,https://github.com/ada,5,"Lovelace, Ada"\n',
    ada,
  ],
])('%s', (_, csv, expected) => {
  expect(learnersOf(csv)).toMatchObject({ learners: [expected], problems: [] });
});

test('rows that cannot be used are named, and the others are used', () => {
  const { learners, problems } = learnersOf('name,login\nAda,ada\nBob,\nCyd,a--b\nEve,ADA\nDan,dan,more,cells\n');
  expect(learners).toMatchObject([{ login: 'ada' }, { login: 'dan' }]);
  expect(problems).toEqual([
    'row 3 (Bob) has no GitHub login',
    'row 4 (Cyd): ‘a--b’ is not a GitHub login',
    'row 5 (Eve): ADA is in row 2 already',
  ]);
});

test('500 learners in 20 sections', () => {
  const rows = Array.from({ length: 500 }, (_, i) => `l${i},"N${i}, G",${i},s${i % 20}`);
  expect(learnersOf(`login,name,id,section\n${rows.join('\n')}\n`).learners).toHaveLength(500);
});

test('the command: the file, what is missing in it, what was left out', async () => {
  const root = await temporaryFolder({
    'a.csv': 'name,login\nAda,ada\nBob,\n',
    'b.csv': 'name,mail\nAda,x\n',
    'c.csv': 'login\n"a',
  });
  const { context, noted } = listen(root);
  const out = join(root, 'learners.yaml');
  const run = (...files: string[]) =>
    classCommand(
      context,
      'roster',
      files.map((file) => join(root, file)),
      { class: 'none.yaml', out },
    );
  await writeFile(out, '');
  expect(await run('a.csv')).toBe(1);
  expect(noted()).toContain('Left out:\n  row 3 (Bob) has no GitHub login');
  expect(await failure(run('b.csv'))).toContain('its columns are name, mail.\nAsk your class for their logins');
  expect(await failure(run('c.csv'))).toContain('is not CSV: ');
  expect(await failure(run('none.csv'))).toContain('cannot be read');
  expect(await failure(run())).toContain('npx grade class roster students.csv');
});
