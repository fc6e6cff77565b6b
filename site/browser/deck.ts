/** Makes the slides of the page a presentation. */
import Reveal from 'reveal.js';
import Notes from 'reveal.js/plugin/notes';

/** In the speaker's window, which shows the deck twice. */
const receiver = /[?&]receiver\b/.test(location.search);
const element = document.querySelector<HTMLElement>('.deck')!;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const upright = matchMedia('(max-width: 40rem) and (orientation: portrait)');
/** Who speaks to the computer, or hits keys by mistake, can switch off those that are a letter or a sign (WCAG 2.1.4). */
let characterKeys = keptCharacterKeys() ?? 'on';
/** Codes of KeyboardEvent.keyCode, by which reveal knows keys: letters, and signs. */
const isCharacter = (keyCode: number) => (keyCode >= 65 && keyCode <= 90) || [58, 59, 63].includes(keyCode) || (keyCode >= 186 && keyCode <= 222);
/** While a button of the page does what its key would do. */
let byButton = false;
const size = () => (upright.matches && !receiver ? { width: 640, height: 1040 } : { width: 1280, height: 720 });

document.documentElement.classList.toggle('receiver', receiver);
element.classList.add('reveal');
element.parentElement!.classList.add('reveal-viewport');

const deck = new Reveal(element, {
  ...size(),
  plugins: [Notes],
  embedded: true,
  margin: 0,
  center: false,
  display: 'flex',
  hash: true,
  slideNumber: 'c/t',
  controls: false,
  help: true,
  jumpToSlide: false,
  transition: calm ? 'none' : 'fade',
  transitionSpeed: 'fast',
  backgroundTransition: 'none',
  scrollActivationWidth: 0,
  pdfSeparateFragments: false,
  focusBodyOnPageVisibilityChange: false,
  keyboard: {
    ...bound([39, 34, 78, 76], forward), // right, page down (what a remote control sends), N, L
    ...bound([37, 33, 80, 72], back), // left, page up, P, H
    ...bound([32], (event) => (event?.shiftKey ? back() : forward())),
    ...bound([40, 74], () => scroll(1) || forward()),
    ...bound([38, 75], () => scroll(-1) || back()),
  },
  keyboardCondition: ({ keyCode, target }: KeyboardEvent) => {
    if (isCharacter(keyCode) && characterKeys === 'off' && !byButton) return false;
    // A space presses the button that has the focus.
    return !(keyCode === 32 && target instanceof Element && target.closest('a, button'));
  },
});

await deck.initialize();
upright.addEventListener('change', () => deck.configure(size()));
for (const happening of ['slidechanged', 'resize', 'ready'] as const) deck.on(happening, letScroll);
letScroll();
deck.on('showhelp', () => letFocus(document.querySelector('.r-overlay-content')!, 'Keys'));
deck.on('overviewshown', () => keepStill(true));
deck.on('overviewhidden', () => keepStill(false));
for (const button of document.querySelectorAll<HTMLElement>('button[data-key]')) {
  button.addEventListener('click', () => {
    byButton = true;
    deck.triggerKey(Number(button.dataset.key));
    byButton = false;
  });
}
const lettersButton = document.querySelector<HTMLElement>('button.letters')!;
lettersButton.ariaPressed = String(characterKeys === 'on');
lettersButton.addEventListener('click', () => {
  characterKeys = keptCharacterKeys(characterKeys === 'on' ? 'off' : 'on') ?? characterKeys;
  lettersButton.ariaPressed = String(characterKeys === 'on');
});
if (!receiver) addEventListener('message', takeSpeakerAlong);
// Of the two views only the one of this slide says that it is there; the other would miss what was said before.
else parent.postMessage(JSON.stringify({ namespace: 'reveal', eventName: 'ready' }), location.origin);

/** As the browser keeps it, from deck to deck; it may keep nothing. */
function keptCharacterKeys(now?: 'on' | 'off'): string | null | undefined {
  try {
    if (now) localStorage.setItem('hookpoint-slides-letters', now);
    return localStorage.getItem('hookpoint-slides-letters');
  } catch {
    return now;
  }
}

function bound(keys: readonly number[], action: (event?: KeyboardEvent) => void) {
  return Object.fromEntries(keys.map((key) => [key, action]));
}

/** Behind the last slide comes the next lesson, and before the first one the last slide of the lesson before. */
function forward(): void {
  if (deck.isLastSlide() && !deck.availableFragments().next && !deck.isOverview()) leave('next');
  else deck.next();
}

function back(): void {
  if (deck.isFirstSlide() && !deck.availableFragments().prev && !deck.isOverview()) leave('prev', '#/end');
  else deck.prev();
}

function leave(way: 'next' | 'prev', hash = ''): void {
  const link = document.head.querySelector<HTMLLinkElement>(`link[rel=${way}]`);
  const main = receiver ? (parent.opener as Window) : window;
  if (link) main.location.assign(link.href + hash);
}

function shown(): HTMLElement | null {
  return deck.getCurrentSlide()?.querySelector<HTMLElement>('.shown') ?? null;
}

/** false if there is nothing more to see that way. */
function scroll(way: 1 | -1): boolean {
  const box = shown();
  if (!box) return false;
  const before = box.scrollTop;
  box.scrollBy({ top: way * box.clientHeight * 0.7, behavior: 'instant' });
  return box.scrollTop !== before;
}

function letScroll(): void {
  const box = shown();
  if (box && box.scrollHeight > box.clientHeight + 1) letFocus(box, `${deck.getCurrentSlide().querySelector('h2')?.textContent ?? ''}, longer than the slide`);
}

/** What scrolls can have the focus, and says what it is. */
function letFocus(box: HTMLElement, name: string): void {
  box.tabIndex = 0;
  box.role = 'group';
  box.ariaLabel = name;
}

/** At a glance a slide is there to be chosen, and nothing in it. */
function keepStill(still: boolean): void {
  for (const part of element.querySelectorAll<HTMLElement>('.slides > section > *')) part.inert = still;
}

/** The speaker's window stays open from lesson to lesson. Its notes come by themselves, its two views of the slides do not. */
function takeSpeakerAlong({ source, origin, data }: MessageEvent): void {
  if (origin !== location.origin || !String(data).includes('heartbeat')) return;
  for (const view of (source as Window).document.querySelectorAll('iframe')) {
    const at = new URL(view.src);
    if (at.pathname !== location.pathname) view.src = location.pathname + at.search + location.hash;
  }
}
