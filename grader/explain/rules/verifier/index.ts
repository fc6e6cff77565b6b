/** Messages of the verifier, Linux 5.10 to 7.3. Patterns see only what it said after the last instruction. */
import type { Rule } from '../../rule.ts';
import { boundsRules } from './bounds.ts';
import { callsRules } from './calls.ts';
import { fieldsRules } from './fields.ts';
import { flowRules } from './flow.ts';
import { furtherVerifierRules } from './further.ts';
import { hintRules } from './hints.ts';
import { kernelRules } from './kernel.ts';
import { objectsRules } from './objects.ts';
import { pointersRules } from './pointers.ts';
import { privilegesRules } from './privileges.ts';
import { stackRules } from './stack.ts';
import { targetsRules } from './targets.ts';
import { valuesRules } from './values.ts';

export const verifierRules: readonly Rule[] = [
  ...privilegesRules,
  ...pointersRules,
  ...boundsRules,
  ...stackRules,
  ...kernelRules,
  ...callsRules,
  ...flowRules,
  ...valuesRules,
  ...objectsRules,
  ...targetsRules,
  ...fieldsRules,
  ...furtherVerifierRules,
  ...hintRules,
];
