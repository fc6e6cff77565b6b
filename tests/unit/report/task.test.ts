import { expect, test } from 'vitest';
import { renderTask } from '../../../grader/report/task.ts';

const screen = { color: false, width: 50, unicode: true };
const mdx = `---
title: A task
---
import { Note } from '../components.ts';

You learn *how* to **count** things with a \`__u64\` in a map. {/* for authors */}

## Your task

1. Open \`a.bpf.c\`. It compiles already, but counts everything that there is to be counted.
2. See [the header](program/a.h) and <https://ebpf.io>.

<Note kind="tip">

- One
  - Two, nested

</Note>

\`\`\`c
import what; <Note/> /* stays */
	return 0;
\`\`\`

| Name | What |
|---|---|
| \`key\` | a number |
| value | a longer text |

First line\\
second line.
`;

test('for a terminal', () => {
  expect(`\n${renderTask(mdx, screen, { shownLink: (target) => `content/${target}` })}`).toMatchInlineSnapshot(`
    "
    You learn how to count things with a \`__u64\` in
    a map.

    ## Your task

    1. Open \`a.bpf.c\`. It compiles already, but
       counts everything that there is to be
       counted.
    2. See the header (content/program/a.h) and
       https://ebpf.io.

    - One
      - Two, nested

        import what; <Note/> /* stays */
        	return 0;

      Name   What
      \`key\`  a number
      value  a longer text

    First line
    second line.
    "
  `);
});

test('in plain mode code has a beginning and an end in words, and a row says the column’s name', () => {
  expect(`\n${renderTask(mdx, { ...screen, width: 1000, plain: true })}`).toMatchInlineSnapshot(`
    "
    You learn how to count things with a \`__u64\` in a map.

    Your task

    1. Open \`a.bpf.c\`. It compiles already, but counts everything that there is to be counted.
    2. See the header (program/a.h) and https://ebpf.io.

    - One
      - Two, nested

    Code, c:
    import what; <Note/> /* stays */
    	return 0;
    End of the code.

    Name: \`key\`; What: a number
    Name: value; What: a longer text

    First line
    second line.
    "
  `);
});

test('colours are escapes around the same text, and lines are as wide as they look', () => {
  const coloured = renderTask(mdx, { ...screen, color: true });
  expect(coloured).toContain('\u001b[1mYour task\u001b[22m');
  expect(coloured).toContain('\u001b[36m__u64\u001b[39m');
  const widths = coloured
    .replace(/\u001b\[\d+m/g, '')
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(50);
});

test('a table that is too wide for columns, and signs that are not ASCII', () => {
  const narrow = renderTask('| A | B |\n|---|---|\n| one – two | three four five six seven |\n', {
    ...screen,
    width: 30,
    unicode: false,
  });
  expect(narrow).toBe('A: one - two; B: three four\nfive six seven\n');
});

test('a link to a page of the site is its words', () => {
  expect(renderTask('It is from the [workshop](/credits/#workshop).', screen)).toBe('It is from the workshop.\n');
});
