/** The lessons, '<chapter>/<lesson>', that explain what a tool refuses: those that a rule of the explain engine names. */
import { clangRules } from '../../grader/explain/rules/clang.ts';
import { causes } from '../../grader/explain/rules/causes/index.ts';
import { machineRules, sentenceRules, warningRules } from '../../grader/explain/rules/loader/index.ts';
import { verifierRules } from '../../grader/explain/rules/verifier/index.ts';

export const explainedLessons: ReadonlySet<string> = new Set(
  [...verifierRules, ...machineRules, ...sentenceRules, ...causes, ...warningRules, ...clangRules].map(
    ({ lesson }) => lesson,
  ),
);
