/** What a reader wrote, by exercise and file, kept in this browser alone. */

const prefix = 'hookpoint:lab:';

export function keptText(exercise: string, file: string): string | null {
  try {
    return localStorage.getItem(keyOf(exercise, file));
  } catch {
    return null;
  }
}

/** `text` null forgets it. Whether this browser keeps it. */
export function keepText(exercise: string, file: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(keyOf(exercise, file));
    else localStorage.setItem(keyOf(exercise, file), text);
    return true;
  } catch {
    return false;
  }
}

/** By the stable id, so that what was written is found whatever the exercise is called. */
function keyOf(exercise: string, file: string): string {
  return `${prefix}${exercise}:${file}`;
}
