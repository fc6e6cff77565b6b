/** The page that explains a log: what is pasted, typed, opened or dropped there is explained as it comes. */
import type { LogExample } from '../course/examples.ts';
import { type Answer, ask, drop, type Question } from './explain-engine.ts';
import { elementsOf, type Lessons, textOf } from './explanation.ts';

/** Milliseconds without a key. */
const patience = 250;
/** Letters: a text area with more of them holds up the page. */
const mostShown = 400_000;
/** As the command line's. */
const largest = 16 * 1024 * 1024;
const writers = { verifier: 'From the verifier.', libbpf: 'From libbpf or its loader.', clang: 'From clang.' };

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const [log, file, program, answer, status] = [find<HTMLTextAreaElement>('log'), find<HTMLInputElement>('log-file'), find<HTMLInputElement>('program'), find('answer'), find('status')];
const [copy, clear, whole, programs] = [find<HTMLButtonElement>('copy'), find<HTMLButtonElement>('clear'), find('whole'), find('programs')];
const { examples, lessons } = JSON.parse(find('explain-data').textContent) as { examples: LogExample[]; lessons: Lessons };

/** A text that is too long to be shown, instead of what is in the text area. */
let unshown: string | null = null;
let sources: Question['sources'] = [];
let shown: Answer | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

log.addEventListener('input', () => {
  if (log.value !== '') keep(null);
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
// A browser may bring back what was in the field before a reload.
soon(0);

async function open(chosen: File): Promise<void> {
  if (chosen.size > largest) return say(`${chosen.name} is larger than 16 MiB. Cut it down to the part with the error: the last hundred lines of a log mostly do.`);
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  // What PowerShell redirects to a file is UTF-16.
  take(new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes), chosen.name);
}

function take(text: string, what: string): void {
  const fits = text.length <= mostShown;
  log.value = fits ? text : '';
  keep(fits ? null : text, what);
  soon(0);
}

function keep(text: string | null, what = ''): void {
  unshown = text;
  whole.hidden = text === null;
  whole.textContent = text === null ? '' : `${what}: ${(text.length / 1e6).toFixed(1)} million letters. All of it is explained; it is too long to be shown here.`;
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
  if (text.length > largest) return say('The text is larger than 16 MiB. Cut it down to the part with the error: the last hundred lines of a log mostly do.');
  if (unshown) status.textContent = 'Reading …';
  try {
    const explained = await ask({ text, sources });
    if (explained) show(explained);
  } catch (error) {
    say(`The engine does not run in this browser: ${error instanceof Error ? error.message : String(error)}. Use npx grade explain instead.`);
  }
}

function show(explained: Answer): void {
  shown = explained;
  answer.replaceChildren(...elementsOf(explained, lessons));
  [answer.hidden, copy.disabled] = [false, false];
  const heard = document.createElement('span');
  heard.className = 'sr-only';
  heard.textContent = ` ${answer.firstElementChild!.textContent}`;
  status.replaceChildren(explained.tool ? writers[explained.tool] : 'From no tool that Hookpoint knows.', heard);
}

/** Without an answer. */
function say(text: string): void {
  shown = null;
  answer.replaceChildren();
  [answer.hidden, copy.disabled] = [true, true];
  status.textContent = text;
}
