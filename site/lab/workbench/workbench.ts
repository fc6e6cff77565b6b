/** A program of a lesson, to be changed and run: editor, result, terminal and kernel, docked below the page. One for the page. */
import { lessons as titles } from 'virtual:hookpoint/lessons';
import { lab, programs } from 'virtual:hookpoint/workbench';
import type { LessonProgram } from '../../course/programs.ts';
import { elementsOf, type Lessons } from '../../browser/explanation.ts';
import { at } from '../../text.ts';
import { megabytes, savesData } from '../able.ts';
import { filesFor } from '../description.ts';
import { Editor } from '../editor.ts';
import { missingBytes } from '../files.ts';
import { keepText, keptText } from '../kept.ts';
import { keepOffline } from '../offline.ts';
import { sentenceOf } from '../problems.ts';
import { element } from './elements.ts';
import { kernelLists } from './kernel.ts';
import type { FromWorkbench, Tried } from './messages.ts';
import { makePanel } from './panel.ts';
import { addStyles } from './styles.ts';
import { offerRecorded } from './recorded-page.ts';
import { WorkbenchSession } from './session.ts';
import { Terminal } from './terminal.ts';

export interface Opening {
  /** Path below content/examples. */
  program: string;
  /** The part of it that the lesson shows. */
  part: string | undefined;
  /** What was pressed; null if the reader comes from another page, where it was open. */
  from: HTMLElement | null;
  /** Of sessionStorage, which remembers what is open. */
  key: string;
}

let workbench: Workbench | undefined;

export function openWorkbench(opening: Opening): void {
  // It was open, and the site has been built anew since.
  if (!Object.hasOwn(programs, opening.program)) return;
  workbench ??= new Workbench(opening.key);
  workbench.open(opening);
}

/** As in workbench.css. */
const isWide = matchMedia('(min-width: 50rem)');
const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const lessons: Lessons = Object.fromEntries(
  Object.entries(titles).map(([slug, title]) => [slug, { title, url: at(`/${slug}/`) }]),
);

class Workbench {
  readonly #key: string;
  readonly #panel = makePanel();
  readonly #session = new WorkbenchSession((message) => this.#hear(message));
  readonly #editor: Editor;
  readonly #terminal: Terminal;
  readonly #place = { folder: new URL(at(lab!.path), location.href).href, description: lab!.description };
  #id = '';
  #program!: LessonProgram;
  #from: HTMLElement | null = null;
  #isReady = false;
  /** Run was pressed before the machine was ready. */
  #isWanted = false;
  /** A reader who saves data was asked, and pressed again. */
  #mayDownload = false;

  constructor(key: string) {
    this.#key = key;
    addStyles();
    document.body.append(this.#panel);
    this.#editor = new Editor({
      parent: find('try-editor'),
      text: '',
      label: 'The program',
      describedBy: 'try-keys',
      onChange: (text) => this.#keep(text),
      onRun: () => this.#run(),
    });
    this.#terminal = new Terminal({
      screen: find('try-screen'),
      plain: find('try-plain'),
      onType: (text) => this.#session.tell({ type: 'type', text }),
      onResize: (size) => this.#session.tell({ type: 'resize', size }),
      onShown: (bytes) => this.#session.tell({ type: 'shown', bytes }),
    });
    const press = (id: string, call: () => void) => find(id).addEventListener('click', call);
    press('try-run', () => this.#run());
    press('try-stop', () => this.#stop());
    press('try-reset', () => this.#reset());
    press('try-close', () => this.#close());
    press('try-look', () => this.#session.tell({ type: 'look' }));
    press('try-interrupt', () => this.#session.tell({ type: 'type', text: '\x03' }));
    press('try-taller', () => {
      const isTall = this.#panel.classList.toggle('taller');
      find('try-taller').setAttribute('aria-pressed', String(isTall));
    });
    for (const button of this.#panel.querySelectorAll<HTMLButtonElement>('[data-pane]'))
      button.addEventListener('click', () => this.#show(button.dataset.pane!));
    for (const button of this.#panel.querySelectorAll<HTMLButtonElement>('[data-type]'))
      button.addEventListener('click', () => this.#type(button.dataset.type!));
    find('try-line').addEventListener('submit', (event) => {
      event.preventDefault();
      const field = find<HTMLInputElement>('try-command');
      this.#type(field.value);
      field.value = '';
    });
    this.#show('program');
  }

  open({ program, part, from }: Opening): void {
    this.#panel.hidden = false;
    document.documentElement.classList.add('has-try');
    this.#from = from ?? this.#from;
    if (program !== this.#id) this.#take(program);
    const line = part === undefined ? undefined : this.#program.lines[part];
    if (line !== undefined) this.#editor.goTo(line);
    if (from) find('try-title').focus({ preventScroll: true });
    this.#remember(program);
    void this.#start(from === null);
  }

  #take(id: string): void {
    this.#id = id;
    this.#program = programs[id]!;
    const { file, files } = this.#program;
    this.#editor.text = keptText(`lesson:${id}`, file) ?? files[file]!;
    this.#editor.mark(undefined);
    find('try-file').textContent = file;
  }

  /** `again`: the reader did not press anything, so nothing is downloaded. */
  async #start(again = false): Promise<void> {
    if (this.#session.isOn) return;
    const missing = await missingBytes(this.#place.folder, filesFor(this.#place.description, ['machine']).files);
    if (missing > 0 && again) return this.#say('Linux is not in this browser any more. Run downloads it again.');
    if (missing > 0 && savesData() && !this.#mayDownload) {
      this.#mayDownload = true;
      return this.#say(
        `Your browser asks to save data, and this downloads ${megabytes(missing)}. Press Run to do it anyway.`,
      );
    }
    this.#say('Preparing …');
    await keepOffline(at(''));
    if (this.#session.isOn) return;
    this.#terminal.reset();
    this.#session.tell({ type: 'start', place: this.#place, size: this.#terminal.size });
    this.#setState();
  }

  #run(): void {
    this.#isWanted = true;
    this.#editor.mark(undefined);
    if (!this.#isReady) return void this.#start();
    this.#isWanted = false;
    const { file, files } = this.#program;
    this.#setState(true);
    this.#say('Compiling …');
    this.#session.tell({ type: 'run', source: { file, files: { ...files, [file]: this.#editor.text } } });
  }

  #hear(message: FromWorkbench): void {
    const progress = find<HTMLProgressElement>('try-progress');
    progress.hidden = message.type !== 'download';
    switch (message.type) {
      case 'download':
        [progress.max, progress.value] = [message.total, message.bytes];
        // The numbers are in the bar, so that the line is heard once.
        return this.#say(`Downloading ${megabytes(message.total)} …`);
      case 'unpacking':
        return this.#say('Unpacking …');
      case 'starting':
        return this.#say('Starting Linux …');
      case 'ready':
        return this.#ready(message);
      case 'printed':
        return this.#terminal.write(message.bytes);
      case 'stage':
        return this.#say(message.stage === 'compile' ? 'Compiling …' : 'Loading: the verifier reads it …');
      case 'tried':
        this.#setState();
        return this.#showTried(message.tried);
      case 'kernel':
        return find('try-kernel').replaceChildren(...kernelLists(message.state));
      case 'failed':
        return this.#end(sentenceOf(message.problem, 'Linux has stopped'));
    }
  }

  #ready({ kernel, tools }: Extract<FromWorkbench, { type: 'ready' }>): void {
    this.#isReady = true;
    find('try-machine').textContent = `Linux ${kernel}`;
    offerRecorded(new Set(tools), (command) => {
      this.#panel.hidden = false;
      this.#type(command);
    });
    this.#setState();
    this.#say('Linux is running. Run loads the program; the terminal is open.');
    if (this.#isWanted) this.#run();
    else this.#session.tell({ type: 'look' });
  }

  #showTried({ outcome, commands, explanation, log, programs: found }: Tried): void {
    const parts: HTMLElement[] = [];
    if (explanation) {
      parts.push(...elementsOf(explanation, lessons));
      const { location, text } = explanation.message;
      if (location?.file === this.#program.file) this.#editor.mark(location, text);
    }
    const waiting = found.filter(({ isAttached }) => !isAttached);
    const attached = found.filter(({ isAttached }) => isAttached);
    const summary = {
      'not compiled': 'It does not compile.',
      refused: 'The kernel did not take it.',
      loaded: `Loaded. ${attached.length > 0 ? `Attached: ${namesOf(attached)}.` : 'Nothing is attached yet.'}`,
    }[outcome];
    if (waiting.length > 0) parts.push(this.#waiting(waiting));
    parts.push(element('h3', 'What was run'), element('pre', commands.map((command) => `# ${command}`).join('\n')));
    if (log.trim() !== '') {
      const details = element('details');
      details.append(element('summary', 'All that the tools said'), element('pre', log));
      parts.push(details);
    }
    find('try-result').replaceChildren(element('p', summary, 'try-summary'), ...parts);
    this.#show(outcome === 'loaded' && waiting.length === 0 ? 'kernel' : 'result');
    this.#say(summary, explanation?.message.text);
  }

  /** Programs that have to be told where, with what tells them. */
  #waiting(found: Tried['programs']): HTMLElement {
    const list = element('ul', '', 'try-waiting');
    for (const { name, command } of found) {
      const item = element('li');
      const said = element('p');
      said.append(element('code', name), ' is loaded, and waits to be attached.');
      item.append(said);
      if (command === null) said.append(' No command does that: it takes a program of its own, as the lesson shows.');
      else {
        const button = element('button', 'Type it');
        button.type = 'button';
        button.setAttribute('aria-label', `Type ${command}`);
        button.addEventListener('click', () => this.#type(command));
        item.append(element('pre', command), button);
      }
      list.append(item);
    }
    return list;
  }

  /** As a line into the terminal, which is shown. */
  #type(command: string): void {
    this.#show('terminal');
    if (!this.#isReady) return this.#say('Linux is not running yet. Run starts it.');
    this.#session.tell({ type: 'type', text: `${command}\r` });
    this.#say(`Typed: ${command}`);
  }

  #stop(): void {
    this.#end('Stopped. Linux is gone, with everything that ran on it. Run starts it again.');
  }

  #end(text: string): void {
    this.#session.stop();
    this.#isReady = this.#isWanted = false;
    find('try-progress').hidden = true;
    find('try-machine').textContent = '';
    find('try-kernel').replaceChildren(element('p', 'Nothing runs.'));
    this.#setState();
    this.#say(text);
  }

  #reset(): void {
    this.#editor.text = this.#program.files[this.#program.file]!;
    keepText(`lesson:${this.#id}`, this.#program.file, null);
    this.#editor.mark(undefined);
    this.#say('The lesson’s program is back. Ctrl+Z in the editor brings back what you had.');
  }

  #close(): void {
    this.#end('');
    this.#panel.hidden = true;
    document.documentElement.classList.remove('has-try');
    this.#remember(null);
    this.#from?.focus();
  }

  #keep(text: string): void {
    const { file, files } = this.#program;
    keepText(`lesson:${this.#id}`, file, text === files[file] ? null : text);
  }

  #setState(isRunning = false): void {
    find<HTMLButtonElement>('try-run').disabled = isRunning || (this.#session.isOn && !this.#isReady);
    find<HTMLButtonElement>('try-stop').disabled = !this.#session.isOn;
    find<HTMLButtonElement>('try-look').disabled = !this.#isReady;
  }

  /** On a wide screen the program is always there, and one of the others beside it. */
  #show(pane: string): void {
    const panes = this.#panel.querySelector<HTMLElement>('.try-panes')!;
    if (pane !== 'program') panes.dataset.beside = pane;
    panes.dataset.shown = pane;
    panes.dataset.beside ??= 'terminal';
    for (const button of this.#panel.querySelectorAll<HTMLElement>('[data-pane]')) {
      const isThere = button.dataset.pane === (isWide.matches ? panes.dataset.beside : pane);
      button.setAttribute('aria-pressed', String(isThere));
    }
    this.#terminal.fit();
  }

  #remember(program: string | null): void {
    try {
      if (program === null) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, program);
    } catch {
      // Then the next page begins without it.
    }
  }

  /** `aloud`: what is heard as well, and can be seen elsewhere. */
  #say(text: string, aloud = ''): void {
    const now = find('try-now');
    const heard = element('span', aloud === '' ? '' : ` ${aloud}`, 'sr-only');
    if (now.textContent !== `${text}${heard.textContent}`) now.replaceChildren(text, heard);
  }
}

function namesOf(found: Tried['programs']): string {
  return found.map(({ name }) => name).join(', ');
}
