/** class.yaml: who is in a class, what is due when, and what counts. The course stays the same for all classes. */
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type ClassFile, classSchema, knownKeys } from './class-schema.ts';
import { wordsOf } from './class-words.ts';
import { dueOf, zoneOf } from './due.ts';
import { instantOf } from './zoned-time.ts';

/** `problems`: a sentence each, with the line that it is about. */
export type ReadClass = { classFile: ClassFile } | { problems: string[] };

type Complain = (path: (string | number)[], message: string) => void;

/** `exercises`: the ids that the course has. */
export function parseClass(text: string, exercises: readonly string[], file = 'class.yaml'): ReadClass {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number | undefined) => (offset === undefined ? file : `${file}:${lines.linePos(offset).line}`);
  if (document.errors.length > 0)
    return {
      problems: document.errors.map(({ pos, message }) => `${at(pos[0])}: is not YAML: ${message.split('\n')[0]}`),
    };
  typedAsText(document);
  /** Of the value, or of the nearest thing around it that is there. */
  const lineOf = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
      if (range) return at(range[0]);
    }
    return file;
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { problems: [`${file}: is not YAML: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = classSchema.safeParse(value);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map((issue) => {
        const unknown = issue.code === 'unrecognized_keys' ? keyRange(document, issue.path, issue.keys[0]!) : undefined;
        return `${unknown === undefined ? lineOf(issue.path) : at(unknown)}: ${wordsOf(issue, value, knownKeys)}`;
      }),
    };
  const problems: string[] = [];
  checkClass(
    parsed.data,
    exercises,
    (path, message) => problems.push(`${lineOf(path)}: ${message}`),
    () => problems.length === 0,
  );
  return problems.length > 0 ? { problems } : { classFile: parsed.data };
}

/** These are text also where they look like numbers: YAML would make 815 of the student id 0815. */
const textKeys = new Set(['title', 'login', 'name', 'id', 'email', 'section', 'group']);

function typedAsText(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && typeof key.value !== 'string' && key.source !== undefined) key.value = key.source;
      const isText = isScalar(key) && textKeys.has(String(key.value));
      if (
        isText &&
        isScalar(value) &&
        value.value !== null &&
        typeof value.value !== 'string' &&
        value.source !== undefined
      )
        value.value = value.source;
    },
  });
}

/** Where a key is that nobody knows. */
function keyRange(document: Document, path: readonly PropertyKey[], key: string): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** What one line says and another must bear out. */
function checkClass(one: ClassFile, exercises: readonly string[], complain: Complain, isSound: () => boolean): void {
  const chapters = new Set(exercises.map((id) => id.split('/')[0]!));
  const sections = Object.keys(one.sections);
  const checkWhat = (
    path: (string | number)[],
    about: { exercise?: string | undefined; chapter?: string | undefined },
  ) => {
    if (about.exercise !== undefined && about.chapter !== undefined)
      complain(path, 'names an exercise and a chapter; name one of them');
    if (about.exercise !== undefined && !exercises.includes(about.exercise))
      complain([...path, 'exercise'], `the course has no exercise ${about.exercise}`);
    if (about.chapter !== undefined && !chapters.has(about.chapter))
      complain(
        [...path, 'chapter'],
        `the course has no chapter ${about.chapter}; there are ${[...chapters].join(', ')}`,
      );
  };
  const checkSection = (path: (string | number)[], section: string | undefined) => {
    if (section !== undefined && !sections.includes(section))
      complain(
        [...path, 'section'],
        `there is no section ${section}; ${sections.length > 0 ? `there are ${sections.join(', ')}` : "list it in 'sections'"}`,
      );
  };
  const seen = new Map<string, number>();
  const ids = new Map<string, number>();
  const emails = new Map<string, number>();
  for (const [i, { login: own, id, email, section }] of one.learners.entries()) {
    const earlier = seen.get(own.toLowerCase());
    if (earlier !== undefined) complain(['learners', i, 'login'], `${own} is also learner ${earlier + 1}`);
    seen.set(own.toLowerCase(), i);
    if (id !== undefined && ids.has(id))
      complain(['learners', i, 'id'], `${id} is also the id of learner ${ids.get(id)! + 1}`);
    if (id !== undefined) ids.set(id, i);
    const address = email?.toLowerCase();
    if (address !== undefined && emails.has(address))
      complain(['learners', i, 'email'], `${email} is also the address of learner ${emails.get(address)! + 1}`);
    if (address !== undefined) emails.set(address, i);
    checkSection(['learners', i], section);
  }
  const groups = Map.groupBy(one.learners, ({ group }) => group);
  for (const [i, { group, section }] of one.learners.entries())
    if (group !== undefined && groups.get(group)![0]!.section !== section)
      complain(['learners', i, 'group'], `the group ${group} is in two sections, and would have two due dates`);
  const all = [one.timezone, ...Object.values(one.sections).flatMap(({ timezone }) => timezone ?? [])];
  /** In the time zones of those whom it concerns. */
  const checkTime = (path: (string | number)[], time: string, zones = all) => {
    for (const zoneName of new Set(zones)) {
      const instant = instantOf(time, zoneName);
      if ('problem' in instant) complain(path, instant.problem);
    }
  };
  for (const [i, entry] of one.due.entries()) {
    checkWhat(['due', i], entry);
    checkSection(['due', i], entry.section);
    const zone = entry.section === undefined ? undefined : [one.sections[entry.section]?.timezone ?? one.timezone];
    checkTime(['due', i, 'at'], entry.at, zone);
    const earlier = one.due.findIndex(
      (each) => each.exercise === entry.exercise && each.chapter === entry.chapter && each.section === entry.section,
    );
    if (earlier < i) complain(['due', i], `is about the same as due date ${earlier + 1}; keep one of them`);
  }
  for (const [i, entry] of one.extensions.entries()) {
    checkWhat(['extensions', i], entry);
    if (!seen.has(entry.login.toLowerCase()))
      complain(['extensions', i, 'login'], `${entry.login} is not one of the learners`);
    if ((entry.until === undefined) === (entry.days === undefined))
      complain(['extensions', i], "needs either 'until' or 'days'");
    const learner = one.learners.find(({ login: own }) => own.toLowerCase() === entry.login.toLowerCase());
    if (entry.until !== undefined)
      checkTime(['extensions', i, 'until'], entry.until, learner && [zoneOf(one, learner)]);
  }
  if (isSound()) checkExtensions(one, exercises, complain);
  for (const id of Object.keys(one.counts ?? {}))
    if (!exercises.includes(id)) complain(['counts', id], `the course has no exercise ${id}`);
}

/** One that gives nobody more time was meant otherwise. */
function checkExtensions(one: ClassFile, exercises: readonly string[], complain: Complain): void {
  for (const [i, entry] of one.extensions.entries()) {
    const learner = one.learners.find(({ login: own }) => own.toLowerCase() === entry.login.toLowerCase())!;
    const about = exercises.filter(
      (id) =>
        (entry.exercise === undefined || entry.exercise === id) &&
        (entry.chapter === undefined || entry.chapter === id.split('/')[0]),
    );
    const alone = { ...one, extensions: [entry] };
    if (!about.some((id) => dueOf(alone, learner, id) !== null))
      complain(['extensions', i], 'gives nothing: what it is about is never due');
    else if (!about.some((id) => dueOf(alone, learner, id)?.extension != null))
      complain(['extensions', i], `gives nothing: ${entry.until} is no later than the due date`);
  }
}
