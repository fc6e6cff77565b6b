/** How long to wait before GitHub is asked again. Pure. */

export interface Answer {
  status: number;
  headers: Headers;
  /** The `message` of its body. */
  message: string;
}

/** Longer than this a job does not wait: its minutes are worth more than a comment that somebody can ask for again. */
export const longestWaitMs = 10 * 60_000;
/** So often one request is sent at most. */
export const mostTries = 5;

const serverErrors = new Set([500, 502, 503, 504]);

/**
 * Milliseconds until the next try; null if asking again is of no use. `tries` counts those made, from 1; `now` is in milliseconds
 * since 1970. GitHub's rules: retry-after says when; a spent quota says when it is full again; a secondary limit without either asks for
 * a minute, and twice as long each time. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function waitFor({ status, headers, message }: Answer, tries: number, now: number): number | null {
  if (tries >= mostTries) return null;
  const wait = waitOf({ status, headers, message }, tries, now);
  return wait !== null && wait <= longestWaitMs ? wait : null;
}

/** Milliseconds after a try that came to nothing: a second, then twice as long each time. */
export function backOff(tries: number): number {
  return 1000 * 2 ** (tries - 1);
}

/** Whether GitHub said that too much was asked of it, and not that something is forbidden. */
export function isLimit({ status, headers, message }: Answer): boolean {
  if (status !== 403 && status !== 429) return false;
  return (
    status === 429 ||
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /rate limit/i.test(message)
  );
}

function waitOf(answer: Answer, tries: number, now: number): number | null {
  const { status, headers } = answer;
  if (serverErrors.has(status)) return seconds(headers.get('retry-after')) ?? backOff(tries);
  if (!isLimit(answer)) return null;
  const said = seconds(headers.get('retry-after'));
  if (said !== null) return said;
  const reset = headers.get('x-ratelimit-remaining') === '0' ? seconds(headers.get('x-ratelimit-reset')) : null;
  // Their clock and ours may differ by a second.
  if (reset !== null) return Math.max(0, reset - now) + 1000;
  return 60_000 * 2 ** (tries - 1);
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) * 1000 : null;
}
