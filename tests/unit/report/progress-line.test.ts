import { expect, test } from 'vitest';
import { createProgress } from '../../../grader/report/progress-line.ts';

function open(tty: boolean, quiet = false) {
  const written: string[] = [];
  let clock = 0;
  const progress = createProgress(
    { write: (text) => written.push(text), columns: 60 },
    { tty, quiet, now: () => clock },
  );
  return { progress, written, pass: (ms: number) => (clock += ms) };
}

function download({ progress, pass }: ReturnType<typeof open>) {
  progress.step('Downloading the image');
  for (let done = 0; done <= 40; done += 1) {
    progress.update({ done: done * 1024 * 1024, total: 40 * 1024 * 1024, unit: 'bytes' });
    pass(500);
  }
  progress.done('The image is here');
}

test('a terminal has one line redrawn', () => {
  const terminal = open(true);
  download(terminal);
  expect(terminal.written.length).toBe(42);
  expect(terminal.written.slice(0, -1).join('')).not.toContain('\n');
  expect(terminal.written[20]).toBe(
    `\r\u001b[2K${'Downloading the image  ████████████░░░░░░░░░░░░ 50%  20 MiB of 40 MiB  10 s'.slice(0, 59)}`,
  );
  expect(terminal.written.at(-1)).toBe('\r\u001b[2K✓ The image is here  20 s\n');
});

test('elsewhere at most a line each 10 seconds', () => {
  const pipe = open(false);
  download(pipe);
  expect(pipe.written).toMatchInlineSnapshot(`
    [
      "Downloading the image
    ",
      "Downloading the image  50%  20 MiB of 40 MiB  10 s
    ",
      "Downloading the image  100%  40 MiB of 40 MiB  20 s
    ",
      "✓ The image is here  20 s
    ",
    ]
  `);
});

test('quiet says nothing', () => {
  const quiet = open(true, true);
  download(quiet);
  expect(quiet.written).toEqual([]);
});
