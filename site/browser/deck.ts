/** Makes the slides of the page a presentation. */
import Reveal from 'reveal.js';
import Notes from 'reveal.js/plugin/notes';

/** In the speaker's window, which shows the deck twice. */
const receiver = /[?&]receiver\b/.test(location.search);
const element = document.querySelector<HTMLElement>('.deck')!;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const upright = matchMedia('(max-width: 40rem) and (orientation: portrait)');
/** Who speaks to the computer, or hits keys by mistake, can switch off those that are a letter, a digit or a sign (WCAG 2.1.4). */
let characterKeys = keptCharacterKeys() ?? 'on';
/** Codes of KeyboardEvent.keyCode, by which reveal knows keys: letters, digits and signs, which are ours. */
const isCharacter = (keyCode: number) =>
  (keyCode >= 48 && keyCode <= 90) || (keyCode >= 96 && keyCode <= 111) || keyCode >= 186;
/** Digits that were typed, until Enter says that it is the number of a slide. */
let typed = '';
/** Of this deck's speaker, once it is open. */
let speaker: Window | null = null;
const size = () => (upright.matches && !receiver ? { width: 640, height: 1040 } : { width: 1280, height: 720 });

document.documentElement.classList.toggle('receiver', receiver);
element.classList.add('reveal');
element.parentElement!.classList.add('reveal-viewport');

const help = document.querySelector<HTMLDialogElement>('dialog.all-keys')!;
const notes = Notes();

const actions = { forward, back, speaker: openSpeaker, overview, fullScreen, keys: () => help.showModal() };
/** By what is typed, so that it is the same key on every keyboard. */
const characters: Readonly<Record<string, () => void>> = {
  n: forward,
  j: down,
  k: up,
  o: overview,
  p: openSpeaker,
  s: openSpeaker,
  t: () => timerOf(receiver ? parent : speaker)?.click(),
  c: clone,
  f: fullScreen,
  b: () => deck.togglePause(),
  '.': () => deck.togglePause(),
  m: () => element.classList.toggle('mirrored'),
  h: actions.keys,
  '?': actions.keys,
};

const deck = new Reveal(element, {
  ...size(),
  plugins: [notes],
  embedded: true,
  margin: 0,
  center: false,
  display: 'flex',
  hash: true,
  slideNumber: 'c/t',
  controls: false,
  help: false,
  jumpToSlide: false,
  transition: calm ? 'none' : 'fade',
  transitionSpeed: 'fast',
  backgroundTransition: 'none',
  scrollActivationWidth: 0,
  pdfSeparateFragments: false,
  focusBodyOnPageVisibilityChange: false,
  keyboard: {
    ...bound([39, 34], forward), // right, page down (what a remote control sends)
    ...bound([37, 33], back), // left, page up
    ...bound([32], (event) => (event?.shiftKey ? back() : forward())),
    ...bound([40], () => down()),
    ...bound([38], () => up()),
  },
  keyboardCondition: ({ keyCode, key, target }: KeyboardEvent) => {
    // From the speaker's window comes a code alone.
    if (isCharacter(keyCode) && key === undefined) act(String.fromCharCode(keyCode).toLowerCase());
    if (keyCode === 13 && typed !== '') return false;
    // A space presses the button that has the focus.
    return (
      !isCharacter(keyCode) &&
      !help.open &&
      !(keyCode === 32 && target instanceof Element && target.closest('a, button'))
    );
  },
});

await deck.initialize();
upright.addEventListener('change', () => deck.configure(size()));
for (const happening of ['slidechanged', 'resize', 'ready'] as const) deck.on(happening, letScroll);
letScroll();
deck.on('overviewshown', () => keepStill(true));
deck.on('overviewhidden', () => keepStill(false));
deck.on('slidechanged', () => deck.isOverview() && deck.getCurrentSlide().scrollIntoView({ block: 'nearest' }));
for (const button of document.querySelectorAll<HTMLElement>('button[data-do]'))
  button.addEventListener('click', () => actions[button.dataset.do as keyof typeof actions]());
document.addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || help.open) return;
  if (key.length === 1 && characterKeys === 'on') act(key.toLowerCase());
  else if (key === 'Enter' && typed !== '') {
    // Not the button that has the focus.
    event.preventDefault();
    deck.slide(Math.min(Number(typed), deck.getTotalSlides()) - 1);
    goingTo('');
  } else if (key === 'Escape' || key === 'Backspace') goingTo(key === 'Escape' ? '' : typed.slice(0, -1));
});
follow();
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

function act(character: string): void {
  if (/^\d$/.test(character)) goingTo((typed + character).slice(0, 3));
  else characters[character]?.();
}

function goingTo(number: string): void {
  typed = number;
  document.querySelector('.going-to')!.textContent = number === '' ? '' : `To slide ${number}: Enter`;
}

function openSpeaker(): void {
  if (!receiver) notes.open();
}

function timerOf(window: Window | null): HTMLElement | null {
  return window?.document.querySelector<HTMLElement>('.speaker-controls-time .timer') ?? null;
}

function overview(): void {
  deck.toggleOverview();
}

function fullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element.parentElement!.requestFullscreen();
}

/** Another window with these slides: for a second screen. Both show the same slide from then on, in the next lessons too. */
function clone(): void {
  if (receiver) return;
  sessionStorage.setItem('hookpoint-slides-together', crypto.randomUUID());
  // It has a copy of what this session keeps.
  open(location.href, '_blank');
  follow();
}

/** Where a window is: its deck, its slide, and how much of that is shown. */
interface Place {
  path: string;
  id: string;
  state: ReturnType<typeof deck.getState>;
}

/** Together with windows that were cloned from this one, or of which it is a clone. */
function follow(): void {
  const together = sessionStorage.getItem('hookpoint-slides-together');
  if (receiver || !together) return;
  const channel = new BroadcastChannel(together);
  let told = '';
  const say = () => {
    const place: Place = { path: location.pathname, id: deck.getCurrentSlide().id, state: deck.getState() };
    const here = JSON.stringify(place);
    if (here !== told) channel.postMessage(here);
    told = here;
  };
  for (const happening of ['slidechanged', 'fragmentshown', 'fragmenthidden', 'paused', 'resumed'] as const)
    deck.on(happening, say);
  channel.addEventListener('message', ({ data }: MessageEvent<string>) => {
    told = data;
    const { path, id, state } = JSON.parse(data) as Place;
    if (path === location.pathname) deck.setState(state);
    else location.assign(`${path}${location.search}#/${id}`);
  });
  say();
}

/** In the grid to the row below, else what does not fit on the slide, and then on. */
function down(): void {
  if (deck.isOverview()) deck.slide(Math.min(deck.getIndices().h + columns(), deck.getTotalSlides() - 1));
  else if (!scroll(1)) forward();
}

function up(): void {
  if (deck.isOverview()) deck.slide(Math.max(deck.getIndices().h - columns(), 0));
  else if (!scroll(-1)) back();
}

function columns(): number {
  return getComputedStyle(deck.getSlidesElement()!).gridTemplateColumns.split(' ').length;
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
  if (box && box.scrollHeight > box.clientHeight + 1)
    letFocus(box, `${deck.getCurrentSlide().querySelector('h2')?.textContent ?? ''}, longer than the slide`);
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
  if (origin !== location.origin || !String(data).includes('reveal-notes')) return;
  speaker = source as Window;
  if (!String(data).includes('heartbeat')) return;
  for (const view of (source as Window).document.querySelectorAll('iframe')) {
    const at = new URL(view.src);
    if (at.pathname !== location.pathname) view.src = location.pathname + at.search + location.hash;
  }
}
