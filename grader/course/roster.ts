/** A list of a class as learning platforms and spreadsheets save it: CSV, in any of its dialects. Pure. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'yaml';
import { isLogin } from './login.ts';

/** By which headings a column is known, the surest first. In small letters, with spaces for underscores. */
const headings = {
  login: ['github username', 'github login', 'github', 'login', 'username'],
  name: ['name', 'full name', 'student', 'student name'],
  first: ['first name', 'firstname', 'given name'],
  last: ['last name', 'lastname', 'surname', 'family name'],
  id: ['sis user id', 'student id', 'id number', 'idnumber', 'identifier', 'id'],
  email: ['email', 'email address', 'e-mail'],
  section: ['section', 'sections'],
  group: ['group', 'team'],
} as const;

type Column = keyof typeof headings;

export interface Roster {
  /** The part `learners` of a class.yaml. */
  yaml: string;
  count: number;
  /** Rows that are not in it, and why. */
  problems: string[];
}

type Listed = { login: string; name: string } & { [column in 'id' | 'email' | 'section' | 'group']?: string };

/** `missing`: no column says what a login is; the headings that were found. */
export function readRoster(bytes: Uint8Array): Roster | { missing: string[] } | { broken: string } {
  const text = decode(bytes);
  const [first = ''] = text.split('\n', 1);
  let rows: string[][];
  try {
    rows = parse(text, {
      delimiter: delimiterOf(first),
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: true,
      trim: true,
    });
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
  const found = (rows[0] ?? []).map((heading) => heading.toLowerCase().replaceAll(/[_\s]+/g, ' '));
  const at = (column: Column) =>
    headings[column].map((known) => found.indexOf(known)).find((index) => index >= 0) ?? -1;
  if (at('login') < 0) return { missing: rows[0] ?? [] };
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const leaveOut = (why: string): [] => {
    problems.push(why);
    return [];
  };
  const learners = rows.slice(1).flatMap((row, i): Listed[] => {
    const value = (column: Column) => (row[at(column)] ?? '').replaceAll(/\p{Cc}+/gu, ' ').trim();
    const name = nameOf(value('name'), value('first'), value('last'));
    const login = value('login')
      .replace(/^(?:https?:\/\/)?(?:www\.)?github\.com\/|^@/i, '')
      .replace(/\/$/, '');
    const number = i + 2;
    const who = `row ${number}${name === '' ? '' : ` (${name})`}`;
    if (login === '') return leaveOut(`${who} has no GitHub login`);
    if (!isLogin(login)) return leaveOut(`${who}: ‘${login}’ is not a GitHub login`);
    const earlier = seen.get(login.toLowerCase());
    if (earlier !== undefined) return leaveOut(`${who}: ${login} is in row ${earlier} already`);
    seen.set(login.toLowerCase(), number);
    const rest = (['id', 'email', 'section', 'group'] as const).flatMap((column) =>
      value(column) === '' ? [] : [[column, value(column)] as const],
    );
    return [{ login, name: name === '' ? login : name, ...Object.fromEntries(rest) }];
  });
  const sections = [...new Set(learners.flatMap(({ section }) => section ?? []))];
  const document = {
    ...(sections.length > 0 && { sections: Object.fromEntries(sections.map((section) => [section, {}])) }),
    learners,
  };
  return { yaml: stringify(document, { lineWidth: 0, defaultStringType: 'PLAIN' }), count: learners.length, problems };
}

/** UTF-8; or what a spreadsheet saves where it is not asked: UTF-16 with a byte order mark, or windows-1252. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function delimiterOf(line: string): string {
  const count = (sign: string) => line.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** 'Family, Given' where both are known: class.yaml then need not guess. */
function nameOf(name: string, first: string, last: string): string {
  if (name !== '') return name;
  return last !== '' && first !== '' ? `${last}, ${first}` : last || first;
}
