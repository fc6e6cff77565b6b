import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createContext } from '../../../grader/cli/context.ts';
import { explain as command } from '../../../grader/cli/explain.ts';
import { explanationSchema } from '../../../grader/report/explanation.ts';
import { temporaryFolder } from '../temporary.ts';

const root = join(import.meta.dirname, '../../..');
const fixtures = join(root, 'tests/fixtures/verifier');

/** The real command, with `input` on its standard input. */
function explain(
  args: string[],
  input: string | Buffer = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(join(root, 'grade'), ['explain', ...args], {
    cwd: root,
    env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: '', NO_COLOR: '1' },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {}); // It need not read all of what is too much.
  child.stdin.end(input);
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    ),
  );
}

test('a file, with the learner’s own line', async () => {
  const source = `#include "vmlinux.h"\n\nSEC("xdp")\nint p(struct xdp_md *ctx)\n{\n\tu32 key = 0;\n\tu64 *value = bpf_map_lookup_elem(&h, &key);\n\treturn *value ? 1 : 2;\n}\n`;
  const log = [
    "libbpf: prog 'p': -- BEGIN PROG LOAD LOG --",
    '0: R1=ctx() R10=fp0',
    '; u64 *value = bpf_map_lookup_elem(&h, &key); @ mine.bpf.c:7',
    '6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=h,ks=4,vs=8)',
    '; return *value ? 1 : 2; @ mine.bpf.c:8',
    '7: (79) r1 = *(u64 *)(r0 +0)',
    "R0 invalid mem access 'map_value_or_null'",
    'processed 7 insns (limit 1000000)',
    '-- END PROG LOAD LOG --',
    '',
  ].join('\n');
  const folder = await temporaryFolder({ 'mine.bpf.c': source, log });
  const { code, out, err } = await explain([join(folder, 'log'), '--source', join(folder, 'mine.bpf.c')]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "
      mine.bpf.c:8: The result of a map lookup is used before it was tested for
      NULL. The key may not be in the map.

          8 │ return *value ? 1 : 2;

      seen      R0 invalid mem access 'map_value_or_null'
      here      r0 may be NULL here: it is what bpf_map_lookup_elem returned (line
                7), and nothing on this path has tested it since. If it is not, it
                is a pointer to a value of the map h (8 bytes).
      help      Test it first: if (!value) return 0;
      lesson    maps/hash-and-array (content/docs/maps/hash-and-array.mdx)

      the log
        │ 0: R1=ctx() R10=fp0
        │ ; u64 *value = bpf_map_lookup_elem(&h, &key); @ mine.bpf.c:7
        │ 6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=…
        │ ; return *value ? 1 : 2; @ mine.bpf.c:8
        │ 7: (79) r1 = *(u64 *)(r0 +0)
        │ R0 invalid mem access 'map_value_or_null'
        │ processed 7 insns (limit 1000000)
    "
  `);
}, 60_000);

test('standard input and --json: one document that obeys its schema', async () => {
  const { code, out } = await explain(['--json', '-'], "> R0 invalid mem access 'map_value_or_null'\n");
  expect(code).toBe(0);
  expect(explanationSchema.parse(JSON.parse(out))).toMatchObject({
    format: 'hookpoint-explanation',
    version: 1,
    exitCode: 0,
    tool: 'verifier',
    rule: 'null-map-value',
    more: 0,
  });
}, 60_000);

test('what nobody knows: said so, and exit code 1', async () => {
  const { code, out } = await explain([], 'It does not work!\n');
  expect([code, out]).toEqual([1, expect.stringContaining('does not know this message')]);
}, 60_000);

test('nothing on standard input, and too much of it: exit code 2, and what to do', async () => {
  const results = [await explain([], '   \n'), await explain(['-'], Buffer.alloc(16 * 1024 * 1024 + 1, 'a'))];
  expect(results.map(({ code, err }) => [code, err.trim().split('\n')[0]])).toEqual([
    [2, 'There is nothing to explain: the text is empty.'],
    [2, 'The text is larger than 16 MiB.'],
  ]);
}, 60_000);

test.each([
  ['/no/such/file', [], 'There is no file /no/such/file.'],
  [fixtures, [], `${fixtures} is a folder.`],
  [join(fixtures, '6.1.0/03_uninit_reg.log'), ['/no/such/source.c'], 'There is no file /no/such/source.c.'],
])('a file that cannot be read: %s', async (file, source, message) => {
  await expect(command(createContext({}), file, { source })).rejects.toMatchObject({
    name: 'CommandFailure',
    exitCode: 2,
    message,
    remedy: expect.stringContaining('npx grade explain'),
  });
});

test('what PowerShell redirects is UTF-16', async () => {
  const { code, out } = await explain([], Buffer.from(`\ufeffR0 !read_ok\r\n`, 'utf16le'));
  expect([code, out]).toEqual([0, expect.stringContaining('There is a path on which the program returns nothing.')]);
}, 60_000);
