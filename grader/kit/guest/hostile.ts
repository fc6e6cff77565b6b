/** Reading what came from the machine: a submission may have had its hands in it. */
import { z } from 'zod';

/** Text that json.h wrote: bytes as Latin-1, UTF-8 again here. What is no UTF-8 becomes U+FFFD. */
export const machineText = (maxBytes: number) =>
  z
    .string()
    .max(maxBytes)
    .transform((text) => Buffer.from(text, 'latin1').toString('utf8'));

export const machineHex = (maxBytes: number) =>
  z
    .string()
    .max(2 * maxBytes)
    .regex(/^([0-9a-f]{2})*$/)
    .transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));

/** One line of JSON in the schema's shape, or an Error that says who said something else. Never the submission's fault as such. */
export function parseLine<T extends z.ZodType>(line: string, schema: T, who: string): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`${who} answered something that is not JSON: ${JSON.stringify(line.slice(0, 200))}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${who} answered out of shape at '${issue?.path.join('.')}': ${issue?.message}`);
}
