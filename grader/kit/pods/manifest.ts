/**
 * Reads a Pod manifest as hostile input: YAML as Kubernetes reads it (1.1, where yes is true), with bounds, then its schema of a Pod.
 * What is valid there and plays no part here is taken, or refused in words that say so; what is played is for pods.ts to pick.
 */
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import type { z } from 'zod';
import type { Location } from '../../verdict/result.ts';
import { plainLine } from '../../verdict/text.ts';
import { locate } from '../../explain/source.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { checkRules } from './rules.ts';
import { podSchema, valid, type Manifest } from './schema.ts';

export type { Manifest };

const maxBytes = 16 * 1024;

export const manifestSchema = podSchema.superRefine((manifest, context) =>
  checkRules(manifest, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
);

/** CheckFailure with the line that is wrong. */
export function readManifest(file: string, text: string): Manifest {
  const sources = new Map([[file, text]]);
  const refuse = (said: string, more: { expected?: string; actual?: string; help: string; line?: number }): never => {
    const { line, ...rest } = more;
    const location: Location | null = line === undefined ? null : locate(sources, file, line);
    throw new CheckFailure({ text: said, ...rest, ...(location && { location }) });
  };
  if (Buffer.byteLength(text) > maxBytes)
    refuse(`${file} is too large.`, {
      expected: `At most ${maxBytes} bytes.`,
      help: "A pod's manifest is a page of text.",
    });

  const lines = new LineCounter();
  // Deeper than any manifest, and shallow enough for a parser that calls itself.
  if (deepest(text) > 100) refuse(`${file} is nested too deeply.`, { help: 'A Pod is some ten levels deep.' });
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.1',
    // As in Kubernetes a date is text, and so is 12:30. Sets and such are not for a manifest.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || known(tag)),
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const error = document.errors[0];
  if (error)
    refuse(`${file} is no YAML that can be read.`, {
      actual: plainLine(error.message, 500),
      help: 'Look at the indentation and the colons; a tab is no indentation in YAML.',
      line: lines.linePos(error.pos[0]).line,
    });
  let value: unknown;
  try {
    // As many as a manifest may need: more let a small file stand for a huge one.
    value = withoutNulls(document.toJS({ maxAliasCount: 100 }));
  } catch {
    return refuse(`${file} has too many aliases of YAML (*).`, {
      expected: 'A manifest that is no larger than it looks.',
      help: 'Write out what the aliases stand for.',
    });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const line = lineOf(document, lines, field);
  if (issue.message.startsWith(valid))
    return refuse(`${file}: ${describePath(field)} ${plainLine(issue.message, 300)}.`, {
      help: 'It is no mistake, but leave it out here.',
      ...(line !== undefined && { line }),
    });
  return refuse(
    `${file} is no valid Pod: ${describePath(field)} ${valueAt(value, field) === undefined ? 'is missing' : explain(issue)}.`,
    {
      help: 'Compare it with the Pod in the Kubernetes reference: each field has its place, its type and its spelling.',
      ...(line !== undefined && { line }),
    },
  );
}

function known({ tag, format }: { tag: string; format?: string }): boolean {
  return format !== 'TIME' && /:(?:map|seq|str|null|bool|int|float|merge)$/.test(tag);
}

/** To Kubernetes a field without a value is one that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** An upper bound of the levels in a YAML text: brackets, dashes in a row, and indentation. */
function deepest(text: string): number {
  const levels = text.split('\n').map((line) => (/^[\s?:-]*/.exec(line)?.[0].length ?? 0) / 2);
  return Math.max(...levels) + (text.match(/[[{]/g)?.length ?? 0);
}

function explain(issue: z.core.$ZodIssue): string {
  // Of the name in a mapping; its own issue says what is wrong with it.
  if (issue.code === 'invalid_key') return plainLine(issue.issues[0]?.message ?? issue.message, 300);
  if (issue.code === 'unrecognized_keys') return 'is no field of that place';
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return plainLine(issue.message, 300);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

const kinds: Record<string, string> = {
  object: 'a mapping (name: value), not a list or a word',
  array: 'a list (lines that begin with -)',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function describePath(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the document' : plainLine(text, 300);
}

/** Of the field, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
