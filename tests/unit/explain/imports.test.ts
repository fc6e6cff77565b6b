import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

/** What a module imports when it runs; types are gone by then. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?from\s+)?'([^']+)'/gm)].map((found) => found[1]!);
}

/** Files that run when these do, and what they import that is no file of ours. Fails if one uses what only node has. */
function reach(entries: readonly string[]): { seen: Set<string>; foreign: Set<string> } {
  const open = [...entries];
  const seen = new Set<string>();
  const foreign = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) open.push(join(dirname(file), name));
      else foreign.add(name);
    }
    expect([file, /\b(?:process|Buffer|require)\b[.(]/.exec(readFileSync(file, 'utf8'))?.[0]]).toEqual([
      file,
      undefined,
    ]);
  }
  return { seen, foreign };
}

const scriptsIn = (folder: string) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(repository, folder, name));

test('the engine runs in a browser: nothing that it imports needs node', () => {
  const { seen, foreign } = reach(scriptsIn('grader/explain'));
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].some((file) => file.endsWith('verdict/text.ts'))).toBe(true);
  expect([...foreign]).toEqual([]);
});

test('the scripts of the pages take of the grader only what runs in a browser', () => {
  const { seen, foreign } = reach(scriptsIn('site/browser'));
  expect([...seen].some((file) => file.endsWith('grader/report/explanation.ts'))).toBe(true);
  // The libraries of the slides and of the search are for browsers too.
  const known = /^(?:reveal\.js|minisearch|stemmer|fastest-levenshtein)(?:\/|$)/;
  expect([...foreign].filter((name) => !known.test(name))).toEqual(['zod']);
});
