/** The pane with a run's result. All texts of it are put in as text: what a guest says never becomes HTML. */
import { lessons as titles } from 'virtual:hookpoint/lessons';
import type { CheckResult, Outcome, Result } from '../../grader/verdict/result.ts';
import { elementsOf, type Lessons } from '../browser/explanation.ts';
import { megabytes } from './able.ts';
import type { ExerciseData } from './exercise-data.ts';
import { plainDocument } from './plain-document.ts';
import { marks, type State, together, words } from './states.ts';

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;

export class Verdict {
  readonly #data: ExerciseData;
  readonly #lessons: Lessons;
  readonly #states = new Map<string, State>();
  /** Milliseconds of performance.now() when the run began. */
  #from = 0;

  constructor(data: ExerciseData) {
    this.#data = data;
    this.#lessons = Object.fromEntries(
      Object.entries(titles).map(([slug, title]) => [slug, { title, url: `${data.base}/${slug}/` }]),
    );
  }

  /** As before any run. */
  reset(): void {
    for (const { id } of this.#data.checks) this.#states.set(id, 'waiting');
    for (const id of ['lab-message', 'lab-hints', 'lab-after', 'lab-question']) find(id).replaceChildren();
    find('lab-progress').hidden = find('lab-question').hidden = true;
    this.#draw();
  }

  begin(): void {
    this.reset();
    this.#from = performance.now();
    find('lab-machine').textContent = '';
    this.say('Preparing …');
  }

  /** What happens now; `aloud` for those who hear the page. */
  say(text: string, aloud = text): void {
    find('lab-now').textContent = text;
    find('lab-said').textContent = aloud;
  }

  showDownload(bytes: number, total: number): void {
    const progress = find<HTMLProgressElement>('lab-progress');
    [progress.hidden, progress.max, progress.value] = [false, total, bytes];
    // Heard once, not at every megabyte.
    this.say(
      `Downloading the lab, ${(bytes / 1e6).toFixed(1)} of ${megabytes(total)} …`,
      `Downloading the lab, ${megabytes(total)}.`,
    );
  }

  /** Whether to download, where the reader wants to save data. */
  ask(bytes: number): Promise<boolean> {
    const question = find('lab-question');
    const text = element('p', `Your browser asks to save data, and the lab has ${megabytes(bytes)} to download.`);
    const [yes, no] = [element('button', 'Download it'), element('button', 'Not now')];
    question.replaceChildren(text, yes, no);
    question.hidden = false;
    find('lab-said').textContent = text.textContent;
    yes.focus();
    return new Promise((resolve) => {
      const answer = (isYes: boolean) => {
        question.hidden = true;
        resolve(isYes);
      };
      yes.addEventListener('click', () => answer(true));
      no.addEventListener('click', () => answer(false));
    });
  }

  showCheck(id: string, result: CheckResult | undefined): void {
    find('lab-progress').hidden = true;
    const title = this.#data.checks.find((check) => check.id === id)?.title ?? id;
    this.#states.set(id, result?.outcome ?? 'running');
    this.#draw();
    if (!result) this.say(`${title} …`, '');
    else if (result.outcome !== 'skipped') find('lab-said').textContent = `${title}: ${words[result.outcome]}.`;
  }

  /** A run that came to no verdict. */
  end(text: string): void {
    for (const [id, state] of this.#states) if (state === 'running') this.#states.set(id, 'waiting');
    find('lab-progress').hidden = find('lab-question').hidden = true;
    this.#draw();
    this.say(text);
  }

  showResult(result: Result, hints: readonly string[], solution: Readonly<Record<string, string>> | null): void {
    for (const check of result.checks) this.#states.set(check.id, check.outcome);
    this.#draw();
    const seconds = ((performance.now() - this.#from) / 1000).toFixed(1);
    if (result.machine) find('lab-machine').textContent = `Linux ${result.machine.kernel} · ${seconds} s`;
    const failed = result.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'error');
    const message = failed?.message ?? result.message;
    if (message) {
      const parts = elementsOf({ ...plainDocument, message }, this.#lessons);
      if (failed?.rationale) parts.push(element('p', `Why this is checked: ${failed.rationale}`, 'lab-rationale'));
      find('lab-message').replaceChildren(...parts);
    }
    this.#offerHints(hints);
    if (solution) this.#congratulate(solution);
    const summary = {
      pass: `Passed, all ${result.checks.length} checks.`,
      fail: `Not yet: ${failed?.title ?? ''}.`,
    } as Partial<Record<Outcome, string>>;
    const text = summary[result.outcome] ?? 'Nothing was judged, and it costs nothing.';
    this.say(text, `${text} ${message?.text ?? ''}`);
  }

  /** One after the other, as the reader asks for them. */
  #offerHints(hints: readonly string[]): void {
    if (hints.length === 0) return;
    const list = element('ol', '');
    const more = element('button', 'A hint');
    more.type = 'button';
    const left = [...hints];
    more.addEventListener('click', () => {
      const hint = left.shift()!;
      list.append(element('li', hint));
      find('lab-said').textContent = hint;
      more.textContent = `One more hint (${left.length} left)`;
      // The last hint stays, and focus with it.
      if (left.length === 0) {
        list.tabIndex = -1;
        list.focus();
        more.remove();
      }
    });
    find('lab-hints').replaceChildren(list, more);
  }

  #congratulate(solution: Readonly<Record<string, string>>): void {
    const { exercise } = this.#data;
    const said = element('p', '');
    said.append(
      'This counts as practised on your progress page. Points come from the command line and from pull requests only: ' +
        'save your program, then ',
      element('code', `npx grade start ${exercise}`),
      ' and ',
      element('code', 'npx grade'),
      '.',
    );
    const details = element('details', '');
    details.append(element('summary', 'One solution; others may be as good'));
    for (const text of Object.values(solution)) details.append(element('pre', text));
    find('lab-after').replaceChildren(said, details);
  }

  #draw(): void {
    const { checks } = this.#data;
    const stages = [...new Set(checks.map(({ stage }) => stage))];
    find('lab-stages').replaceChildren(
      ...stages.map((stage) => {
        const states = checks.filter((check) => check.stage === stage).map(({ id }) => this.#states.get(id)!);
        return item(stage, together(states));
      }),
    );
    find('lab-checks').replaceChildren(...checks.map(({ id, title }) => item(title, this.#states.get(id)!)));
  }
}

function item(text: string, state: State): HTMLElement {
  const made = element('li', '', state);
  const mark = element('span', marks[state], 'mark');
  mark.ariaHidden = 'true';
  made.append(mark, ` ${text}`, element('span', ` (${words[state]})`, 'sr-only'));
  return made;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text: string,
  className = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}
