/** Failures as SARIF 2.1.0, for annotations on the failing lines. What is no failure is a notification of the run. */
import { createHash } from 'node:crypto';
import type { CheckResult, Message, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { inShort, isJudged, whyNotJudged, whyNothing } from './judged.ts';
import { utf16Column } from './location.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export function renderSarif(report: Report): string {
  const rules = new Map<string, Rule>();
  for (const result of report.results)
    for (const check of result.checks)
      if (!rules.has(ruleId(result, check))) rules.set(ruleId(result, check), ruleOf(result, check));
  const order = [...rules.keys()];
  const failures = report.results.flatMap((result) =>
    result.checks.filter(({ outcome }) => outcome === 'fail').map((check) => failure(result, check, order)),
  );
  const run = {
    tool: { driver: { name: 'Hookpoint', rules: [...rules.values()] } },
    columnKind: 'utf16CodeUnits',
    invocations: [invocation(report)],
    results: failures,
  };
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

type Rule = ReturnType<typeof ruleOf>;

function ruleId(result: Result, check: CheckResult): string {
  return plainLine(`${result.exercise}/${check.id}`);
}

function ruleOf(result: Result, check: CheckResult) {
  return {
    id: ruleId(result, check),
    shortDescription: { text: literal(plainLine(check.title)) },
    fullDescription: { text: literal(plainLine(check.rationale)) },
    help: { text: literal(plain(check.rationale)) },
    defaultConfiguration: { level: 'error' },
    properties: { tags: [check.stage], exercise: plainLine(result.title) },
  };
}

function failure(result: Result, check: CheckResult, rules: readonly string[]) {
  const id = ruleId(result, check);
  const message = check.message ?? { text: check.title };
  const place = locate(result, message);
  return {
    ruleId: id,
    ruleIndex: rules.indexOf(id),
    level: 'error',
    message: { text: literal(inShort(message)) },
    locations: [{ physicalLocation: place }],
    // The line itself, not its number: what moves down in the file is the same finding.
    partialFingerprints: {
      'hookpoint/v1': fingerprint(id, place.artifactLocation.uri, message.location?.source?.trim() ?? ''),
    },
    properties: {
      seed: plainLine(result.seed),
      ...(check.hint !== undefined && { hint: plain(check.hint) }),
      ...(result.machine && { kernel: plainLine(result.machine.kernel) }),
    },
  };
}

/** Readers drop a result without a place, so one that has none is put at the first line of the submission's folder. */
function locate({ submission }: Result, { location }: Message) {
  if (!location)
    return {
      artifactLocation: { uri: relativeUri(submission) },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
    };
  const source = location.source === undefined ? undefined : plainLine(location.source);
  const startColumn =
    utf16Column(location) ?? (source === undefined ? 1 : source.length - source.trimStart().length + 1);
  const endColumn = Math.max(startColumn, (source?.length ?? 0) + 1);
  return {
    artifactLocation: { uri: relativeUri(`${submission}/${location.file}`) },
    region: {
      startLine: location.line,
      startColumn,
      endLine: location.line,
      endColumn,
      ...(source !== undefined && { snippet: { text: source } }),
    },
  };
}

/** Relative to the repository, and never out of it. */
function relativeUri(path: string): string {
  const parts = plainLine(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.map(encodeURIComponent).join('/') || 'submissions';
}

function invocation({ results, error }: Report) {
  const levels = { error: 'error', invalid: 'warning', unsupported: 'note', skipped: 'note' } as const;
  const told = results
    .filter((result) => !isJudged(result))
    .map((result) => ({
      level: levels[result.outcome as keyof typeof levels],
      message: { text: literal(whyNotJudged(result)) },
    }));
  if (error) told.push({ level: 'error', message: { text: literal(whyNothing(error)) } });
  return {
    executionSuccessful: !error && results.every(({ outcome }) => outcome !== 'error'),
    toolExecutionNotifications: told,
  };
}

/** In a message, '[text](target)' would be a link. */
function literal(text: string): string {
  return plain(text).replace(/\[([^[\]]*)\]\(/g, '\\[$1\\](') || ' ';
}

function fingerprint(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
