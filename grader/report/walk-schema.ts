/** What `grade explain --json --walk` says of the path that failed, and of how what the message is about came to be. */
import { z } from 'zod';

/** Steps, and links of a chain; the last ones of longer ones. */
export const mostSteps = 1000;
const text = (max: number) => z.string().max(max);
const int = z.int().min(0);

export const walkSchema = z.strictObject({
  /** What the verifier said where it stopped. */
  messages: z.array(text(1000)).max(100),
  /** The registers and slots that the message is about, each with the steps that made it what it is, the origin first. */
  causes: z
    .array(
      z.strictObject({
        name: text(20),
        is: text(2000),
        chain: z.array(z.strictObject({ step: int, insn: int, words: text(4000) })).max(mostSteps),
      }),
    )
    .max(20),
  /** The path that failed, from the start to where the verifier stopped. `step` counts all instructions of the log. */
  path: z
    .array(
      z.strictObject({
        step: int,
        insn: int,
        text: text(1000),
        /** How deep in calls. */
        frame: int,
        /** 'a.bpf.c:12'; '' where the log does not say it. */
        place: text(1000),
        source: text(1000),
        /** What happens: the call, the branch and what it taught. */
        words: z.array(text(4000)).max(100),
        /** The registers and slots that have another value after it. `printed` is the verifier's own word. */
        changed: z.array(z.strictObject({ name: text(20), printed: text(1000), words: text(2000) })).max(200),
      }),
    )
    .max(mostSteps),
  /** Steps at the beginning of the path that are left out because there are more than a thousand. */
  leftOut: int,
  /** All steps of the log, those of other paths too. */
  steps: int,
});

export type WalkDocument = z.infer<typeof walkSchema>;
