/** Slides of a lesson's HTML: what is shown, what stands large, what is spoken. */
import { expect, test } from 'vitest';
import { commandIn, deckOf } from '../../../site/slides/deck.ts';

const heading = (id: string, text: string) =>
  `<div class="sl-heading-wrapper level-h2"><h2 id="${id}">${text}</h2><a class="sl-anchor-link" href="#${id}">#</a></div>`;
const code = (lines: number, line = 'x') =>
  `<div class="expressive-code"><figure><pre><code>${`<div class="ec-line">${line}</div>`.repeat(lines)}</code></pre><div class="copy"></div></figure></div>`;
const key = (text: string) => `<span class="key">${text}</span>`;
const brief = (html: string) =>
  deckOf(html, 'Maps').slides.map(({ id, above, shown, below, notes }) => ({
    id,
    above,
    kind: shown?.kind ?? null,
    below,
    notes,
  }));

test('a section is a slide: its code is shown, its prose is spoken', () => {
  expect(brief(`${heading('count', 'Count')}<p>Before.</p>${code(5)}<p>Behind.</p>`)).toEqual([
    { id: 'count', above: [], kind: 'code', below: [], notes: ['<p>Before.</p>', '<p>Behind.</p>'] },
  ]);
});

test('what comes before the first heading is said to the title; what it shows has a slide, and a last word for it', () => {
  const { opening, slides } = deckOf('<p>One.</p><p>Two.</p><figure class="diagram"><svg></svg></figure>', 'Maps');
  expect(opening).toEqual(['<p>One.</p>']);
  expect(slides).toMatchObject([
    { id: 'opening', heading: 'Maps', shown: { kind: 'diagram' }, notes: ['<p>Two.</p>'] },
  ]);
});

test('a slide shows one thing; the line that leads to the next one goes along', () => {
  expect(
    brief(`${heading('a', 'A')}${code(2)}<p>What it does.</p><p>Now the other:</p><table><tr><td>1</td></tr></table>`),
  ).toEqual([
    { id: 'a', above: [], kind: 'code', below: [], notes: ['<p>What it does.</p>'] },
    { id: 'a-2', above: [], kind: 'table', below: [], notes: ['<p>Now the other:</p>'] },
  ]);
});

test('what to read next is for readers: a deck goes on behind it', () => {
  expect(
    brief(
      `${heading('a', 'A')}${code(2)}${heading('b', 'Further reading')}<ul><li>A link</li></ul>${heading('c', 'C')}${code(2)}`,
    ),
  ).toMatchObject([{ id: 'a' }, { id: 'c' }]);
});

test('a key sentence stands above or below what is short', () => {
  expect(
    brief(`${heading('a', 'A')}<p>So. ${key('It stays.')}</p>${code(4)}<p>${key('It ends.')} Or not.</p>`),
  ).toEqual([
    {
      id: 'a',
      above: ['It stays.'],
      kind: 'code',
      below: ['It ends.'],
      notes: [`<p>So. ${key('It stays.')}</p>`, `<p>${key('It ends.')} Or not.</p>`],
    },
  ]);
});

test('a key sentence has a slide of its own where what is shown needs the room, or is about something else', () => {
  expect(
    brief(`${heading('a', 'A')}<p>${key('It stays.')}</p>${code(16)}`).map(({ above, kind }) => [above, kind]),
  ).toEqual([
    [['It stays.'], null],
    [[], 'code'],
  ]);
  expect(
    brief(`${heading('a', 'A')}<p>${key('It stays.')}</p><p>Something else.</p>${code(2)}`).map(({ above, kind }) => [
      above,
      kind,
    ]),
  ).toEqual([
    [['It stays.'], null],
    [[], 'code'],
  ]);
});

test('a slide of code is not left without a word by the key sentence behind it', () => {
  expect(brief(`${heading('a', 'A')}${code(16)}<p>It adds. ${key('Check it.')}</p><p>Else not.</p>`)).toEqual([
    { id: 'a', above: [], kind: 'code', below: [], notes: [`<p>It adds. ${key('Check it.')}</p>`] },
    { id: 'a-2', above: ['Check it.'], kind: null, below: [], notes: ['<p>Else not.</p>'] },
  ]);
});

test('the longer and wider, the smaller', () => {
  const size = (html: string) => deckOf(`${heading('a', 'A')}${html}`, 'Maps').slides[0]!.size;
  expect([size(code(5)), size(code(9)), size(code(13)), size(code(30)), size(code(5, 'x'.repeat(80)))]).toEqual([
    'huge',
    'large',
    'medium',
    'small',
    'small',
  ]);
});

test('a question shows which answer is right with the next key, and the speaker knows it before, and what to say to the others', () => {
  const answer = (kind: string, text: string, why: string) =>
    `<details class="answer ${kind}"><summary><span>${text}</span></summary><p>${why}</p></details>`;
  const { slides } = deckOf(
    `<div class="quiz"><p class="question">Why?</p>${answer('wrong', 'A', 'Not so.')}${answer('right', 'B', 'It is.')}</div>`,
    'Maps',
  );
  expect(slides).toMatchObject([
    { shown: { kind: 'quiz' }, notes: ['<p><em>A</em> Not so.</p>', '<p><em>B</em> <strong>Yes.</strong></p>'] },
  ]);
  expect(slides[0]!.shown!.html).toMatchInlineSnapshot(
    `"<p class="question">Why?</p><div class="answer fragment custom"><ol class="answers"><li class="wrong">A</li><li class="right">B</li></ol><p class="why">It is.</p></div>"`,
  );
});

test('terms are plain words, and no link leads the speaker away', () => {
  const [slide] = brief(
    `${heading('a', 'A')}<p>A <button class="term">map</button><span class="meaning" popover>A table.</span>, see <a href="/x/">there</a>.</p>${code(1)}`,
  );
  expect(slide!.notes).toEqual(['<p>A map, see there.</p>']);
});

test('a section of prose alone keeps its slide; a heading with nothing below has none', () => {
  expect(
    brief(`${heading('a', 'A')}${heading('b', 'B')}<p>Said.</p>${heading('c', 'C')}${code(1)}`).slice(0, -1),
  ).toEqual([{ id: 'b', above: [], kind: null, below: [], notes: ['<p>Said.</p>'] }]);
});

test('the command to begin with is the one that the last section names', () => {
  const before = '<h2>A</h2><p><code>npx grade explain</code></p>';
  expect(
    commandIn(
      `${before}<h2>Now you</h2><p><code>npx grade</code></p><button data-code="npx grade shell maps/count-execs\u007fclang"></button>`,
    ),
  ).toBe('npx grade shell maps/count-execs');
  expect(
    commandIn(`${before}<h2>Now you</h2><p><code>npx grade --seed …</code> <code dir="auto">npx grade</code></p>`),
  ).toBe('npx grade');
  expect(commandIn(`${before}<h2>Now you</h2><p>Nothing.</p>`)).toBe('npx grade shell');
});

test('a last section of prose alone is said to the last slide', () => {
  expect(deckOf(`${heading('a', 'A')}<p>Said.</p>${heading('now', 'Now you')}<p>Do it.</p>`, 'Maps')).toMatchObject({
    slides: [{ id: 'a' }],
    closing: ['<p>Do it.</p>'],
  });
});
