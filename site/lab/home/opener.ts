/** The home page's button. Until it is pressed, this is all that was fetched of the lab. */
import { whyNot } from '../able.ts';

const run = document.getElementById('home-run') as HTMLButtonElement;
const now = document.getElementById('home-now')!;

run.addEventListener(
  'click',
  async () => {
    const obstacle = whyNot();
    if (obstacle !== null) {
      run.disabled = true;
      now.textContent = `It does not run here. ${obstacle} The recordings below show the same on the command line.`;
      return;
    }
    run.disabled = true;
    now.textContent = 'Preparing …';
    try {
      const { begin } = await import('./page.ts');
      await begin();
    } catch (error) {
      run.disabled = false;
      now.textContent = `It could not be loaded: ${(error as Error).message}. Check your connection, and reload the page.`;
    }
  },
  { once: true },
);
