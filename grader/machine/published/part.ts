/** One part, whole and with the right digest, however often the source breaks off. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isEnding } from '../child.ts';
import type { Part } from './manifest.ts';
import type { Source } from './source.ts';
import { againRemedy, buildRemedy, diskTrouble, interrupted, NotDownloaded } from './trouble.ts';

export interface PartOptions {
  signal: AbortSignal;
  /** Bytes that are there now, those of an earlier run as well; fewer than before if some were of no use. */
  onBytes?: (bytes: number, fresh: boolean) => void;
  /** Milliseconds before each new attempt, as long as no byte comes. */
  pausesMs?: readonly number[];
}

const usualPausesMs = [500, 1000, 2000, 4000];

/**
 * Makes `path` the part. What is there of it already is kept and completed, so a run that was interrupted goes on. Rejects with
 * NotDownloaded; then `path` has the beginning, or nothing.
 */
export async function downloadPart(
  source: Source,
  part: Part,
  path: string,
  { signal, onBytes = () => {}, pausesMs = usualPausesMs }: PartOptions,
): Promise<void> {
  let failures = 0;
  let wrong = false;
  for (;;) {
    const { bytes, digest, error } = await fetchRest(source, part, path, signal, onBytes);
    if (signal.aborted || isEnding()) throw interrupted();
    if (bytes.now === part.bytes && digest === part.digest) return;
    if (bytes.now >= part.bytes) {
      // Once more from the start: the beginning may have been of an interrupted run, or of a mirror that has changed.
      await rm(path, { force: true });
      onBytes(0, false);
      if (wrong) throw notAsNamed(source, part);
      wrong = true;
      continue;
    }
    if (error instanceof NotDownloaded) throw error;
    if (isOfCertificate(error)) throw unreachable(source, part, error);
    failures = bytes.now > bytes.before ? 1 : failures + 1;
    const pause = pausesMs[failures - 1];
    if (pause === undefined) throw unreachable(source, part, error);
    await wait(pause, undefined, { signal }).catch(() => {});
  }
}

interface Fetched {
  bytes: { before: number; now: number };
  /** Of what is there now. */
  digest: string;
  /** Why the source stopped, if it did not simply end. */
  error?: unknown;
}

async function fetchRest(
  source: Source,
  part: Part,
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number, fresh: boolean) => void,
): Promise<Fetched> {
  let { hash, bytes: now } = await hashOf(path);
  const before = now;
  onBytes(now, false);
  if (now >= part.bytes) return { bytes: { before, now }, digest: `sha256:${hash.digest('hex')}` };

  let file: FileHandle | undefined;
  let error: unknown;
  const onDisk = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((caught: unknown) => {
      throw new OnDisk(caught);
    });
  try {
    const opened = await source.open(part, now, signal);
    if (opened.from !== now) {
      await onDisk(truncate(path, 0));
      [hash, now] = [createHash('sha256'), 0];
    }
    file = await onDisk(open(path, 'a'));
    for await (const chunk of opened.bytes) {
      // Whoever waits for our lock has it as soon as we are told to end: not a byte more from us.
      if (signal.aborted || isEnding()) break;
      // What is too much is noticed by the digest, and need not be on the disk.
      const wanted = chunk.subarray(0, part.bytes - now + 1);
      await onDisk(writeAll(file, wanted));
      hash.update(wanted);
      now += wanted.length;
      onBytes(now, true);
      if (now > part.bytes) break;
    }
  } catch (caught) {
    if (caught instanceof OnDisk) throw diskTrouble(caught.cause, dirname(path)) ?? caught.cause;
    error = caught;
  } finally {
    await file?.close();
  }
  return { bytes: { before, now }, digest: `sha256:${hash.digest('hex')}`, ...(error !== undefined && { error }) };
}

/** What this side's disk says, which trying again does not change. */
class OnDisk extends Error {
  constructor(cause: unknown) {
    super('', { cause });
  }
}

/** Of a file that need not be there. */
async function hashOf(path: string): Promise<{ hash: Hash; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  if ((await stat(path).catch(() => undefined))?.isFile())
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  return { hash, bytes };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

function notAsNamed(source: Source, part: Part): NotDownloaded {
  return new NotDownloaded(
    'wrong',
    `What ${source.name} has as ${part.name} is not what the course published: its digest is wrong, twice. ` +
      'It was deleted, and nothing of it was used.',
    `Something on the way may change what you download: try another network, or another mirror. ` +
      `If you did not change environment/published.json, please report it.\n${buildRemedy}`,
  );
}

/** Trying again does not change it. */
function isOfCertificate(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ALTNAME/.test((error as NodeJS.ErrnoException)?.code ?? '');
}

function unreachable(source: Source, part: Part, error: unknown): NotDownloaded {
  const { code = '', message = 'it ends too early' } = (error ?? {}) as NodeJS.ErrnoException;
  const why = message || code || String(error);
  return new NotDownloaded(
    'unreachable',
    `${source.name} cannot be reached, or breaks off again and again: ${why} (${part.name}).`,
    (isOfCertificate(error)
      ? 'Its certificate is not known here. If your network has one of its own: NODE_EXTRA_CA_CERTS=/path/to/it.pem npx grade\n'
      : `Check the network, and HTTPS_PROXY if you are behind a proxy. ${againRemedy}\n`) +
      `A folder or a server nearby with the same files will do as well: HOOKPOINT_MIRROR=/media/stick npx grade\n${buildRemedy}`,
  );
}
