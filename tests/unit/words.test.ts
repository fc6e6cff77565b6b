/** Lessons, documents, messages and pages speak as docs/voice.md describes; these are the words and phrases that are not ours. */
import { globSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';

/** What is not ours, and what we say. A plain word matches whole words only, in any case. */
const notOurs: [pattern: RegExp, instead: string][] = [
  [/\bmend(?:s|ed|ing)?\b/gi, 'fix, repair'],
  [/\bdear(?:er|est|ly)?\b/gi, 'expensive, costs more'],
  [/\bshall\b/gi, 'must, should, may, will'],
  [/\b(?:there|here|where)(?:by|in|of|upon|fore|unto)(?<!therefore)\b/gi, 'a sentence of its own'],
  [/\b(?:whence|whither|hence|lest|upon|ought|albeit|unto|nigh|deeds?|betwixt|forthwith)\b/gi, 'a word of today'],
  [/\banew\b/gi, 'again, from scratch'],
  [/\bfor ever\b/gi, 'forever'],
  [/\bwho(?:so)?ever\b/gi, 'if you, the process that, the first to'],
  [/\b(?:of|by|to|from|for) who\b(?! else)/gi, 'the person who, anyone who, the process that'],
  [/(?<=^|[.!;>"]\s)Who\s[^.?!|:]*[.!:]/gm, 'If you …, Anyone who …, The process that …'],
  [/\b(?:is|are) no more\b(?! than| to be)/gi, 'has ended, no longer exists'],
  [/\b(?:stands?|stood) (?:in|at|on|there|beside|behind|below|above)\b/gi, 'is in, is listed in, contains'],
  [/\b(?:lies?|lay) (?:in|at|on|there|beside|behind|below|above)\b/gi, 'is in, is stored in'],
  [/(?<!\bthere )\b(?:is|are) none\b/gi, 'is not a …, does not have one'],
  [/, for (?:it|they|there|you|we|nobody|nothing|everything)\b/gi, 'because'],
  [/\bBeside (?:this|that|these|those|them)\b/g, 'Besides, apart from'],
  [/\bways? of (?:the )?calls\b/gi, 'call stack, stack trace'],
  [/\b(?:exists?|(?:is|are) (?:in|part of) (?:the )?\w+) since\b/gi, 'has existed since, came with'],
  [/\bdifferen(?:ce|t) to\b/gi, 'from'],
  [/\bmany an? (?!time)\w+/gi, 'many, with a plural'],
  [/, (?:and|but) what not\b/gi, 'and what it is not'],
  [
    /\bsome (?:milli|micro|nano)?seconds\b|\bsome (?:kilo|mega|giga)?bytes\b(?! of)|\bsome (?:minutes|hours|days|thousand|hundred)\b/gi,
    'a few, about',
  ],
  // 'There is no library' is fine, and so are 'is no longer' and 'is no faster'.
  [
    /(?<!\b(?:there|which|where) )\b(?:is|are|was|were) no (?!longer|more|less|fewer|other|such|\w+er\b)\w+/gi,
    'is not a …',
  ],
  [/\b(?:that|those) of (?:the|a|an|its|other|all) \w+/gi, 'the kernel’s, the process’s, or the noun again'],
  [/\bdata (?:are|go|take|come|have|were)\b/gi, 'singular: the data is'],
];

/** Where such a word is meant literally, or has to stay, by file. */
const meant: Record<string, string[]> = {
  // What is recorded with an exercise's verification is not changed for a word.
  'content/exercises/bcc/mini-execsnoop/exercise.yaml': ['those of the callers'],
  'content/exercises/bcc/profile/exercise.yaml': ['those of the work'],
  'content/exercises/bpftrace/go-return/exercise.yaml': ['that of the ret'],
  'content/exercises/maps/tail-calls/exercise.yaml': ['is no error'],
  'content/exercises/security/seccomp/exercise.yaml': ['is no way', 'are no way'],
  // Nor is what judged it.
  'grader/kit/go/go-listing.ts': ['is no listing'],
  'grader/kit/maps/btf.ts': ['those of the task'],
  'grader/kit/maps/shape.ts': ['is no shape', 'is no address'],
  'grader/kit/network/rounds.ts': ['lies in'],
  'grader/kit/network/topology.ts': ['is no name'],
  'grader/kit/pods/manifest.ts': ['is no yaml', 'is no indentation', 'is no mistake', 'is no valid', 'is no field'],
  'grader/kit/pods/rules.ts': ['is no resource'],
  'grader/kit/processes/cgroups.ts': ['is no name'],
  'grader/kit/processes/processes.ts': ['is no path'],
  'grader/kit/program/link.ts': ['is no link'],
  'grader/kit/program/loaded-program.ts': ['shall'],
  'grader/kit/scripts/script.ts': ['is no kind'],
};

// docs/voice.md names the words, to say what to write instead.
const markdown = (folder: string) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.mdx?$/.test(name))
    .map((name) => join(folder, name))
    .filter((name) => name !== 'docs/voice.md');
const files = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...markdown('docs'),
  ...markdown('content/docs'),
  ...readdirSync(join(repository, 'content/exercises'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:task\.mdx|\.yaml)$/.test(name) && !/(?:solution|starter|wrong|also)\//.test(name))
    .map((name) => join('content/exercises', name)),
  'content/glossary.yaml',
];

/** Its words, in their lines: without code, and with nothing in place of tags and links. */
function prose(text: string): string {
  return text
    .replace(/^(```+)[^]*?^\1/gm, (code) => code.replace(/[^\n]+/g, ''))
    .replace(/^(?:import|id:|prerequisites:|exercises:) .*$/gm, '')
    .replace(/(`+)[^`]*\1/g, '`…`')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/<\/?\w[^<>]*>/g, (tag) => (tag.includes('\n') ? tag : ''));
}

function strangers(text: string, allowed: string[] = []): string[] {
  const words = prose(text);
  return notOurs.flatMap(([pattern, instead]) =>
    [...words.matchAll(pattern)]
      .filter(([found]) => !allowed.includes(found.toLowerCase()))
      .map((match) => {
        const line = words.slice(0, match.index).split('\n').length;
        return `${line}: “${match[0]}”: ${instead}`;
      }),
  );
}

test.each(files)('%s speaks as docs/voice.md says', async (name) => {
  expect(strangers(await wordsOf(name), meant[name])).toEqual([]);
});

/** What people read of a program: its strings, each on the line on which it begins. A single word is a name of something. */
function stringsOf(name: string, program: string): string {
  const lines: string[] = [];
  const source = ts.createSourceFile(name, program, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    let text = ts.isStringLiteralLike(node) ? node.text : '';
    if (ts.isTemplateExpression(node))
      text = node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    if (text.includes(' ')) lines[line] = `${lines[line] ?? ''} ${text.replaceAll('\n', ' ')}`;
    node.forEachChild(visit);
  };
  visit(source);
  return Array.from(lines, (text) => text ?? '').join('\n');
}

/** What people read of a file. */
async function wordsOf(name: string): Promise<string> {
  const text = await readFile(join(repository, name), 'utf8');
  if (name.endsWith('.ts')) return stringsOf(name, text);
  if (!name.endsWith('.astro')) return text;
  const [, code, page] = /^---\n([^]*?\n)---\n([^]*)/.exec(text)!;
  return `\n${stringsOf(name, code!)}\n${page!.replace(/<style>[^]*?<\/style>/g, '')}`;
}

test('messages, help and pages do, too', async () => {
  const programs = globSync(['grader/**/*.ts', 'site/**/*.{ts,astro}'], { cwd: repository });
  expect(programs.length).toBeGreaterThan(300);
  const found: string[] = [];
  for (const name of programs)
    found.push(...strangers(await wordsOf(name), meant[name]).map((stranger) => `${name}:${stranger}`));
  expect(found).toEqual([]);
});

test('strings are found, and single words and names are not', () => {
  const program = "import { a } from './dear.ts';\nconst dear = `It is dear: ${dear} at\n${1} shall`;\nf('dear');\n";
  expect(strangers(stringsOf('a.ts', program))).toEqual([
    '2: “dear”: expensive, costs more',
    '2: “shall”: must, should, may, will',
  ]);
});

test('an exception that is no longer needed fails', async () => {
  for (const [name, words] of Object.entries(meant)) {
    const all = strangers(await wordsOf(name))
      .join('\n')
      .toLowerCase();
    for (const word of words) expect(all, name).toContain(`“${word}”`);
  }
});

test('words are found in sentences, not in code, and not inside other words', () => {
  expect(strangers('It exists since 5.8, is no semaphore, and takes some seconds.')).toEqual([
    '1: “exists since”: has existed since, came with',
    '1: “some seconds”: a few, about',
    '1: “is no semaphore”: is not a …',
  ]);
  expect(strangers('There is no semaphore, and it is no longer or faster.')).toEqual([]);
  expect(strangers('A.\nIt mends\nit, for it is dear.\nWho needs both keeps one.')).toEqual([
    '2: “mends”: fix, repair',
    '3: “dear”: expensive, costs more',
    '4: “Who needs both keeps one.”: If you …, Anyone who …, The process that …',
    '3: “, for it”: because',
  ]);
  expect(
    strangers('Recommended: endear `shall`, shallow. Who is it?\n```c\n/* shall */\n```\nTherefore there is none.'),
  ).toEqual([]);
});
