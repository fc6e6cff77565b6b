/** A log as the fragment of a link: compressed, so that it fits, and never sent to the server that has the page. */

/** Letters. Browsers take far more, but mails, chats and issue trackers cut. */
export const longestFragment = 32_000;
/** Bytes of a log: as much as `grade explain` reads. */
const largest = 16 * 1024 * 1024;
const prefix = '#log=';

export type Opened = { text: string } | { problem: string };

/** '#log=…'; null if it would be longer than a link can be. */
export async function toFragment(text: string): Promise<string | null> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = await collect(stream, longestFragment);
  if (bytes === null) return null;
  const fragment = prefix + encode(bytes);
  return fragment.length <= longestFragment ? fragment : null;
}

export function isFragment(hash: string): boolean {
  return hash.startsWith(prefix);
}

/** What is in such a fragment, or why it cannot be read. */
export async function fromFragment(hash: string): Promise<Opened> {
  const broken = { problem: 'The log in this link cannot be read: the link was cut or changed on its way.' };
  const bytes = decode(hash.slice(prefix.length));
  if (!bytes) return broken;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const unpacked = await collect(stream, largest);
    if (unpacked === null)
      return { problem: 'The log in this link is larger than 16 MiB, which is more than is read.' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(unpacked) };
  } catch {
    return broken;
  }
}

/** Null if there is more than `most`: a small link may hold far more than it seems to. */
async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    chunks.push(next.value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Base64 of which nothing has a meaning in links. */
function encode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
  } catch {
    return null;
  }
}
