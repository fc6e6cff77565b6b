/** `npm run record [chapter/name …]`: records the terminal sessions that lessons show, and what each recording rests on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { recordingFile, writtenRecording } from '../../site/course/recordings.ts';
import { repository } from './clone.ts';
import { recordLesson, sessionIds } from './play-lessons.ts';
import { basisOfRecording } from './selection.ts';

const wanted = process.argv.slice(2);
for (const id of wanted.length > 0 ? wanted : await sessionIds()) {
  const recording = { ...(await recordLesson(id)), basis: await basisOfRecording(id) };
  await mkdir(dirname(recordingFile(repository, id)), { recursive: true });
  await writeFile(recordingFile(repository, id), writtenRecording(recording));
  process.stdout.write(`${id}\n${recording.text}\n`);
}
