/** Folded stacks, 'main;parse;read 42' a line: frames from the outermost caller to the innermost, and how many samples. Pure. */
import { plain } from '../../verdict/text.ts';

export interface Stack {
  frames: string[];
  samples: number;
}

export interface Folded {
  stacks: Stack[];
  /** Lines that are no folded stacks. */
  odd: string[];
}

/** A frame may hold spaces, as '[unknown] (libc)': the count is what comes after the last one. */
export function parseFolded(text: string, maxLines = 20_000): Folded {
  const folded: Folded = { stacks: [], odd: [] };
  for (const line of text.split('\n', maxLines)) {
    if (line.trim() === '') continue;
    const found = /^(.*\S)\s+(\d{1,9})$/.exec(line.trimEnd());
    const frames = found?.[1]!.split(';').map((frame) => plain(frame.trim()).slice(0, 200)) ?? [];
    if (found && frames.length <= 200 && frames.every((frame) => frame !== ''))
      folded.stacks.push({ frames, samples: Number(found[2]) });
    else folded.odd.push(line.slice(0, 500));
  }
  return folded;
}

export function samplesOf(
  stacks: readonly Stack[],
  passes: (frames: readonly string[]) => boolean = () => true,
): number {
  return stacks.reduce((sum, { frames, samples }) => sum + (passes(frames) ? samples : 0), 0);
}

/** Whether the frames hold these names in this order, whatever is between them. */
export function goesThrough(frames: readonly string[], names: readonly string[]): boolean {
  let next = 0;
  for (const frame of frames) if (frame === names[next]) next++;
  return next === names.length;
}
