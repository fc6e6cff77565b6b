/** Which files an exercise runs with: as TypeScript's own parser sees it, and of the kit only what is used. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesRunWith, importsOf } from '../../../grader/course/imports.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const sources = globSync(['grader/**/*.ts', 'content/**/*.ts'], { cwd: repository });

test('every import that TypeScript sees is seen, types aside', async () => {
  for (const path of sources) {
    const text = await readFile(join(repository, path), 'utf8');
    const seen = importsOf(text).map(({ from }) => from);
    expect([...new Set(seen)].sort(), path).toEqual([...new Set(importsByTypeScript(text))].sort());
  }
}, 60_000);

test('of the kit only the rooms that are imported from count, and of those what they import', async () => {
  const root = await temporaryFolder({
    'grader/kit/index.ts':
      "export { tcp, type Frame } from './network/packets.ts';\nexport { u32 } from './maps/bytes.ts';\n",
    'grader/kit/network/packets.ts': "import { sum } from './sum.ts';\nimport type { A } from './types.ts';\n",
    'grader/kit/network/sum.ts': '',
    'grader/kit/maps/bytes.ts': '',
    'content/one.ts':
      "import { type Frame,\n  tcp } from '#kit';\nimport { z } from 'zod';\nimport { two } from './two.ts';\n",
    'content/two.ts': "import { words } from './words/index.ts';\nimport './one.ts';\n",
    'content/words/index.ts': '',
  });
  expect(await filesRunWith(root, ['content/one.ts'], (path) => path.includes('words/'))).toEqual([
    'content/one.ts',
    'content/two.ts',
    'grader/kit/network/packets.ts',
    'grader/kit/network/sum.ts',
  ]);
});

test('all of the kit counts for what takes all of it', async () => {
  const root = await temporaryFolder({
    'grader/kit/index.ts': "export { u32 } from './maps/bytes.ts';\n",
    'grader/kit/maps/bytes.ts': '',
    'content/one.ts': "import * as kit from '#kit';\n",
  });
  expect(await filesRunWith(root, ['content/one.ts'])).toEqual([
    'content/one.ts',
    'grader/kit/index.ts',
    'grader/kit/maps/bytes.ts',
  ]);
});

function importsByTypeScript(text: string): string[] {
  const found: string[] = [];
  const isType = (names: readonly { isTypeOnly: boolean }[]) =>
    names.length > 0 && names.every((one) => one.isTypeOnly);
  for (const node of ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest).statements) {
    if (ts.isImportDeclaration(node)) {
      const { importClause: clause, moduleSpecifier } = node;
      const named = clause?.namedBindings;
      const types =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
        (clause?.name === undefined && named !== undefined && ts.isNamedImports(named) && isType(named.elements));
      if (!types) found.push((moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const { exportClause: clause } = node;
      if (!node.isTypeOnly && !(clause && ts.isNamedExports(clause) && isType(clause.elements)))
        found.push((node.moduleSpecifier as ts.StringLiteral).text);
    }
  }
  for (const [, from] of text.matchAll(/\bimport\('([^']+)'\)/g)) found.push(from!);
  return found;
}
