/** The source around a step: of the reader's own program if it is there, else the lines that the log quotes. */
import { type Sources, fileName, locate } from '../source.ts';
import type { Walk } from './walk.ts';

export interface SourceLine {
  line: number;
  text: string;
  /** The line of the step. */
  isCurrent: boolean;
}

export interface SourceAround {
  file: string;
  /** In order; of a log's quotes with gaps between them. */
  lines: readonly SourceLine[];
}

/** At most `most` lines around the one of `step`; null where the log does not say which line that is. */
export function sourceAround(walk: Walk, step: number, sources: Sources, most: number): SourceAround | null {
  const place = walk.steps[step]?.place;
  if (!place || !('path' in place)) return null;
  const own = locate(sources, place.path, place.line);
  const lines = own ? numbered(sources.get(own.file)!) : quoted(walk, place.path);
  const at = lines.findIndex(({ line }) => line === place.line);
  if (at < 0) return null;
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), lines.length - most));
  return {
    file: own?.file ?? fileName(place.path),
    lines: lines.slice(from, from + most).map(({ line, text }) => ({ line, text, isCurrent: line === place.line })),
  };
}

function numbered(text: string): { line: number; text: string }[] {
  return text.split(/\r?\n/).map((one, i) => ({ line: i + 1, text: one }));
}

function quoted({ steps }: Walk, path: string): { line: number; text: string }[] {
  const lines = new Map<number, string>();
  for (const { place } of steps)
    if (place && 'path' in place && place.path === path) lines.set(place.line, place.text ?? '');
  return [...lines].sort(([one], [other]) => one - other).map(([line, text]) => ({ line, text }));
}
