/** Small pieces of text for HTML. */

/** Escapes text, and makes <code> of what is in backticks. */
export function withCode(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** '1 lesson', '2 lessons' */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** In one piece: '1 h 45 min' is not broken between its words. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** Of a number of each. */
export function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

/** A path of the site, such as '/glossary/', below the base that it is published at. */
export function at(path: string): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, '')}${path}`;
}
