import { expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { type Rule, type Words, matchRule } from '../../../grader/explain/rule.ts';
import { causes, fallbackCauses } from '../../../grader/explain/rules/causes/index.ts';
import { clangRules } from '../../../grader/explain/rules/clang.ts';
import { lastRules, machineRules, sentenceRules, warningRules } from '../../../grader/explain/rules/loader/index.ts';
import { verifierRules } from '../../../grader/explain/rules/verifier/index.ts';
import { corpus } from '../../support/corpus.ts';
import { messages } from '../../support/messages.ts';
import { formatsKnown } from './format-messages.ts';
import { furtherKnown } from './further-messages.ts';
import { known as firstKnown } from './messages.ts';
import { sourceKnown } from './source-messages.ts';
import { toolsKnown } from './tool-messages.ts';

const known = [...firstKnown, ...furtherKnown, ...toolsKnown, ...formatsKnown, ...sourceKnown];

const patterns: readonly Rule[] = [
  ...verifierRules,
  ...machineRules,
  ...sentenceRules,
  ...warningRules,
  ...lastRules,
  ...clangRules,
];
const rules: readonly Words[] = [...patterns, ...causes, ...fallbackCauses];

test.each(known.map((one) => [one.text.split('\n').slice(-3).join(' ').slice(0, 90), one] as const))(
  '%s',
  (_, { rule, text }) => {
    expect(explainText(text, new Map())).toMatchObject({ recognised: true, explanation: { rule } });
  },
);

test('each of the 51 families of messages has a rule', () => {
  expect([...new Set(known.flatMap(({ family }) => family ?? []))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 51 }, (_, i) => i + 1),
  );
});

test('no rule is dead: a log of the corpus or a known message needs it', () => {
  const said = [...known, ...messages, ...corpus.map(({ expected, log }) => ({ rule: expected, text: log }))];
  const alone = (rule: Words) => rules.filter(({ id }) => id === rule.id).length === 1;
  const named = new Set(said.map(({ rule }) => rule));
  // Of two rules with one id, each must fit something.
  const needed = (rule: Rule) =>
    said.some(
      (one) => one.rule === rule.id && (alone(rule) || matchRule([rule], one.text, { anywhere: true }) !== null),
    );
  expect(patterns.filter((rule) => !needed(rule)).map(({ id }) => id)).toEqual([]);
  expect(causes.filter(({ id }) => !named.has(id)).map(({ id }) => id)).toEqual([]);
});

test('every rule is whole', () => {
  for (const rule of rules) {
    expect(rule.id).toMatch(/^[a-z0-9-]+$/);
    for (const words of [rule.text, rule.why]) expect(words, rule.id).toMatch(/^\S.*\.$/);
    expect(rule.help.length, rule.id).toBeGreaterThan(9);
  }
  // A pattern that may begin with anything would fit in the middle of a sentence.
  for (const rule of patterns) expect(rule.pattern.source, rule.id).not.toMatch(/^\.[*+]/);
});

/** The course's outline, as far as rules refer to it. */
const lessons = [
  'bcc/porting-to-core',
  'bcc/what-bcc-is',
  'bpftrace/kprobe-or-tracepoint',
  'bpftrace/probes-and-filters',
  'bpftrace/syntax',
  'bpftrace/variables-and-builtins',
  'introduction/life-of-a-program',
  'kubernetes/cgroup-programs',
  'maps/hash-and-array',
  'maps/locks',
  'maps/pinning',
  'maps/ring-buffer',
  'maps/stacks-and-storage',
  'maps/tail-calls',
  'modern/struct-ops-and-sched-ext',
  'networking/redirect-and-af-xdp',
  'networking/tc',
  'networking/xdp',
  'programs/helpers-and-kfuncs',
  'programs/kprobes-and-fentry',
  'programs/loaders-and-links',
  'programs/loops-and-subprograms',
  'programs/program-types',
  'programs/tracepoints',
  'programs/uprobes-and-usdt',
  'security/hardening',
  'security/lsm',
  'setup/reference-environment',
  'vm/btf-and-core',
  'vm/ranges-loops-and-limits',
  'vm/reading-a-verifier-log',
  'vm/registers-and-instructions',
];

test('every rule has a lesson of the course', () => {
  expect([...new Set(rules.map(({ lesson }) => lesson))].sort()).toEqual(lessons);
});
