/** Fetches what can be found, and finds it. */
import { makeSearch, type Search, type SearchPage } from '../search/engine.ts';
import type { Answered, Asked } from './search.ts';

let search: Promise<Search | null> | null = null;

addEventListener('message', async ({ data: { id, question, base } }: MessageEvent<Asked>) => {
  const found = await (search ??= load(base));
  postMessage({ id, found: found && found(question) } satisfies Answered);
});

async function load(base: string): Promise<Search | null> {
  const response = await fetch(`${base}/search.json`);
  return response.ok ? makeSearch((await response.json()) as SearchPage[]) : null;
}
