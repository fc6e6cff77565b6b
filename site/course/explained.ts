/** The lessons, '<chapter>/<lesson>', that explain what a tool refuses: those that a rule of the explain engine names. */
import { clangRules } from '../../grader/explain/rules/clang.ts';
import { errnoRules, libbpfRules } from '../../grader/explain/rules/libbpf.ts';
import { verifierRules } from '../../grader/explain/rules/verifier/index.ts';

export const explainedLessons: ReadonlySet<string> = new Set([...verifierRules, ...libbpfRules, ...errnoRules, ...clangRules].map(({ lesson }) => lesson));
