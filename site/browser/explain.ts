/** The page that explains a log: what is pasted, typed, opened or dropped there is explained as it comes. */
import type { LogExample } from '../course/examples.ts';
import { type Answer, ask, drop, type Question } from './explain-engine.ts';
import { elementsOf, type Lessons, textOf } from './explanation.ts';
import { fromFragment, isFragment, longestFragment, toFragment } from '../../grader/explain/walk/fragment.ts';
import { focusWalk, hideWalk, showWalk } from './walk.ts';

/** Milliseconds without a key. */
const patience = 250;
/** Letters: a text area with more of them holds up the page. */
const mostShown = 400_000;
/** As the command line's. */
const largest = 16 * 1024 * 1024;
const writers = { verifier: 'From the verifier.', libbpf: 'From libbpf or its loader.', clang: 'From clang.' };

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const [log, file, program, answer, status] = [
  find<HTMLTextAreaElement>('log'),
  find<HTMLInputElement>('log-file'),
  find<HTMLInputElement>('program'),
  find('answer'),
  find('status'),
];
const [copy, clear, whole, programs] = [
  find<HTMLButtonElement>('copy'),
  find<HTMLButtonElement>('clear'),
  find('whole'),
  find('programs'),
];
const [toWalk, share, meaning] = [
  find<HTMLButtonElement>('to-walk'),
  find<HTMLButtonElement>('share'),
  find('meaning'),
];
const { examples, lessons } = JSON.parse(find('explain-data').textContent) as {
  examples: LogExample[];
  lessons: Lessons;
};

/** A text that is too long to be shown, instead of what is in the text area. */
let unshown: string | null = null;
let sources: Question['sources'] = [];
let shown: Answer | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Somebody clicked or pasted: the answer must be in view. */
let isWanted = false;

log.addEventListener('input', (event) => {
  if (log.value !== '') keep(null);
  // Of what was pasted or dropped, the answer is wanted; who types is not to be taken away from the field.
  isWanted = /^insertFrom(?:Paste|Drop)/.test((event as InputEvent).inputType ?? '');
  soon(patience);
});
log.addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text.length <= mostShown) return;
  event.preventDefault();
  take(text, 'What you pasted');
});
log.addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault());
log.addEventListener('drop', (event) => {
  const [dropped] = event.dataTransfer?.files ?? [];
  if (!dropped) return;
  event.preventDefault();
  void open(dropped);
});
file.addEventListener('change', () => file.files?.[0] && void open(file.files[0]));
program.addEventListener('change', async () => {
  const files = [...(program.files ?? [])].filter(({ size }) => size <= largest);
  setSources(await Promise.all(files.map(async (one): Promise<[string, string]> => [one.name, await one.text()])));
  soon(0);
});
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-example]')) {
  button.addEventListener('click', () => {
    const example = examples[Number(button.dataset.example)]!;
    setSources([[example.file, example.source]]);
    take(example.log, example.title);
  });
}
clear.addEventListener('click', () => {
  [log.value, file.value, program.value] = ['', '', ''];
  keep(null);
  setSources([]);
  if (isFragment(location.hash)) history.replaceState(null, '', location.pathname);
  soon(0);
  log.focus();
});
copy.addEventListener('click', async () => {
  if (!shown) return;
  try {
    await navigator.clipboard.writeText(textOf(shown, lessons));
    status.textContent = 'Copied.';
  } catch {
    // Without https there is no clipboard for scripts.
    getSelection()?.selectAllChildren(answer);
    status.textContent = 'Selected. Copy it with Ctrl+C.';
  }
});
toWalk.addEventListener('click', () => void walk());
share.addEventListener('click', () => void shareLink());
window.addEventListener('hashchange', () => void openLink());
// A browser may bring back what was in the field before a reload.
if (isFragment(location.hash)) void openLink();
else soon(0);

/** The log is in the fragment, which no browser sends anywhere. */
async function openLink(): Promise<void> {
  if (!isFragment(location.hash)) return;
  const opened = await fromFragment(location.hash);
  if ('problem' in opened) return say(opened.problem);
  take(opened.text, 'The log in the link');
}

async function shareLink(): Promise<void> {
  const text = unshown ?? log.value;
  const fragment = await toFragment(text);
  if (fragment === null) {
    status.textContent = `This log is too long for a link: compressed, it is longer than ${longestFragment.toLocaleString('en')} letters. Send it as a file, or cut it down to the program that failed.`;
    return;
  }
  history.replaceState(null, '', fragment);
  try {
    await navigator.clipboard.writeText(location.href);
    status.textContent = 'The link is copied. It contains the log: anyone who opens it reads the same here.';
  } catch {
    status.textContent =
      'The link is in the address bar now. It contains the log: anyone who opens it reads the same here.';
  }
}

async function walk(): Promise<void> {
  status.textContent = 'Reading …';
  try {
    if (await showWalk(unshown ?? log.value, sources)) focusWalk();
    status.textContent = '';
  } catch (error) {
    status.textContent = `The walk does not run in this browser: ${error instanceof Error ? error.message : String(error)}. Use npx grade explain --walk instead.`;
  }
}

async function open(chosen: File): Promise<void> {
  if (chosen.size > largest)
    return say(
      `${chosen.name} is larger than 16 MiB. Cut it down to the part with the error: the last hundred lines of a log are usually enough.`,
    );
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  // What PowerShell redirects to a file is UTF-16.
  take(new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes), chosen.name);
}

function take(text: string, what: string): void {
  const fits = text.length <= mostShown;
  log.value = fits ? text : '';
  keep(fits ? null : text, what);
  isWanted = true;
  soon(0);
}

function keep(text: string | null, what = ''): void {
  unshown = text;
  whole.hidden = text === null;
  whole.textContent =
    text === null
      ? ''
      : `${what}: ${(text.length / 1e6).toFixed(1)} million characters. All of it is explained, but it is too long to show here.`;
}

function setSources(files: Question['sources']): void {
  sources = files;
  programs.textContent = files.length === 0 ? '' : `With ${files.map(([name]) => name).join(', ')}.`;
}

function soon(wait: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void explain(), wait);
}

async function explain(): Promise<void> {
  const text = unshown ?? log.value;
  clear.disabled = text === '' && sources.length === 0;
  if (text.trim() === '') {
    drop();
    return say('');
  }
  if (text.length > largest)
    return say(
      'The text is larger than 16 MiB. Cut it down to the part with the error: the last hundred lines of a log are usually enough.',
    );
  if (unshown) status.textContent = 'Reading …';
  try {
    const explained = await ask({ text, sources });
    if (explained) show(explained);
  } catch (error) {
    say(
      `The engine does not run in this browser: ${error instanceof Error ? error.message : String(error)}. Use npx grade explain instead.`,
    );
  }
}

function show(explained: Answer): void {
  shown = explained;
  answer.replaceChildren(...elementsOf(explained, lessons));
  log.classList.add('explained');
  [answer.hidden, copy.disabled, share.disabled] = [false, false, false];
  hideWalk();
  toWalk.hidden = explained.tool !== 'verifier' || !/^.{0,200}?\d+: \([0-9a-f]{2}\) /m.test(unshown ?? log.value);
  const heard = document.createElement('span');
  heard.className = 'sr-only';
  heard.textContent = ` ${answer.firstElementChild!.textContent}`;
  if (isWanted) meaning.scrollIntoView({ block: 'start' });
  isWanted = false;
  status.replaceChildren(explained.tool ? writers[explained.tool] : 'From no tool that Hookpoint knows.', heard);
}

/** Without an answer. */
function say(text: string): void {
  shown = null;
  answer.replaceChildren();
  log.classList.remove('explained');
  [answer.hidden, copy.disabled, share.disabled, toWalk.hidden] = [true, true, true, true];
  hideWalk();
  status.textContent = text;
}
