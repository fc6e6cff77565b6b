/** What people met, each with its true cause and the rule that must explain it: tests/fixtures/explain/*.yaml. */
import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = new URL('../fixtures/explain/', import.meta.url);
const messageSchema = z.strictObject({
  name: z.string(),
  /** The public address where it was read, or the source of the tool that prints it. */
  from: z.url(),
  cause: z.string(),
  rule: z.string(),
  /** What the explanation must say. */
  says: z.array(z.string()).min(1),
  /** What it must not say: a cause that it is not. */
  never: z.array(z.string()).optional(),
  text: z.string(),
});

export type KnownMessage = z.infer<typeof messageSchema>;

export const messages: readonly KnownMessage[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => z.array(messageSchema).parse(parse(readFileSync(new URL(name, folder), 'utf8'))));

/** The logs of tests/fixtures/explain/logs, by name. */
export function readLog(name: string): string {
  return readFileSync(new URL(`logs/${name}.log`, folder), 'utf8');
}
