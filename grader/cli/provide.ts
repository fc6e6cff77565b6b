/** Before a guest is there: the system packages that it needs, and what to do if it cannot be downloaded. */
import { readManifest } from '../machine/published/manifest.ts';
import { NotDownloaded } from '../machine/published/trouble.ts';
import type { KernelEntry } from '../machine/vm/kernels.ts';
import type { Way } from '../machine/vm/supply.ts';
import { needsBuild } from '../machine/vm/vm.ts';
import { confirm } from './ask.ts';
import type { Context } from './context.ts';
import { installMissing } from './packages.ts';

/**
 * Calls `make`, which sets a guest up, with what it needs installed. If a download fails where building is a way out, builds after
 * asking, or without that with --yes or CI=true; where nobody is there to be asked, what failed is thrown.
 */
export async function provide<T>(
  context: Context,
  kernel: KernelEntry,
  way: Way,
  make: (way: Way) => Promise<T>,
  install = installMissing,
): Promise<T> {
  const builds = await needsBuild(kernel, way);
  if (builds && way === 'download') await sayWhyBuilt(context);
  await install(context, builds ? 'build' : 'run');
  try {
    return await make(way);
  } catch (error) {
    if (!(error instanceof NotDownloaded) || !error.mayBuild || context.interrupted()) throw error;
    if (!(await wantsBuild(context, error))) throw error;
    return provide(context, kernel, 'fall-back', make, install);
  }
}

/** Several guests of one command may be set up at once: one question is enough. */
const answers = new WeakMap<Context, Promise<boolean>>();
const toldWhy = new WeakSet<Context>();

function wantsBuild(context: Context, trouble: NotDownloaded): Promise<boolean> {
  const answer = answers.get(context) ?? askWhetherToBuild(context, trouble);
  answers.set(context, answer);
  return answer;
}

async function askWhetherToBuild(context: Context, { message }: NotDownloaded): Promise<boolean> {
  context.note(context.yes ? `${message}\nIt is built here instead.` : message);
  return context.yes || confirm(context, 'Build it here instead (a few minutes, 4 GB of disk meanwhile)?', true);
}

/** Only where one would expect a download. */
async function sayWhyBuilt(context: Context): Promise<void> {
  const { entries } = await readManifest();
  if (toldWhy.has(context) || (entries.length === 0 && !process.env.HOOKPOINT_MIRROR)) return;
  toldWhy.add(context);
  context.note(
    entries.length === 0
      ? 'HOOKPOINT_MIRROR is of no use here: this version of the course has published nothing yet, so the guest is built.'
      : "What is published was made by other recipes than those in this checkout's environment/, so the guest is built here.",
  );
}
