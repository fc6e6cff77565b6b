/** What is wrong with a class.yaml, in the words of its author: zod says ‘expected string, received undefined’ of what is missing. Pure. */
import type { z } from 'zod';

type Path = readonly PropertyKey[];

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

/** How one entry of a list is called. */
const entries: Readonly<Record<string, string>> = {
  learners: 'learner',
  due: 'due date',
  extensions: 'extension',
};

/** `value`: what the whole file holds; `known`: the keys that may be where one is not known. */
export function wordsOf(issue: z.core.$ZodIssue, value: unknown, known: (path: Path) => readonly string[]): string {
  const where = placeOf(issue.path);
  const said = sentenceOf(issue, valueAt(value, issue.path), known);
  return where === '' ? said : `${where}: ${said}`;
}

function sentenceOf(issue: z.core.$ZodIssue, there: unknown, known: (path: Path) => readonly string[]): string {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = kinds[issue.expected] ?? issue.expected;
      if (there === undefined) return `is missing; it must be ${wanted}`;
      if (there === null) return `is empty; it must be ${wanted}`;
      return `must be ${wanted}, and is ${kindOf(there)}`;
    }
    case 'unrecognized_keys': {
      const possible = known(issue.path);
      const there = possible.length > 0 ? `; there are ${possible.join(', ')}` : '';
      return `does not know ${issue.keys.map((key) => `‘${key}’`).join(', ')}${there}`;
    }
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
    case 'too_big': {
      // What the schema says itself comes first.
      if (!/^Too (small|big)/.test(issue.message)) return issue.message;
      const [how, limit] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum];
      return issue.origin === 'string'
        ? `must have at ${how} ${limit} characters`
        : `must be at ${how} ${limit}, and is ${String(there)}`;
    }
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}

/** ‘learner 4, login’, ‘late, grace’; nothing for the file itself. */
function placeOf(path: Path): string {
  const parts: string[] = [];
  for (const [i, part] of path.entries()) {
    if (typeof part === 'number') parts[i - 1] = `${entries[String(path[i - 1])] ?? String(path[i - 1])} ${part + 1}`;
    else parts.push(String(part));
  }
  return parts.filter((part) => part !== undefined).join(', ');
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'keys with values' : String(value);
}
