/** All that one run measured, as it is kept in docs/performance.json: the page and its picture are made of it. */
import { z } from 'zod';
import { wayIds } from './ways.ts';

const measured = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  rss: z.number(),
  pss: z.number(),
  load: z.number(),
});

const way = z.enum(wayIds);

export const recordSchema = z.object({
  machine: z.object({
    date: z.string(),
    cpu: z.string(),
    cores: z.number(),
    memory: z.number(),
    system: z.string(),
    accelerator: z.string(),
    guestKernel: z.string(),
    qemu: z.string(),
    virtme: z.string().nullable(),
    virtiofsd: z.string().nullable(),
    node: z.string(),
  }),
  /** Round after round, each way in its turn. */
  single: z.array(
    z.object({ way, test: z.enum(['object', 'source']), cold: z.boolean(), rounds: z.array(measured).min(1) }),
  ),
  /** The whole verdict by the command: of a source that it has seen before, or of a new one. */
  verdict: z.array(z.object({ compiled: z.enum(['before', 'now']), rounds: z.array(measured).min(1) })),
  /** So many tests, one after another or two at a time. */
  many: z.object({
    byWay: z.array(z.object({ way, jobs: z.number(), tests: z.number(), total: measured })),
    exercises: z.number(),
    byGrade: z.array(z.object({ jobs: z.number(), total: measured })),
  }),
  /** Bytes. */
  disk: z.array(z.object({ way, bytes: z.number() })),
  /** Runs that failed and were made again, and why: under emulation a guest panics now and then. */
  again: z.array(z.string()),
});

export type Record = z.output<typeof recordSchema>;
export type Measurement = z.output<typeof measured>;
export type Single = Record['single'][number];
