/** The lab in an exercise's page, once it is open: editor, a run with its checks as they are decided, hints, and the solution after a pass. */
import type { Result } from '../../grader/verdict/result.ts';
import { setPractised } from '../browser/progress.ts';
import { savesData } from './able.ts';
import { filesFor } from './description.ts';
import { Editor } from './editor.ts';
import { Exchange } from './exchange.ts';
import type { ExerciseData } from './exercise-data.ts';
import { missingBytes } from './files.ts';
import { keepText, keptText } from './kept.ts';
import type { FromJudge } from './messages.ts';
import { keepOffline } from './offline.ts';
import { sentenceOf } from './problems.ts';
import { Session } from './session.ts';
import { Verdict } from './verdict.ts';

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;

export function openLab(): void {
  const data = JSON.parse(find('lab-data').textContent) as ExerciseData;
  const inside = find<HTMLTemplateElement>('lab-inside');
  find('lab').replaceChildren(inside.content.cloneNode(true));
  new Lab(data).begin();
}

class Lab {
  readonly #data: ExerciseData;
  readonly #file: string;
  readonly #editor: Editor;
  readonly #session = new Session();
  readonly #verdict: Verdict;
  readonly #exchange: Exchange;
  /** The run that is on; what an earlier one had begun goes no further. */
  #current: symbol | undefined;

  constructor(data: ExerciseData) {
    this.#data = data;
    this.#file = Object.keys(data.starter)[0]!;
    this.#exchange = new Exchange(this.#file);
    this.#verdict = new Verdict(data);
    this.#editor = new Editor({
      parent: find('lab-editor'),
      text: keptText(data.stableId, this.#file) ?? data.starter[this.#file]!,
      label: `Your program, ${this.#file}`,
      describedBy: 'lab-keys',
      onChange: (text) => this.#keep(text),
      onRun: () => void this.#run(),
    });
  }

  begin(): void {
    find('lab-run').addEventListener('click', () => void this.#run());
    find('lab-stop').addEventListener('click', () => this.#stop());
    find('lab-reset').addEventListener('click', () => this.#reset());
    find('lab-save').addEventListener('click', () => void this.#save());
    find('lab-load').addEventListener('click', () => void this.#load());
    for (const tab of document.querySelectorAll<HTMLButtonElement>('.lab-tabs button'))
      tab.addEventListener('click', () => show(tab.dataset.show!));
    this.#verdict.reset();
    this.#editor.focus();
  }

  async #run(): Promise<void> {
    if (this.#current) return;
    const own = Symbol('run');
    this.#setRunning(own);
    this.#editor.mark(undefined);
    this.#verdict.begin();
    show('result');
    const { folder, description, exercise } = this.#data;
    const place = { folder: new URL(folder, location.href).href, description };
    const missing = await missingBytes(place.folder, filesFor(description, ['machine', 'compiler']).files);
    if (missing > 0 && savesData() && !(await this.#verdict.ask(missing))) return this.#stop();
    // The worker is the first thing to be kept.
    await keepOffline(this.#data.base);
    // It may have been stopped meanwhile.
    if (this.#current !== own) return;
    const files = { [this.#file]: this.#editor.text };
    this.#session.run({ place, exercise, files }, (message) => this.#hear(message));
  }

  #hear(message: FromJudge): void {
    switch (message.type) {
      case 'download':
        return this.#verdict.showDownload(message.bytes, message.total);
      case 'unpacking':
        return this.#verdict.say('Unpacking …');
      case 'starting':
        return this.#verdict.say('Starting Linux …');
      case 'check':
        return this.#verdict.showCheck(message.id, message.result);
      case 'judged':
        this.#setRunning(undefined);
        return this.#judged(message);
      case 'failed':
        this.#setRunning(undefined);
        this.#session.stop();
        return this.#verdict.end(sentenceOf(message.problem));
    }
  }

  #judged({ result, hints, solution }: Extract<FromJudge, { type: 'judged' }>): void {
    this.#verdict.showResult(result, hints, solution);
    const location = failureOf(result)?.location;
    if (location?.file === this.#file) this.#editor.mark(location, failureOf(result)!.text);
    if (result.outcome !== 'pass') return;
    try {
      setPractised(this.#data.stableId);
    } catch {
      this.#note('This browser stores nothing for the course, so it will not remember this pass.');
    }
  }

  #stop(): void {
    this.#session.stop();
    this.#setRunning(undefined);
    this.#verdict.end('Stopped. The machine is gone, with everything that ran on it.');
  }

  #reset(): void {
    this.#editor.text = this.#data.starter[this.#file]!;
    keepText(this.#data.stableId, this.#file, null);
    this.#editor.mark(undefined);
    this.#note('The starter is back. Ctrl+Z in the editor brings back what you had.');
    this.#editor.focus();
  }

  async #save(): Promise<void> {
    this.#note(await this.#exchange.save(this.#editor.text));
  }

  async #load(): Promise<void> {
    const chosen = await this.#exchange.open();
    if (!chosen) return;
    if ('problem' in chosen) return this.#note(chosen.problem);
    this.#editor.text = chosen.text;
    this.#note(`Opened ${chosen.name}. Ctrl+Z in the editor brings back what you had.`);
  }

  #keep(text: string): void {
    if (!keepText(this.#data.stableId, this.#file, text))
      this.#note('This browser stores nothing for the course: save your program to a file before you leave.');
  }

  #setRunning(run: symbol | undefined): void {
    this.#current = run;
    find<HTMLButtonElement>('lab-run').disabled = run !== undefined;
    find<HTMLButtonElement>('lab-stop').disabled = run === undefined;
  }

  #note(text: string): void {
    find('lab-note').textContent = text;
  }
}

/** On a narrow screen one of the two panes is there at a time. */
function show(pane: string): void {
  document.querySelector<HTMLElement>('.lab-panes')!.dataset.shown = pane;
  for (const tab of document.querySelectorAll<HTMLElement>('.lab-tabs button'))
    tab.setAttribute('aria-pressed', String(tab.dataset.show === pane));
}

function failureOf({ checks, message }: Result): Result['message'] {
  return checks.find(({ outcome }) => outcome === 'fail' || outcome === 'error')?.message ?? message;
}
