/** Shows on every page what is done: in the menu, in lists, and on the page's own button. */
import { progressChanged, readDone, setDone } from './progress.ts';

function show(): void {
  const done = readDone();
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress]')) {
    const state = done.get(element.dataset.progress!);
    element.classList.toggle('done', state !== undefined);
    if (element instanceof HTMLButtonElement) press(element, state);
    else mention(element, state !== undefined);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress-of]')) {
    const ids = element.dataset.progressOf!.split(' ');
    const count = ids.filter((id) => done.has(id)).length;
    element.textContent = count === 0 ? '' : `${count} of ${ids.length} done`;
  }
}

function press(button: HTMLButtonElement, state: 'ticked' | 'passed' | undefined): void {
  button.setAttribute('aria-pressed', String(state !== undefined));
  button.dataset.label ??= button.textContent;
  // The kernel's word is not taken back by a click.
  button.disabled = state === 'passed';
  button.textContent = state === 'passed' ? 'Passed on the command line' : button.dataset.label;
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
