/** The keys of a deck: what its help and the page of all slides list, and nothing else. Letters and signs are what is typed, on any keyboard. */
export const deckKeys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['→', '←', 'Space', 'Page Down', 'Page Up'], 'the next slide, the one before; after the last one, the next lesson'],
  [['↓', '↑', 'J', 'K'], 'scroll code that is longer than the slide, then on and back'],
  [['Home', 'End'], 'the first slide, the last one'],
  [['12 Enter'], 'slide 12: type its number, then Enter'],
  [['O', 'Esc'], 'all slides in a grid; arrows choose one, Enter shows it'],
  [['P', 'S'], 'the speaker’s window: notes, the next slide, a clock and a timer'],
  [['T'], 'restart the timer of the speaker’s window'],
  [['C'], 'a second window with the same slides, which follows this one'],
  [['F'], 'full screen'],
  [['B', '.'], 'a black screen, until you press it again'],
  [['M'], 'mirrored, to be projected from behind'],
  [['?', 'H'], 'this list'],
];
