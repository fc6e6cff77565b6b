/**
 * The buttons that open the workbench, at each program of a lesson. Until one is pressed this is all that was fetched of it; a reader who
 * leaves it open finds it open on the next page.
 */
import { whyNot } from '../able.ts';

/** The program that is open, in this tab. */
const openKey = 'hookpoint:workbench';
const about = document.getElementById('try-about')!;

for (const block of document.querySelectorAll<HTMLElement>('[data-try]')) {
  const [program = '', part] = block.dataset.try!.split('#');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'try-open not-content';
  const size = document.createElement('small');
  size.textContent = about.dataset.size!;
  const name = program.slice(program.lastIndexOf('/') + 1);
  button.append('Try it ', size);
  button.setAttribute('aria-label', `Try ${name} in this page; the first time downloads ${size.textContent}`);
  button.addEventListener('click', () => void open(program, part, button));
  block.append(button);
}

const left = keptOpen();
if (left !== null && whyNot() === null) void open(left, undefined, null);

async function open(program: string, part: string | undefined, button: HTMLButtonElement | null): Promise<void> {
  const obstacle = whyNot();
  if (obstacle !== null) return say(`Nothing can be tried here. ${obstacle}`, button);
  try {
    const { openWorkbench } = await import('./workbench.ts');
    openWorkbench({ program, part, from: button, key: openKey });
  } catch (error) {
    say(`It could not be opened: ${(error as Error).message}. Check your connection, and try again.`, button);
  }
}

/** Below the program. */
function say(text: string, button: HTMLButtonElement | null): void {
  about.textContent = text;
  about.hidden = false;
  button?.closest('[data-try]')?.after(about);
}

function keptOpen(): string | null {
  try {
    return sessionStorage.getItem(openKey);
  } catch {
    return null;
  }
}
