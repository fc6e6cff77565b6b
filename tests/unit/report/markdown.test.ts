import { marked } from 'marked';
import { parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { makeReport } from '../../../grader/report/json.ts';
import { renderMarkdown } from '../../../grader/report/markdown.ts';
import type { Report } from '../../../grader/verdict/result.ts';
import { elements } from './dom.ts';
import { everyOutcome, failed, hostile, pass, result, unsupported } from './results.ts';

const parsed = (report: Report, limit?: number) =>
  elements(parseFragment(marked.parse(renderMarkdown(report, limit), { async: false })));

test('a table, then what failed', () => {
  expect(`\n${renderMarkdown(makeReport([pass, result(), unsupported]))}`).toMatchInlineSnapshot(`
    "
    ### ✗ 3 exercises: 1 passed, 1 not yet, 1 not gradable here; 7 of 12 points

    | Exercise | Verdict | Points | How far | Where |
    |---|---|--:|---|---|
    | ✓ \`programs/hello\` | Passed | 6/6 | all the way | Linux 6.12.117 |
    | ✗ \`programs/hello\` | Not yet | 1/6 | stopped at load | Linux 6.12.117 |
    | ○ \`modern/dynptr\` | Cannot be graded on this machine | – | nothing was run | Linux 6.12.117 |

    #### \`programs/hello\` Say hello from the kernel

    ✗ **load** The verifier accepts it

    \`\`\`text
    hello.bpf.c:17:10: The value is used before the lookup was tested for NULL. bpf_map_lookup_elem
    returns NULL for a key that is not in the map.

       17 │ return *value;
          │         ^

    expected  a program that the verifier accepts
    seen      R0 invalid mem access 'map_value_or_null'
    help      Test it before you use it:
                if (!value)
                    return 0;
    \`\`\`

    <details><summary>The end of the log</summary>

    \`\`\`text
    0: (b7) r1 = 0
    \`\`\`

    </details>

    <details><summary>A hint</summary>

    \`\`\`text
    Which line does the message name?
    \`\`\`

    </details>

    1 check not run: an earlier one must pass first. Linux 6.12.117, kvm, 1.2 s. The same again: \`npx grade programs/hello --seed 8f3a61\`

    #### \`modern/dynptr\` Packets of any length

    \`\`\`text
    This machine cannot judge modern/dynptr. It needs Linux 5.19 or newer; this is 5.10.

    help      Choose another kernel with --kernel.
    \`\`\`

    Linux 6.12.117, kvm, 1.2 s. The same again: \`npx grade modern/dynptr --seed 8f3a61\`
    "
  `);
});

test('as GitHub renders it, hostile text is text: no element but ours, no link, no mention', () => {
  const all = parsed(makeReport(hostile), 1e7);
  expect([...new Set(all.map(({ name }) => name))].sort()).toEqual([
    'code',
    'details',
    'h3',
    'h4',
    'p',
    'pre',
    'strong',
    'summary',
    'table',
    'tbody',
    'td',
    'th',
    'thead',
    'tr',
  ]);
  // In code GitHub makes no links.
  const prose = all
    .filter(({ name }) => name !== 'code' && name !== 'pre')
    .map(({ ownText }) => ownText)
    .join('\n');
  expect(prose).not.toMatch(/[@#]\w|https?:\/\/|www\.|GH-\d/);
  expect(renderMarkdown(makeReport(hostile), 1e7)).not.toMatch(/^\s*::|##\[/m);
});

test('each exercise is a row of the table, whatever its name', () => {
  const rows = parsed(makeReport(hostile), 1e7).filter(({ name }) => name === 'tr');
  expect(rows).toHaveLength(hostile.length + 1);
  expect(rows.every(({ children }) => children === 5)).toBe(true);
});

test('it is never longer than a comment, and says what it leaves out', () => {
  const long = { ...failed, message: { ...failed.message!, log: 'x'.repeat(20_000), text: 'y'.repeat(2000) } };
  const report = makeReport(
    Array.from({ length: 1000 }, (_, i) => result({ exercise: `maps/e${i}`, checks: [long, long, long] })),
  );
  const text = renderMarkdown(report);
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text).toMatch(/^… and \d{3} exercises more\.$/m);
  expect(text).toMatch(/^… The rest of \d{3} exercises is left out: it is too long for here\.$/m);
  // Nothing was cut in the middle.
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)!.length);
  expect(text.match(/^```/gm)!.length % 2).toBe(0);
});

test('a command that failed', () => {
  const report: Report = {
    ...makeReport([]),
    exitCode: 3,
    error: { message: 'No QEMU here.', remedy: 'apt-get install qemu-system-x86' },
  };
  expect(renderMarkdown(report)).toBe(
    '### ! Nothing was graded\n\n```text\nNo QEMU here.\napt-get install qemu-system-x86\n```\n',
  );
});

test('what was not judged has no points, and is not in the total', () => {
  expect(renderMarkdown(makeReport(everyOutcome))).toContain('; 7 of 12 points\n');
  expect(renderMarkdown(makeReport([unsupported]))).not.toMatch(/\d of \d|\d\/\d/);
});
