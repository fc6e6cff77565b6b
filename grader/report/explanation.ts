/** What `grade explain` says, as one document that its schema checks. Runs in browsers too: the site shows the same. Pure. */
import { z } from 'zod';
import type { Explained } from '../explain/index.ts';
import { toMessage } from '../verdict/message.ts';
import { type Message, messageSchema } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { walkSchema } from './walk-schema.ts';

const text = (max: number) => z.string().max(max);

export const explanationSchema = z.strictObject({
  format: z.literal('hookpoint-explanation'),
  version: z.literal(1),
  exitCode: z.int().min(0).max(1),
  /** Who wrote the text; null if it is nobody we know. */
  tool: z.enum(['verifier', 'libbpf', 'clang']).nullable(),
  recognised: z.boolean(),
  /** The rule that knows the message; null if none does. */
  rule: text(64).nullable(),
  message: messageSchema,
  /** The kernel's own explanation, from Linux 7.3 on. */
  report: z
    .strictObject({
      problem: text(1000),
      reason: text(4000),
      at: text(1000),
      path: z.array(text(1000)).max(100),
      suggestion: text(4000),
    })
    .optional(),
  /** How many failures follow in the same text. */
  more: z.int().min(0),
  /** With --walk: the path that failed, step by step. */
  walk: walkSchema.optional(),
});

export type ExplanationDocument = z.infer<typeof explanationSchema>;

/** Throws if it does not obey its schema. */
export function makeExplanation({ tool, recognised, explanation, more, log }: Explained): ExplanationDocument {
  const { rule = null, report } = explanation;
  const said = report && {
    problem: plain(report.problem, 1000),
    reason: plain(report.reason, 4000),
    at: plain(report.at, 1000),
    path: report.path.slice(0, 100).map((step) => plain(step, 1000)),
    suggestion: plain(report.suggestion, 4000),
  };
  // Text of nobody we know is the reader's own: they need not see it again.
  const message: Message = toMessage({ ...explanation, wholeLog: tool === null ? undefined : log });
  return explanationSchema.parse({
    format: 'hookpoint-explanation',
    version: 1,
    exitCode: recognised ? 0 : 1,
    tool,
    recognised,
    rule,
    message,
    ...(said && { report: said }),
    more,
  });
}
