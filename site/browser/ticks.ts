/** Shows on every page what is done: in the menu, in lists, and on the page's own button. */
import { progressChanged, readDone, setDone } from './progress.ts';

function show(): void {
  const done = readDone();
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress]')) {
    const ticked = element.dataset.progress! in done;
    element.classList.toggle('done', ticked);
    if (element instanceof HTMLButtonElement) element.setAttribute('aria-pressed', String(ticked));
    else mention(element, ticked);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-progress-of]')) {
    const ids = element.dataset.progressOf!.split(' ');
    const count = ids.filter((id) => id in done).length;
    element.textContent = count === 0 ? '' : `${count} of ${ids.length} done`;
  }
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
