/** What the reader has done, kept in this browser alone: id -> the day on which it was ticked, 'YYYY-MM-DD'. */

const key = 'hookpoint:progress';
export const progressChanged = 'hookpoint:progress';

export type Done = Record<string, string>;

/** Nothing, if nothing is kept or the browser keeps nothing. */
export function readDone(): Done {
  try {
    return parseDone(localStorage.getItem(key) ?? '');
  } catch {
    return {};
  }
}

export function setDone(id: string, done: boolean): void {
  const { [id]: _, ...others } = readDone();
  writeDone(done ? { ...others, [id]: today() } : others);
}

/** Takes over what another browser exported; what is ticked here stays. Throws if the text is none. */
export function importDone(text: string): number {
  const imported = parseDone(text);
  writeDone({ ...imported, ...readDone() });
  return Object.keys(imported).length;
}

export function exportDone(): string {
  return JSON.stringify({ format: 'hookpoint-progress', version: 1, done: readDone() }, null, 2);
}

function parseDone(text: string): Done {
  if (text === '') return {};
  const value = JSON.parse(text) as { format?: unknown; done?: unknown };
  if (value.format !== 'hookpoint-progress' || typeof value.done !== 'object' || value.done === null) throw new Error('This is no file of progress from this course.');
  const entries = Object.entries(value.done).filter(([id, day]) => /^[a-z0-9.:/-]{1,120}$/.test(id) && /^\d{4}-\d{2}-\d{2}$/.test(String(day)));
  return Object.fromEntries(entries) as Done;
}

function writeDone(done: Done): void {
  localStorage.setItem(key, JSON.stringify({ format: 'hookpoint-progress', version: 1, done }));
  document.dispatchEvent(new Event(progressChanged));
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
