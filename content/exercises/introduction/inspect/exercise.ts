import { count, defineChecks, evidence, expect, quote } from '#kit';
import { askAll, type Answers, type Asked } from './workload.ts';

const answers = evidence(askAll);
const withMaps = ({ one, several }: Answers): Asked[] => [one, several];

export default defineChecks({
  async runs(kit) {
    const run = withMaps(await answers(kit)).find((asked) => asked.run.code !== 0)?.run;
    kit.expect(!run, {
      text: 'about.py does not come to its end.',
      expected: 'It ends with code 0.',
      actual: run?.timedOut
        ? 'It was still running when its time was up.'
        : run?.signal
          ? `Signal ${run.signal} ended it.`
          : `Code ${run?.code}. ${lastLine(run?.stderr ?? '')}`,
      wholeLog: run?.stderr ?? '',
    });
  },

  async id(kit) {
    for (const asked of withMaps(await answers(kit))) expectWord(asked, 'id', [String(asked.kernel.id)]);
  },

  async type(kit) {
    for (const asked of withMaps(await answers(kit))) expectWord(asked, 'type', [asked.kernel.type]);
  },

  async tag(kit) {
    for (const asked of withMaps(await answers(kit))) expectWord(asked, 'tag', [asked.kernel.tag]);
  },

  async maps(kit) {
    for (const asked of withMaps(await answers(kit)))
      expectWord(asked, 'maps', (asked.kernel.map_ids ?? []).map(String));
  },

  async 'no-maps'(kit) {
    const { none } = await answers(kit);
    kit.expect(none.run.code === 0, {
      text: 'about.py does not come to its end for a program that uses no map.',
      expected: 'It ends with code 0, after the line “maps none”.',
      actual: `Code ${none.run.code}. ${lastLine(none.run.stderr)}`,
      wholeLog: none.run.stderr,
    });
    expectWord(none, 'maps', ['none']);
    for (const [word, value] of [
      ['id', none.kernel.id],
      ['type', none.kernel.type],
      ['tag', none.kernel.tag],
    ] as const)
      expectWord(none, word, [String(value)]);
  },

  async 'nothing-else'(kit) {
    const lines = Object.values(await answers(kit)).find((asked) => asked.lines.length !== 4)?.lines;
    kit.expect(!lines, {
      text: 'about.py does not print four lines.',
      expected: 'id, type, tag and maps, one line each.',
      actual: lines
        ? `${count(lines.length, 'line')}: ${lines.map((line) => quote(line, 60)).join(', ')}.`.slice(0, 1000)
        : '',
    });
  },
});

/** Compares what follows a word in the script's output, in any order. */
function expectWord(asked: Asked, word: string, wanted: string[]): void {
  const said = asked.said.get(word);
  const same = said && [...said].sort().join(' ') === [...wanted].sort().join(' ');
  const about = asked.kernel.map_ids
    ? `the ${asked.kernel.type} program with the id ${asked.kernel.id}`
    : 'a program without maps';
  expect(Boolean(same), {
    text: `The line “${word} …” is not what the kernel says of ${about}.`,
    expected: `${word} ${wanted.join(' ')}`,
    actual: said ? quote(`${word} ${said.join(' ')}`) : `No line that begins with ${quote(word)}.`,
  });
}

/** What a Python program that failed says last. */
const lastLine = (stderr: string): string => quote(stderr.trim().split('\n').at(-1) ?? '');
