import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../grader');

/** What a module imports when it runs; types are gone by then. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?from\s+)?'([^']+)'/gm)].map((found) => found[1]!);
}

test('the engine runs in a browser: nothing that it imports needs node', () => {
  const open = readdirSync(join(root, 'explain'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'explain', name));
  const seen = new Set<string>();
  const foreign: string[] = [];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) open.push(join(dirname(file), name));
      else foreign.push(`${file.slice(root.length + 1)}: ${name}`);
    }
    expect([file, /\b(?:process|Buffer|require)\b[.(]/.exec(readFileSync(file, 'utf8'))?.[0]]).toEqual([file, undefined]);
  }
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].some((file) => file.endsWith('verdict/text.ts'))).toBe(true);
  expect(foreign).toEqual([]);
});
