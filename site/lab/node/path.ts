/** node:path, as on Linux. */

/** Without '.' and '..': nothing that runs here joins such names. */
export function join(...parts: string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('/')
    .replace(/\/{2,}/g, '/');
}
