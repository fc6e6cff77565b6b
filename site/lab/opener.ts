/** The button that opens the lab of an exercise: the one script of it that every visit pays for. */
import { whyNot } from './able.ts';

const button = document.getElementById('lab-open') as HTMLButtonElement;
const said = document.getElementById('lab-why-not')!;

button.addEventListener('click', async () => {
  const obstacle = whyNot();
  if (obstacle !== null) {
    button.disabled = true;
    said.textContent = `The lab does not run here. ${obstacle} The command line does the same: see “Start” above.`;
    return;
  }
  button.disabled = true;
  said.textContent = 'Opening …';
  try {
    const { openLab } = await import('./exercise.ts');
    openLab();
  } catch (error) {
    button.disabled = false;
    said.textContent = `The lab could not be opened: ${(error as Error).message}. Check your connection, and try again.`;
  }
});
