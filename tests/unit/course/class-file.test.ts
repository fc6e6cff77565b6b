/** class.yaml: each mistake is told with its line. */
import { describe, expect, test } from 'vitest';
import { parseClass } from '../../../grader/course/class-file.ts';
import { dueOf, lateness } from '../../../grader/course/due.ts';
import { inZone, instantOf, isTimeZone } from '../../../grader/course/zoned-time.ts';

const exercises = ['programs/hello', 'programs/maps', 'networking/drop'];
const whole = `title: eBPF, autumn 2026
timezone: Europe/Berlin
sections:
  monday: { title: Monday }
  remote: { timezone: America/New_York }
learners:
  - { login: ada, name: Ada Lovelace, id: 4711, email: ada@example.org, section: monday }
  - { login: Bob, name: "Babbage, Bob", id: "0815", section: remote, group: twins }
  - { login: eve, name: Eve, id: "42", section: remote, group: twins }
due:
  - { at: 2026-12-01 12:00 }
  - { chapter: programs, at: 2026-10-12 23:59 }
  - { exercise: programs/maps, at: 2026-10-24 23:59 }
  - { exercise: programs/maps, section: remote, at: 2026-10-31 23:59 }
extensions:
  - { login: ADA, chapter: programs, days: 3, because: ill }
  - { login: eve, exercise: networking/drop, until: 2027-01-15 12:00, because: a broken computer }
late: { perDay: 10, atMost: 50, grace: 2 h }
counts: { programs/hello: 5, programs/maps: 10 }
attempt: last
missing: zero
`;
const problems = (text: string) => {
  const read = parseClass(text, exercises);
  return 'problems' in read ? read.problems : [];
};
const parsed = (text = whole) => {
  const read = parseClass(text, exercises);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.classFile;
};

test('a whole class is read', () => {
  expect(parsed()).toMatchObject({
    timezone: 'Europe/Berlin',
    learners: [{ id: '4711' }, { id: '0815' }, { id: '42' }],
    late: { perDay: 10, atMost: 50, grace: 7_200_000 },
    attempt: 'last',
  });
  // What need not be said.
  expect(parsed('title: x\ntimezone: UTC\nlearners: [{ login: ada, name: Ada }]\n')).toMatchObject({
    attempt: 'best',
    missing: 'empty',
    due: [],
  });
});

describe('a mistake is told with its line', () => {
  test.each<[string, string, string]>([
    ['login: ada,', 'login: a--da,', 'class.yaml:7: learner 1, login: must be a GitHub login'],
    ['login: eve, name', 'login: ADA, name', 'class.yaml:9: ADA is also learner 1'],
    ['id: "42"', 'id: "4711"', 'class.yaml:9: 4711 is also the id of learner 1'],
    ['section: monday }', 'section: friday }', 'class.yaml:7: there is no section friday; there are monday, remote'],
    [
      'section: remote, group: twins }\n  - { login: eve',
      'section: monday, group: twins }\n  - { login: eve',
      'class.yaml:9: the group twins is in two sections',
    ],
    [
      'timezone: Europe/Berlin',
      'timezone: CEST+9',
      "class.yaml:2: timezone: must be a time zone by name, such as 'Europe/Berlin'",
    ],
    [
      'timezone: America/New_York',
      'timezone: "+02:00"',
      'class.yaml:5: sections, remote, timezone: must be a time zone by name',
    ],
    [
      'chapter: programs, at',
      'chapter: program, at',
      'class.yaml:12: the course has no chapter program; there are programs, networking',
    ],
    [
      'exercise: programs/maps, at',
      'exercise: programs/map, at',
      'class.yaml:13: the course has no exercise programs/map',
    ],
    ['at: 2026-10-12 23:59', 'at: 12.10.2026', "class.yaml:12: due date 2, at: must be like '2026-10-12 23:59'"],
    ['at: 2026-10-12 23:59', 'at: 2026-02-30 23:59', 'class.yaml:12: 2026-02-30 23:59 is not a time that exists'],
    [
      'at: 2026-10-12 23:59',
      'at: 2026-03-29 02:30',
      'class.yaml:12: 2026-03-29 02:30 does not exist in Europe/Berlin: the clocks go forward',
    ],
    ['login: ADA, chapter', 'login: zoe, chapter', 'class.yaml:16: zoe is not one of the learners'],
    ['days: 3, because', 'because', "class.yaml:16: needs either 'until' or 'days'"],
    ['because: ill }', '}', 'class.yaml:16: extension 1, because: is missing; it must be text'],
    ['grace: 2 h', 'grace: two hours', "class.yaml:18: late, grace: must be like '30 min', '2 h' or '1 d'"],
    ['perDay: 10', 'perDay: 110', 'class.yaml:18: late, perDay: must be at most 100, and is 110'],
    ['programs/maps: 10', 'programs/none: 10', 'class.yaml:19: the course has no exercise programs/none'],
    ['attempt: last', 'attempt: first', 'class.yaml:20: attempt: must be best or last'],
    [
      'missing: zero',
      'missing: zero\nmising: zero',
      'class.yaml:22: does not know ‘mising’; there are title, timezone',
    ],
    ['missing: zero', 'missing: [', 'class.yaml:22: is not YAML'],
    ['name: Eve,', 'nmae: Eve,', 'class.yaml:9: learner 3, name: is missing; it must be text'],
    ['name: Eve,', 'nmae: Eve,', 'class.yaml:9: learner 3: does not know ‘nmae’; there are login, name, id'],
    ['name: Eve,', 'name: ,', 'class.yaml:9: learner 3, name: is empty; it must be text'],
    ['perDay: 10', 'perDay: 10%', 'class.yaml:18: late, perDay: must be a number, and is text'],
    ['days: 3', 'days: 1.5', 'class.yaml:16: extension 1, days: must be a whole number, and is a number'],
    [
      'due:\n  - { at: 2026-12-01 12:00 }',
      'due:\n  - 2026-12-01 12:00',
      'class.yaml:11: due date 1: must be keys with values, and is text',
    ],
    ['counts: { programs/hello: 5, programs/maps: 10 }', 'counts: {}', 'class.yaml:19: counts: must name at least one'],
    [
      'login: Bob, name',
      'login: Bob, email: ADA@example.org, name',
      'class.yaml:8: ADA@example.org is also the address of learner 1',
    ],
    [
      'section: remote, at: 2026-10-31 23:59',
      'section: remote, at: 2026-03-08 02:30',
      'class.yaml:14: 2026-03-08 02:30 does not exist in America/New_York',
    ],
  ])('%s → %s', (from, to, wanted) => {
    expect(whole).toContain(from);
    const told = problems(whole.replace(from, to));
    expect(told.join('\n')).toContain(wanted);
  });
});

describe('when something is due', () => {
  const one = parsed();
  const [ada, bob, eve] = one.learners as [
    (typeof one.learners)[0],
    (typeof one.learners)[0],
    (typeof one.learners)[0],
  ];
  const at = (learner: typeof ada, exercise: string) => new Date(dueOf(one, learner, exercise)!.ms).toISOString();

  test('the exercise before its chapter before everything, and the section’s own before that of all', () => {
    expect(at(bob, 'networking/drop')).toBe('2027-01-15T17:00:00.000Z');
    expect(at(bob, 'programs/hello')).toBe('2026-10-13T03:59:00.000Z');
    expect(at(bob, 'programs/maps')).toBe('2026-11-01T03:59:00.000Z');
    expect(at(ada, 'networking/drop')).toBe('2026-12-01T11:00:00.000Z');
  });

  test('days are days of that place: summer time ends in between, and 23:59 remains 23:59', () => {
    // 24 October, 23:59 +02:00, and three days.
    expect(at(ada, 'programs/maps')).toBe('2026-10-27T22:59:00.000Z');
    expect(dueOf(one, ada, 'programs/maps')).toMatchObject({ extension: 'ill' });
    expect(inZone(dueOf(one, ada, 'programs/maps')!.ms, 'Europe/Berlin')).toBe('2026-10-27 23:59 Europe/Berlin');
  });

  test('an extension of one of a group is one of all of it', () => {
    expect(dueOf(one, bob, 'networking/drop')).toEqual(dueOf(one, eve, 'networking/drop'));
  });

  test('begun days cost, up to the cap; within the grace nothing does', () => {
    const due = dueOf(one, ada, 'networking/drop')!;
    const hours = (count: number) => lateness(one, due, due.ms + count * 3_600_000);
    expect([hours(-1), hours(0), hours(2)]).toEqual(Array(3).fill({ days: 0, percent: 0 }));
    expect(hours(2.1)).toEqual({ days: 1, percent: 10 });
    expect(hours(24.1)).toEqual({ days: 2, percent: 20 });
    expect(hours(24 * 40)).toEqual({ days: 40, percent: 50 });
    expect(lateness({ ...one, late: undefined }, due, due.ms + 1e9)).toMatchObject({ percent: 0 });
    expect(lateness(one, null, due.ms)).toEqual({ days: 0, percent: 0 });
  });
});

test('a time is that of its section, or of the learner who has more time: it need not exist elsewhere', () => {
  // Berlin's clocks go forward over it, New York's do not.
  const told = problems(
    whole
      .replace('section: remote, at: 2026-10-31 23:59', 'section: remote, at: 2026-03-29 02:30')
      .replace('2027-01-15 12:00', '2027-03-28 02:30'),
  );
  expect(told).toEqual([]);
});

test('a section about which there is nothing to say may be empty', () => {
  expect(parsed(whole.replace('monday: { title: Monday }', 'monday:')).sections).toMatchObject({ monday: {} });
});

test('of an hour that the clocks show twice the later one counts; a zone has a name', () => {
  expect(instantOf('2026-10-25 02:30', 'Europe/Berlin')).toEqual({ ms: Date.UTC(2026, 9, 25, 1, 30) });
  expect(['Europe/Berlin', 'UTC', '+01:00', 'Atlantis', ''].map(isTimeZone)).toEqual([true, true, false, false, false]);
});

describe('a clumsy teacher', () => {
  const small = 'title: x\ntimezone: Europe/Berlin\nlearners:\n  - { login: ada, name: Ada }\n';
  const learnerOf = (text: string) => parsed(text).learners[0];

  test('a byte order mark and the line ends of Windows', () => {
    expect(learnerOf(`\ufeff${small.replaceAll('\n', '\r\n')}`)).toMatchObject({ login: 'ada', name: 'Ada' });
  });

  test.each([
    ['id: 0815', { id: '0815' }],
    ['id: 12345678901234567890', { id: '12345678901234567890' }],
    ['id: 0x1F', { id: '0x1F' }],
    ['id: 1e3', { id: '1e3' }],
    ['id: "007"', { id: '007' }],
    ['group: 01', { group: '01' }],
    ['section: 01', { section: '01' }],
  ])('what looks like a number stays as it was typed: %s', (field, expected) => {
    const text = small
      .replace('learners', 'sections: { 01: {} }\nlearners')
      .replace('name: Ada', `name: Ada, ${field}`);
    expect(learnerOf(text)).toMatchObject(expected);
  });

  test.each([
    ['a login of digits', 'login: ada', 'login: 123', null],
    ['a name in another script', 'name: Ada', 'name: "\u05d0\u05d3\u05d4, 李"', null],
    [
      'control characters in a name',
      'name: Ada',
      'name: "A\\e[31m"',
      'class.yaml:4: learner 1, name: must be one line of text',
    ],
    ['a login in another script', 'login: ada', 'login: аda', 'must be a GitHub login'],
    [
      'a misspelt key, with its own line',
      'name: Ada }',
      'name: Ada }\nlernaers: []',
      'class.yaml:5: does not know ‘lernaers’',
    ],
    ['an alias of nothing', 'title: x', 'title: *y', 'class.yaml: is not YAML: Unresolved alias'],
    [
      'two due dates for the same',
      'name: Ada }',
      'name: Ada }\ndue:\n  - { at: 2026-10-12 23:59 }\n  - { at: 2026-10-13 23:59 }',
      'class.yaml:7: is about the same as due date 1',
    ],
    [
      'an extension of what is never due',
      'name: Ada }',
      'name: Ada }\nextensions:\n  - { login: ada, days: 3, because: x }',
      'class.yaml:6: gives nothing: what it is about is never due',
    ],
    [
      'an extension that ends before',
      'name: Ada }',
      'name: Ada }\ndue: [{ at: 2026-10-12 23:59 }]\nextensions:\n  - { login: ada, until: 2026-10-01 12:00, because: x }',
      'class.yaml:7: gives nothing: 2026-10-01 12:00 is no later than the due date',
    ],
  ])('%s', (_, from, to, expected) => {
    expect(small).toContain(from);
    const found = problems(small.replace(from, to));
    if (expected === null) expect(found).toEqual([]);
    else expect(found.join('\n')).toContain(expected);
  });

  test('a bomb of aliases is refused', () => {
    const lists = ['b', 'c', 'd', 'e'].map((name, i) => `${name}: &${name} [${`*${'abcd'[i]},`.repeat(9)}]`);
    expect(problems(`a: &a [x]\n${lists.join('\n')}\n${small}`).join()).toContain('is not YAML: Excessive alias count');
  });

  test.each([
    ['2026-10-24 23:59', '2026-10-25T22:59:00Z', 1, 'the night of 25 hours: the same time next day is one day'],
    ['2026-10-24 23:59', '2026-10-25T22:59:01Z', 2, 'and a second more is two'],
    ['2026-03-28 23:59', '2026-03-29T21:59:00Z', 1, 'the night of 23 hours'],
    ['2026-03-28 23:59', '2026-03-29T21:59:01Z', 2, 'and a second more'],
    ['2026-10-25 02:30', '2026-10-25T01:30:00Z', 0, 'the later one of two times that are called the same'],
  ])('due %s, handed in %s: %i days late (%s)', (due, handedIn, days) => {
    const one = parsed(`${small}due: [{ at: ${due} }]\nlate: { perDay: 10 }\n`);
    const found = dueOf(one, one.learners[0]!, 'programs/hello');
    expect(lateness(one, found, Date.parse(handedIn))).toEqual({ days, percent: days * 10 });
  });
});
