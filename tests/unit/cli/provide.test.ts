/** What `grade` does if the guest cannot be downloaded. */
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { provide } from '../../../grader/cli/provide.ts';
import type { Purpose } from '../../../grader/cli/packages.ts';
import { NotDownloaded, type TroubleKind } from '../../../grader/machine/published/trouble.ts';
import { kernelEntry } from '../../../grader/machine/vm/vm.ts';
import type { Way } from '../../../grader/machine/vm/supply.ts';
import { temporaryFolder } from '../temporary.ts';
import { listen } from './contexts.ts';

beforeEach(async () => {
  vi.stubEnv('HOOKPOINT_CACHE', await temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
});

async function provideWith(answers: {
  yes?: boolean;
  failing: TroubleKind | 'nothing';
}): Promise<{ ways: Way[]; purposes: Purpose[]; noted: string; error?: Error }> {
  const ways: Way[] = [];
  const purposes: Purpose[] = [];
  // apt-get is not what this is about.
  const install = async (_: unknown, purpose: Purpose) => void purposes.push(purpose);
  const { context, noted } = listen('/', { yes: answers.yes ?? false });
  const make = async (way: Way) => {
    ways.push(way);
    if (way === 'download' && answers.failing !== 'nothing')
      throw new NotDownloaded(answers.failing, 'It cannot be had.', 'Do this.');
    return way;
  };
  const error = await provide(context, await kernelEntry(undefined), 'download', make, install).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { ways, purposes, noted: noted(), ...(error && { error }) };
}

test('nothing fails: one way, once', async () => {
  const { ways, error } = await provideWith({ failing: 'nothing' });
  expect({ ways, error }).toEqual({ ways: ['download'], error: undefined });
});

test.each(['absent', 'unreachable'] as const)('%s: with --yes it is built, and one reads why', async (failing) => {
  const { ways, purposes, noted, error } = await provideWith({ failing, yes: true });
  expect({ ways, error }).toEqual({ ways: ['download', 'fall-back'], error: undefined });
  expect(noted).toBe('It cannot be had.\nIt is built here instead.');
  expect(purposes).toEqual(['build', 'build']);
});

test.each(['absent', 'unreachable'] as const)('%s: nobody is there to be asked, so it fails', async (failing) => {
  const { ways, error } = await provideWith({ failing });
  expect(ways).toEqual(['download']);
  expect(error?.message).toBe('It cannot be had.');
});

test.each(['wrong', 'space', 'interrupted'] as const)(
  '%s: never built instead, whatever --yes says',
  async (failing) => {
    const { ways, error } = await provideWith({ failing, yes: true });
    expect(ways).toEqual(['download']);
    expect(error).toMatchObject({ kind: failing });
  },
);
