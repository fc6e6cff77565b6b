import { expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { type Rule, matchRule } from '../../../grader/explain/rule.ts';
import { clangRules } from '../../../grader/explain/rules/clang.ts';
import { errnoRules, libbpfRules } from '../../../grader/explain/rules/libbpf.ts';
import { verifierRules } from '../../../grader/explain/rules/verifier/index.ts';
import { corpus } from '../../support/corpus.ts';
import { known } from './messages.ts';

const rules: readonly Rule[] = [...verifierRules, ...libbpfRules, ...errnoRules, ...clangRules];

test.each(known.map((one) => [one.text.split('\n').slice(-3).join(' ').slice(0, 90), one] as const))('%s', (_, { rule, text }) => {
  expect(explainText(text, new Map())).toMatchObject({ recognised: true, explanation: { rule } });
});

test('each of the 51 families of messages has a rule', () => {
  expect([...new Set(known.flatMap(({ family }) => family ?? []))].sort((a, b) => a - b)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
});

test('no rule is dead: a log of the corpus or a known message needs it', () => {
  const said = [...known, ...corpus.map(({ expected, log }) => ({ rule: expected, text: log }))];
  const alone = (rule: Rule) => rules.filter(({ id }) => id === rule.id).length === 1;
  // Of two rules with one id, each must fit something.
  const needed = (rule: Rule) => said.some((one) => one.rule === rule.id && (alone(rule) || matchRule([rule], one.text) !== null));
  expect(rules.filter((rule) => !needed(rule)).map(({ id }) => id)).toEqual([]);
});

test('every rule is whole', () => {
  for (const rule of rules) {
    expect(rule.id).toMatch(/^[a-z0-9-]+$/);
    for (const words of [rule.text, rule.why]) expect(words, rule.id).toMatch(/^\S.*\.$/);
    expect(rule.help.length, rule.id).toBeGreaterThan(9);
    // A pattern that may begin with anything would fit in the middle of a sentence.
    expect(rule.pattern.source, rule.id).not.toMatch(/^\.[*+]/);
  }
});

/** The course's outline, as far as rules refer to it. */
const lessons = [
  'introduction/life-of-a-program', 'maps/hash-and-array', 'maps/locks', 'maps/ring-buffer', 'maps/tail-calls', 'networking/xdp',
  'programs/helpers-and-kfuncs', 'programs/kprobes-and-fentry', 'programs/loaders-and-links', 'programs/loops-and-subprograms', 'programs/program-types',
  'programs/tracepoints', 'security/hardening', 'setup/reference-environment', 'vm/btf-and-core', 'vm/ranges-loops-and-limits',
  'vm/reading-a-verifier-log', 'vm/registers-and-instructions',
];

test('every rule has a lesson of the course', () => {
  expect([...new Set(rules.map(({ lesson }) => lesson))].sort()).toEqual(lessons);
});
