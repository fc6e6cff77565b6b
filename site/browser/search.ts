/**
 * The search is as large as all else that a page fetches, and most pages are only read: it is fetched at the reader's first move,
 * and is there before they have found its field. Starlight's Search.astro, and nobody else, asks for it when the page is idle.
 * (When a page is idle would be too late, too: a browser that is busy, or draws nothing, may never call it so.)
 */
const moves = ['pointermove', 'pointerdown', 'keydown', 'focusin'];

window.requestIdleCallback = (fetchSearch) => {
  const begin = async () => {
    for (const move of moves) document.removeEventListener(move, begin, true);
    await (fetchSearch({ didTimeout: false, timeRemaining: () => 0 }) as unknown as Promise<void>);
    // Opened meanwhile, it had no field to begin in.
    document.querySelector<HTMLElement>('site-search dialog[open] input')?.focus();
  };
  for (const move of moves) document.addEventListener(move, begin, { capture: true, passive: true });
  return 0;
};
