/** A function's machine code as `go tool objdump` lists it. Pure. */

export interface Instruction {
  /** Bytes from the function's start. */
  offset: number;
  /** In the words of Go's assembler: 'RET', 'ADDQ $0x8, SP'. */
  text: string;
}

export interface Listing {
  /** Address of the function's first instruction. */
  start: number;
  instructions: Instruction[];
}

/** Throws if there is no instruction in it. */
export function parseListing(text: string): Listing {
  const lines = [...text.matchAll(/^ +\S+:\d+\t+0x([0-9a-f]{1,12})\t+[0-9a-f]+\t+(.*?)\s*$/gm)];
  const start = parseInt(lines[0]?.[1] ?? '', 16);
  if (Number.isNaN(start))
    throw new Error(`This is no listing of go tool objdump: ${JSON.stringify(text.slice(0, 200))}`);
  return {
    start,
    instructions: lines.map(([, address = '', words = '']) => ({ offset: parseInt(address, 16) - start, text: words })),
  };
}

/** Another release of Go may move a function without changing it: then the addresses differ, and nothing else. */
export function sameCode(a: Listing, b: Listing): boolean {
  const show = ({ start, instructions }: Listing) =>
    instructions
      .map(
        ({ offset, text }) =>
          `${offset} ${text.replace(/^(\w+) (0x[0-9a-f]+)$/, (_, jump: string, target: string) => `${jump} ${Number(target) - start}`)}`,
      )
      .join('\n');
  return show(a) === show(b);
}

export function returnsOf({ instructions }: Listing): Instruction[] {
  return instructions.filter(({ text }) => text === 'RET');
}
