/** What bpftool lists, as rows for the page. All of it is the guest's word: whatever is not as expected is left out. */
import { z } from 'zod';
import type { Entry, KernelState } from './messages.ts';

const mostRows = 64;
const mostEntries = 32;
const longest = 240;

const row = z.looseObject({ id: z.int(), type: z.string().default('?'), name: z.string().default('') });
const link = row.extend({ prog_id: z.int().optional() });
const data = { key: z.unknown(), value: z.unknown().optional(), values: z.unknown().optional() };
const entry = z.looseObject({ ...data, formatted: z.unknown().optional() });

/** Of `bpftool -j … show`. */
export interface Lists {
  programs: string;
  maps: string;
  links: string;
}

/** `dump`: what `bpftool -j map dump` says of each of these maps; null if that was too long. */
export async function readState(
  { programs, maps, links }: Lists,
  dump: (ids: number[]) => Promise<ReadonlyMap<number, string | null>>,
): Promise<KernelState> {
  const found = rowsOf(row, maps);
  const dumps = await dump(found.map(({ id }) => id));
  return {
    programs: rowsOf(row, programs).map(({ id, type, name, ...rest }) => ({
      id,
      type: cut(type),
      name: cut(name),
      facts: factsOf(rest, ['bytes_xlated', 'bytes_jited', 'run_cnt', 'map_ids']),
    })),
    maps: found.map(({ id, type, name, ...rest }) => ({
      id,
      type: cut(type),
      name: cut(name),
      facts: factsOf(rest, ['bytes_key', 'bytes_value', 'max_entries']),
      ...entriesOf(dumps.get(id)),
    })),
    links: rowsOf(link, links).map(({ id, type, prog_id, name: _, ...rest }) => ({
      id,
      type: cut(type),
      program: prog_id ?? null,
      facts: factsOf(rest),
    })),
  };
}

function rowsOf<T>(schema: z.ZodType<T>, text: string): T[] {
  const list = z.array(z.unknown()).safeParse(parsed(text));
  if (!list.success) return [];
  return list.data.slice(0, mostRows).flatMap((one) => {
    const { success, data } = schema.safeParse(one);
    return success ? [data] : [];
  });
}

/** 'bytes_key 4, max_entries 16': of these fields, or of all that are a word or a number. */
function factsOf(fields: Record<string, unknown>, names = Object.keys(fields)): string {
  const said = names.flatMap((name) => {
    const value = fields[name];
    if (Array.isArray(value)) return value.length > 0 ? [`${wordsOf(name)} ${value.join(' ')}`] : [];
    return typeof value === 'string' || typeof value === 'number' ? [`${wordsOf(name)} ${value}`] : [];
  });
  return cut(said.join(', '));
}

function wordsOf(name: string): string {
  return name.replaceAll('_', ' ');
}

function entriesOf(dump: string | null | undefined): { entries: Entry[]; note: string } {
  if (dump === undefined) return { entries: [], note: 'To see its values: bpftool map dump' };
  if (dump === null) return { entries: [], note: 'Too many values to show here. In the terminal: bpftool map dump' };
  const rows = z.array(entry).safeParse(parsed(dump));
  if (!rows.success) return { entries: [], note: 'It has no values that can be listed.' };
  const entries = rows.data.slice(0, mostEntries).map(({ key, value, values, formatted }) => {
    const shown = z.looseObject(data).safeParse(formatted);
    const from = shown.success ? shown.data : { key, value, values };
    return { key: textOf(from.key), value: textOf(from.values ?? from.value) };
  });
  const more = rows.data.length - entries.length;
  return { entries, note: more > 0 ? `And ${more} more.` : entries.length === 0 ? 'Empty.' : '' };
}

/** Bytes as hexadecimal digits, all else as JSON without its quotation marks. */
function textOf(value: unknown): string {
  const bytes = z.array(z.string().regex(/^0x[0-9a-f]{2}$/)).safeParse(value);
  if (bytes.success) return cut(bytes.data.map((byte) => byte.slice(2)).join(' '));
  return cut(typeof value === 'string' ? value : JSON.stringify(value ?? '').replace(/"([^"\\]*)"/g, '$1'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} …`;
}
