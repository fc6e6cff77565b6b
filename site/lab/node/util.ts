/** node:util, of which the grader uses `inspect` for what it writes of an error into a log. */

export function inspect(value: unknown): string {
  if (!(value instanceof Error)) return String(value);
  const cause = value.cause === undefined ? '' : `\n[cause]: ${inspect(value.cause)}`;
  return `${value.stack ?? `${value.name}: ${value.message}`}${cause}`;
}
