/** The home page's demonstration, once its button was pressed: it fires; then one word is changed, and the verifier says no. */
import { elementsOf, type Lessons } from '../../browser/explanation.ts';
import { megabytes, savesData } from '../able.ts';
import { type Description, filesFor, type HomeProgram, partsForHome } from '../description.ts';
import { missingBytes } from '../files.ts';
import type { FromJudge } from '../messages.ts';
import { keepOffline } from '../offline.ts';
import { plainDocument } from '../plain-document.ts';
import { sentenceOf } from '../problems.ts';
import { Session } from '../session.ts';

interface HomeData {
  folder: string;
  base: string;
  description: Description;
  sources: Record<HomeProgram, string>;
  /** The word that is right, and what it is changed to. */
  words: [string, string];
  lessons: Lessons;
}

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const [runButton, stopButton, changeButton] = ['home-run', 'home-stop', 'home-change'].map((id) =>
  find<HTMLButtonElement>(id),
) as [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
const data = JSON.parse(find('home-lab-data').textContent) as HomeData;
const session = new Session();
let program: HomeProgram = 'fires';
/** A reader who saves data was asked. */
let mayDownload = false;
/** Of the run that is on; what an earlier one had begun goes no further. */
let current: symbol | undefined;

export async function begin(): Promise<void> {
  runButton.addEventListener('click', () => void run());
  stopButton.addEventListener('click', stop);
  changeButton.addEventListener('click', () => choose(program === 'fires' ? 'refused' : 'fires'));
  await run();
}

async function run(): Promise<void> {
  const own = (current = Symbol('run'));
  [runButton.disabled, stopButton.hidden, changeButton.hidden] = [true, false, true];
  const place = { folder: new URL(data.folder, location.href).href, description: data.description };
  const missing = await missingBytes(place.folder, filesFor(data.description, partsForHome(data.description)).files);
  if (missing > 0 && savesData() && !mayDownload) {
    mayDownload = true;
    return end(
      `Your browser asks to save data, and this downloads ${megabytes(missing)}. Press the button again to do it anyway.`,
    );
  }
  find('home-message').replaceChildren();
  find('home-printed').hidden = find('home-next').hidden = true;
  await keepOffline(data.base);
  // It may have been stopped meanwhile.
  if (current !== own) return;
  const files = { 'hello.bpf.c': data.sources[program] };
  session.run({ place, exercise: 'home/hello', files, home: program }, hear);
}

function hear(message: FromJudge): void {
  const progress = find<HTMLProgressElement>('home-progress');
  if (message.type === 'download') {
    [progress.hidden, progress.max, progress.value] = [false, message.total, message.bytes];
    // The numbers are in the bar, so that the line is heard once.
    return say(`Downloading ${megabytes(message.total)} …`);
  }
  progress.hidden = true;
  switch (message.type) {
    case 'unpacking':
      return say('Unpacking …');
    case 'starting':
      return say('Starting Linux …');
    case 'check':
      return message.result ? undefined : say(steps[message.id] ?? '');
    case 'printed':
      find('home-printed').textContent = message.lines.join('\n');
      find('home-printed').hidden = false;
      return;
    case 'judged':
      return judged(message);
    case 'failed':
      session.stop();
      return end(sentenceOf(message.problem));
  }
}

const steps: Readonly<Record<string, string>> = {
  compiles: 'Bringing the program to the kernel …',
  loads: 'The verifier reads it …',
  fires: 'Starting programs …',
};

function judged({ result }: Extract<FromJudge, { type: 'judged' }>): void {
  if (result.outcome === 'pass')
    return end(`It fired: Linux ${result.machine?.kernel ?? ''} ran it at each start of a program. Its lines:`);
  const failed = result.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'error');
  const message = failed?.message ?? result.message;
  if (message) find('home-message').replaceChildren(...elementsOf({ ...plainDocument, message }, data.lessons));
  find('home-next').hidden = failed?.id !== 'loads';
  end(failed?.id === 'loads' ? 'The verifier says no:' : 'It did not work:');
}

function choose(chosen: HomeProgram): void {
  program = chosen;
  find('home-word').textContent = data.words[chosen === 'fires' ? 0 : 1];
  changeButton.textContent = chosen === 'fires' ? 'Change one word' : 'Change it back';
  void run();
}

function stop(): void {
  current = undefined;
  session.stop();
  end('Stopped.');
}

function end(text: string): void {
  [runButton.disabled, stopButton.hidden, changeButton.hidden] = [false, true, false];
  runButton.textContent = 'Run it again';
  find('home-progress').hidden = true;
  say(text);
}

function say(text: string): void {
  if (find('home-now').textContent !== text) find('home-now').textContent = text;
}
