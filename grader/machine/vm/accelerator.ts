/**
 * Which accelerator really works here. That /dev/kvm exists, opens and even makes a virtual machine does not mean that
 * a guest gets anywhere: only a real boot under a deadline tells. The answer is remembered.
 */
import { release } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentClient } from '../agent/client.ts';
import { cacheFolder, digestOf, readCached, writeJson } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { system } from '../system/index.ts';
import { versionOf } from './build.ts';
import type { Kernel } from './kernels.ts';
import { type Accelerator, Qemu, qemuBinary } from './qemu.ts';

/** A native boot to the agent's first answer takes about a second; a stuck one takes for ever. */
const probeDeadlineMs = 10_000;

const answerSchema = z.object({ key: z.string(), accelerator: z.enum(['kvm', 'tcg']), reason: z.string() });
export type AcceleratorAnswer = z.infer<typeof answerSchema>;

const file = () => join(cacheFolder(), 'accelerator.json');

/** What was found out earlier, if QEMU, this host's kernel and the access to /dev/kvm are still the same. */
export async function rememberedAccelerator(): Promise<AcceleratorAnswer | undefined> {
  const known = await readCached(file(), answerSchema);
  return known && known.key === (await probeKey()) ? known : undefined;
}

/** Tries the native accelerator with `kernel` unless the answer is known. */
export async function chooseAccelerator(kernel: Kernel, progress: Progress): Promise<Accelerator> {
  const known = await rememberedAccelerator();
  if (known) return known.accelerator;
  progress.step('Accelerator');
  const answer = { key: await probeKey(), ...(await probe(kernel)) };
  await writeJson(file(), answer);
  progress.done(`accelerator: ${answer.accelerator} (${answer.reason})`);
  return answer.accelerator;
}

async function probe(kernel: Kernel): Promise<{ accelerator: Accelerator; reason: string }> {
  const { problem } = await system.native();
  if (problem) return { accelerator: 'tcg', reason: problem };
  const qemu = new Qemu({ accelerator: 'kvm', files: kernel.files });
  const client = new AgentClient(qemu.agent, () => qemu.kill());
  const ended = qemu.ended.then((lost) => client.lose(lost));
  try {
    await client.setClock(probeDeadlineMs);
    return { accelerator: 'kvm', reason: 'a guest boots with /dev/kvm' };
  } catch {
    return {
      accelerator: 'tcg',
      reason: `/dev/kvm is there, but a guest does not boot with it within ${probeDeadlineMs / 1000} s`,
    };
  } finally {
    qemu.kill();
    await ended;
  }
}

async function probeKey(): Promise<string> {
  const native = await system.native();
  return digestOf(
    (await versionOf(qemuBinary)) ?? '',
    release(),
    await system.processor(),
    native.problem ?? native.name,
  );
}
