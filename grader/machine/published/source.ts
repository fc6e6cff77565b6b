/** Where published files come from: a web server or a folder. */
import type { Part } from './manifest.ts';

export interface Opened {
  /** Where its bytes begin: as asked, or 0 if the source can only tell the whole. */
  from: number;
  bytes: AsyncIterable<Uint8Array>;
}

export interface Source {
  /** The address or the folder, as a person would name it. */
  readonly name: string;
  /** From byte `from` on. Rejects with NotDownloaded, or with what may be gone the next time. */
  open(part: Part, from: number, signal: AbortSignal): Promise<Opened>;
  /** When nothing more is wanted of it. */
  close(): Promise<void>;
}
