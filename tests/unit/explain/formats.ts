/** How lists of messages by source are turned into messages that a rule must know. */
import type { Known } from './messages.ts';

/** The file of the source, the rule, and format strings of that file, filled in. */
export type Formats = readonly [from: string, rule: string, ...texts: string[]][];

/** As the last word of a verifier log. */
export const inVerifierLog = (message: string) =>
  `0: R1=ctx() R10=fp0\n5: (79) r1 = *(u64 *)(r1 +0)\n${message}\nprocessed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n`;

export const filled = (formats: Formats, frame: (text: string) => string): Known[] =>
  formats.flatMap(([from, rule, ...texts]) => texts.map((text) => ({ rule, text: frame(text), from })));
