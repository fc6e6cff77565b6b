/** Shows on every page what is done: in the menu, in lists, and on the page's own button. */
import { progressChanged, readDone, setDone, type Tick } from './progress.ts';

function show(): void {
  const done = readDone();
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress]')) {
    const tick = done.get(element.dataset.progress!);
    element.classList.toggle('done', tick !== undefined);
    if (element instanceof HTMLButtonElement) press(element, tick);
    else mention(element, tick !== undefined);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress-of]')) {
    const ids = element.dataset.progressOf!.split(' ');
    const count = ids.filter((id) => done.has(id)).length;
    if (element instanceof HTMLProgressElement) element.value = count;
    else if ('always' in element.dataset) element.textContent = element.textContent.replace(/^\d+/, String(count));
    else element.textContent = count === 0 ? '' : `${count} of ${ids.length} done`;
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-next]')) lead(link, done);
}

/** To the step behind the one that was done last, on pages that list the course. */
function lead(link: HTMLAnchorElement, done: ReadonlyMap<string, Tick>): void {
  const steps = [...document.querySelectorAll<HTMLAnchorElement>('[data-course] a[data-progress]')];
  const dateOf = (step: HTMLAnchorElement) => done.get(step.dataset.progress!)?.date ?? '';
  const last = steps.reduce((latest, step, i) => (dateOf(step) > dateOf(steps[latest]!) ? i : latest), 0);
  const open = (step: HTMLAnchorElement) => dateOf(step) === '';
  const next = steps.slice(last).find(open) ?? steps.find(open);
  if (!next || steps.every(open)) return;
  link.href = next.href;
  link.textContent = `Go on: ${next.textContent}`;
}

function press(button: HTMLButtonElement, tick: Tick | undefined): void {
  button.setAttribute('aria-pressed', String(tick !== undefined));
  button.dataset.label ??= button.textContent;
  // The kernel's word is not taken back by a click.
  button.disabled = tick?.passed === true || tick?.practised === true;
  button.textContent =
    tick?.passed === true
      ? 'Passed on the command line'
      : tick?.practised === true
        ? 'Practised here'
        : button.dataset.label;
}

/** For those who hear the page: a tick is no text. */
function mention(element: HTMLElement, ticked: boolean): void {
  const said = element.querySelector(':scope > .said');
  if (!ticked) said?.remove();
  else if (!said) element.insertAdjacentHTML('beforeend', '<span class="said sr-only"> (done)</span>');
}

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>('button[data-progress]');
  if (button) setDone(button.dataset.progress!, button.getAttribute('aria-pressed') !== 'true');
});
document.addEventListener(progressChanged, show);
addEventListener('storage', show);
show();
