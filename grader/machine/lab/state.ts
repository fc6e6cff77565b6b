/** A saved machine as bytes: which pages of the emulator's memory are not as it begins, and what is in them. */

export interface Page {
  /** Times 4,096 bytes. */
  index: number;
  /** None for a page that is to be zero, and is not in a module that was only loaded. */
  bytes?: Uint8Array;
}

export interface State {
  pages: Page[];
}

export const pageBytes = 4096;
const magic = 0x4c504b48; // 'HKPL'
/** The index of a page to be zero has this bit set. */
const cleared = 0x8000_0000;

/** Magic, number of pages, their indices as u32 little endian, then those that are not zero. */
export function encodeState({ pages }: State): Uint8Array {
  const full = pages.filter(({ bytes }) => bytes);
  const state = new Uint8Array(8 + pages.length * 4 + full.length * pageBytes);
  const head = new DataView(state.buffer);
  head.setUint32(0, magic, true);
  head.setUint32(4, pages.length, true);
  pages.forEach(({ index, bytes }, place) =>
    head.setUint32(8 + place * 4, (bytes ? index : index | cleared) >>> 0, true),
  );
  full.forEach(({ bytes }, place) => state.set(bytes!, 8 + pages.length * 4 + place * pageBytes));
  return state;
}

/** Throws an Error for what encodeState has not made. The pages share the memory of `state`. */
export function decodeState(state: Uint8Array): State {
  const head = new DataView(state.buffer, state.byteOffset, state.byteLength);
  if (state.byteLength < 8 || head.getUint32(0, true) !== magic)
    throw new Error('This is not a saved state of the lab: its first bytes are others.');
  const count = head.getUint32(4, true);
  let at = 8 + count * 4;
  if (at > state.byteLength) throw new Error('The saved state of the lab is cut off.');
  const pages = Array.from({ length: count }, (_, place): Page => {
    const word = head.getUint32(8 + place * 4, true);
    if (word & cleared) return { index: (word & ~cleared) >>> 0 };
    const bytes = state.subarray(at, (at += pageBytes));
    return { index: word, bytes };
  });
  if (at !== state.byteLength)
    throw new Error(`The saved state of the lab has ${state.byteLength} bytes; its pages say ${at}.`);
  return { pages };
}
