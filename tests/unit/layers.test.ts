/** Which folder may import which: the arrows that ARCHITECTURE.md promises, types included. */
import { readFile } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';

/** What each folder may import besides itself. A name with a file in it allows that file only. */
const allowed: Record<string, readonly string[]> = {
  'grader/machine': [],
  'grader/verdict': ['grader/course/exercise.ts'],
  'grader/explain': ['grader/verdict'],
  'grader/course': ['grader/verdict', 'grader/kit', 'grader/machine/lock.ts'],
  'grader/kit': ['grader/course', 'grader/explain', 'grader/machine', 'grader/verdict'],
  'grader/report': ['grader/course', 'grader/explain', 'grader/mutation', 'grader/verdict'],
  'grader/github': ['grader/course', 'grader/report', 'grader/verdict'],
  'grader/mutation': [],
  'grader/completion': ['grader/cli', 'grader/course'],
  'grader/cli': ['grader', 'package.json'],
  content: ['grader/kit'],
  // The lab in a page judges with the kit and a machine of its own: site/lab/.
  site: ['grader/course', 'grader/explain', 'grader/kit', 'grader/machine', 'grader/report', 'grader/verdict'],
};

/** Only these of course/ may import the kit: what judges is no business of whoever reads the data. */
const mayImportKit = ['grader/course/code.ts', 'grader/course/runs.ts'];

const imports = new Map<string, string[]>();
for (const folder of ['grader', 'content', 'site'])
  for await (const file of glob(`${folder}/**/*.ts`, { cwd: repository })) imports.set(file, await importsOf(file));

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(repository, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^;]*?\sfrom\s+'([^']+)'/gm)].flatMap(([, name]) =>
    name === '#kit' ? ['grader/kit/index.ts'] : name!.startsWith('.') ? [normalize(join(dirname(file), name!))] : [],
  );
}

function folderOf(file: string): string {
  const [top, second] = file.split('/');
  return top === 'grader' ? `${top}/${second}` : top!;
}

test('arrows point one way', () => {
  const wrong = [...imports].flatMap(([file, names]) => {
    const from = folderOf(file);
    const may = allowed[from];
    if (!may) return [`${file}: ${from} is a folder that this test does not know`];
    return names
      .filter((name) => folderOf(name) !== from && !may.some((one) => name === one || name.startsWith(`${one}/`)))
      .map((name) => `${file} imports ${name}`);
  });
  expect(wrong).toEqual([]);
  expect(imports.size).toBeGreaterThan(200);
});

test('data of the course are read without the code that judges', () => {
  const readers = [...imports].filter(([file, names]) => {
    return folderOf(file) === 'grader/course' && names.some((name) => folderOf(name) === 'grader/kit');
  });
  expect(readers.map(([file]) => file)).toEqual(mayImportKit);
});

test('no file imports itself by way of others, not even types', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const walk = (file: string, path: readonly string[]) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const name of imports.get(file) ?? []) walk(name, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of imports.keys()) walk(file, []);
  expect(cycles).toEqual([]);
});
