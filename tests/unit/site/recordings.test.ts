/** A session that was changed must be recorded again; that it is true today, the kernel tests show. */
import { expect, test } from 'vitest';
import { readRecording, readSessions } from '../../../site/course/recordings.ts';
import { repository } from '../../support/clone.ts';
import { sessionIds } from '../../support/play-lessons.ts';
import { temporaryFolder } from '../temporary.ts';

test.each(await sessionIds())('%s shows the commands of its session, and the versions of its tools', async (id) => {
  const [chapter, name] = id.split('/') as [string, string];
  const { steps, tools } = (await readSessions(repository, chapter))[name]!;
  const { text, tools: versions, kernel } = await readRecording(repository, id);
  expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual(
    steps.flatMap((step) => ('run' in step ? [`# ${step.run}`] : 'start' in step ? [`# ${step.start}`] : [])),
  );
  expect(Object.keys(versions)).toEqual(tools);
  for (const version of [kernel, ...Object.values(versions)]) expect(version).toMatch(/^\d+\.\d+/);
});

test('a recording that is missing, or says nothing of where it was made, is an error', async () => {
  const root = await temporaryFolder({ 'content/recordings/maps/bare.txt': '# bpftool\n' });
  await expect(readRecording(root, 'maps/none')).rejects.toThrow('content/recordings/maps/none.txt is missing');
  await expect(readRecording(root, 'maps/bare')).rejects.toThrow('has no head');
});
