/** The frames that the grader and the agent exchange; the other end is environment/guest/agent.c. */

export const frameType = {
  run: 1,
  input: 2,
  signal: 3,
  put: 4,
  get: 5,
  clock: 6,
  resize: 7,
  credit: 8,
  expire: 9,
  ping: 10,
  stdout: 101,
  stderr: 102,
  exit: 103,
  data: 104,
  done: 105,
  failed: 106,
  taken: 107,
} as const;

/** Longest payload accepted from a guest; it may be hostile, so nothing larger is ever buffered. */
export const maxPayload = 20 * 1024 * 1024;

export interface Frame {
  id: number;
  type: number;
  payload: Buffer;
}

export function encodeFrame(id: number, type: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(12 + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(id, 4);
  frame.writeUInt32LE(type, 8);
  frame.set(payload, 12);
  return frame;
}

/** NUL-terminated 'key=value' strings; a NUL inside a value is refused, for it would become a field of its own. */
export function encodeFields(fields: readonly (readonly [key: string, value: string | number])[]): Buffer {
  return Buffer.concat(fields.map(([key, value]) => cString(`${key}=${value}`)));
}

export function cString(text: string): Buffer {
  if (text.includes('\0')) throw new TypeError(`a NUL byte in ${JSON.stringify(text)}`);
  return Buffer.from(`${text}\0`);
}

export function decodeFields(payload: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of payload.toString('utf8').split('\0')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1));
  }
  return fields;
}

export class BadFrame extends Error {
  override name = 'BadFrame';
}

/** Cuts a stream of bytes into frames. Throws BadFrame for a length that no agent of ours sends. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #size = 0;

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#size < 12) return undefined;
    if (this.#chunks[0]!.length < 12) this.#join();
    const length = this.#chunks[0]!.readUInt32LE(0);
    if (length > maxPayload) throw new BadFrame(`a frame of ${length} bytes`);
    if (this.#size < 12 + length) return undefined;
    this.#join();
    const all = this.#chunks[0]!;
    this.#chunks = [all.subarray(12 + length)];
    this.#size = all.length - 12 - length;
    return { id: all.readUInt32LE(4), type: all.readUInt32LE(8), payload: all.subarray(12, 12 + length) };
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}
