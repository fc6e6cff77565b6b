/** Tells of each new version of a submission as it is saved, whatever way the editor has of saving. */
import { watch } from 'chokidar';
import type { Exercise } from './exercise.ts';
import { readSubmission, type ReadSubmission } from './submission.ts';
import { mostLevels } from './tree.ts';

/**
 * Milliseconds without an event after which a save is taken to be over: editors truncate and write, or rename and write,
 * in one go. A folder that is incomplete then is given longer, for it may be in the middle of a slow one.
 */
const quietMs = 40;
const incompleteQuietMs = 600;

export interface Saves {
  /** What is there now; it is not told as new. */
  readonly first: ReadSubmission;
  close(): Promise<void>;
}

/** `onSave` is told of what differs from what was told last; the same bytes saved again are nothing new. */
export async function watchSaves(
  root: string,
  folder: string,
  files: Exercise['files'],
  onSave: (read: ReadSubmission) => void,
): Promise<Saves> {
  const look = () => readSubmission(root, folder, files);
  let timer: NodeJS.Timeout | undefined;
  let events = 0;
  let closed = false;
  const wait = (ms: number, patient: boolean) => {
    clearTimeout(timer);
    timer = setTimeout(() => void see(patient), ms);
  };
  const see = async (patient: boolean) => {
    const before = events;
    const read = await look();
    // Whatever happened while it was read is followed by a look of its own.
    if (closed || events !== before) return;
    if ('problem' in read && !patient) return wait(incompleteQuietMs, true);
    if (nameOf(read) === known) return;
    known = nameOf(read);
    onSave(read);
  };

  // The folder, not the files: a file that is replaced by another is the same name in it.
  const watcher = watch(folder, { ignoreInitial: true, depth: mostLevels - 1, followSymlinks: false });
  watcher.on('error', () => {}); // what cannot be watched cannot be read either, and that is told
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  const first = await look();
  let known = nameOf(first);
  watcher.on('all', () => {
    events += 1;
    wait(quietMs, false);
  });
  return {
    first,
    async close() {
      closed = true;
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

function nameOf(read: ReadSubmission): string {
  return 'submission' in read ? read.submission.digest : `problem: ${read.problem.text}`;
}
