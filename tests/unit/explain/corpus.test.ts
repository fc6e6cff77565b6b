import { describe, expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { matchRule } from '../../../grader/explain/rule.ts';
import { verifierRules } from '../../../grader/explain/rules/verifier/index.ts';
import { findVerifierLogs, parseVerifierLog } from '../../../grader/explain/verifier-log.ts';
import { makeExplanation } from '../../../grader/report/explanation.ts';
import { type Case, corpus, kernels, names } from '../../support/corpus.ts';

const explain = ({ log, file, source }: Case) => explainText(log, new Map([[file, source]]));
const refused = corpus.filter(({ expected }) => expected !== 'loads');

test('every program has a log of every kernel, and a person’s word for it', () => {
  for (const kernel of kernels)
    expect(
      corpus
        .filter((one) => one.kernel === kernel)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort());
});

test('what loads is not explained', () => {
  const loads = corpus.filter(({ expected }) => expected === 'loads');
  expect(loads).toHaveLength(52);
  for (const one of loads)
    expect([one.name, one.log.trim(), explain(one).recognised]).toEqual([one.name, '@@LOADED', false]);
});

describe.each(kernels)('Linux %s', (kernel) => {
  test.each(refused.filter((one) => one.kernel === kernel).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const explained = explain(one);
    expect(explained).toMatchObject({ recognised: true, more: 0, explanation: { rule: one.expected } });
    expect(makeExplanation(explained)).toMatchObject({ exitCode: 0, rule: one.expected });
    if (one.line !== null)
      expect(explained.explanation.location).toMatchObject({
        file: one.file,
        line: one.line,
        source: one.source.split('\n')[one.line - 1],
      });
  });
});

test('without a line in the log, the place is where the program, the function or the name is', () => {
  // In all of these the program is the last line of the source; what else may be meant is named here.
  const others: Record<string, number | undefined> = {
    '50_ksym_missing': 12,
    '52_global_func_ptr': 12,
    '56_acquire_noput': 12,
    '57_maybe_null_arg': 12,
    '58_trusted_null_deref': 12,
    '93_nosec': undefined,
  };
  for (const one of refused.filter(({ line }) => line === null)) {
    const last = one.source.trimEnd().split('\n').length;
    expect([one.name, one.kernel, explain(one).explanation.location?.line]).toEqual([
      one.name,
      one.kernel,
      one.name in others ? others[one.name] : last,
    ]);
  }
});

test('Linux 7.3: its own report comes first, at its own place', () => {
  const reported = refused.filter(({ log }) => log.includes('Verification failed: '));
  expect(reported).toHaveLength(32);
  for (const one of reported) {
    const { explanation } = explain(one);
    const problem = /^Verification failed: (.*)$/m.exec(one.log)![1]!;
    expect(explanation.text.startsWith(`${problem}. `)).toBe(true);
    expect(explanation.report?.reason).toMatch(/\.$/);
    expect(explanation.help!.startsWith(explanation.report!.suggestion)).toBe(true);
    const path = /^Causal path:\n([^]*?)\n\n?(?=Suggestion:)/m.exec(one.log)?.[1] ?? '';
    expect(explanation.report?.path).toHaveLength(path.split('^-- ').length - 1);
    const at = /^At:\n {2}\S+ @ (\S+):(\d+):(\d+)$/m.exec(one.log);
    if (at) expect(explanation.location).toMatchObject({ file: at[1], line: Number(at[2]), column: Number(at[3]) });
  }
});

/** General rules that a special one, above them in the table, keeps from speaking. */
const overruled: Record<string, string[]> = {
  'stale-packet': ['scalar-dereference'],
  'null-ringbuf': ['null-global-argument'],
  'null-arithmetic': ['pointer-arithmetic'],
  'tail-call-leak': ['unreleased'],
  'function-argument': ['context-access'],
  'map-type': ['verifier-bug'],
  'packet-bounds': ['unbounded-index'],
  'packet-variable-offset': ['packet-bounds', 'unbounded-index'],
};

test('no two rules fit a log, but a special one and its general ones', () => {
  for (const one of refused) {
    const [found] = findVerifierLogs(one.log);
    if (!found) continue;
    const message = parseVerifierLog(found.log).messages.join('\n');
    const fitting = new Set(
      verifierRules.filter((rule) => matchRule([rule], message, { log: found.log })).map(({ id }) => id),
    );
    const [first, ...others] = fitting;
    expect(first).toBe(one.expected);
    expect(overruled[one.expected] ?? []).toEqual(expect.arrayContaining(others));
  }
});
