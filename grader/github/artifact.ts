/** Step 4 of the reporter: the results that a run left behind, as files that nothing is known of yet. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { GitHub } from './api.ts';
import { type Archive, type ArchiveLimits, readArchive } from './archive.ts';
import { mostReportBytes } from './reports.ts';

/** What the last job of grade.yml uploads. */
export const artifactName = 'results';
/** Of the archive as it is downloaded. */
const mostBytes = 8 * 1024 * 1024;
const limits: ArchiveLimits = {
  entries: 64,
  entryBytes: mostReportBytes,
  totalBytes: 16 * 1024 * 1024,
  name: /^report-[a-z0-9.-]{1,40}\.jsonl?$/,
};

const pageSchema = z.object({
  artifacts: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      size_in_bytes: z.int(),
      expired: z.boolean(),
      created_at: z.string().nullable(),
      digest: z.string().nullish(),
    }),
  ),
});

export async function readArtifact(github: GitHub, runId: number): Promise<Archive> {
  const all = await github.list(`/actions/runs/${runId}/artifacts`, pageSchema, ({ artifacts }) => artifacts, {
    name: artifactName,
  });
  // A run that was started again leaves one each time; dates of this form sort as text.
  const artifact = all
    .filter(({ name, expired }) => name === artifactName && !expired)
    .sort((a, b) => ((a.created_at ?? '') < (b.created_at ?? '') ? 1 : -1))[0];
  if (!artifact) return { problem: 'The run left no results.' };
  if (artifact.size_in_bytes > mostBytes)
    return {
      problem: `The archive of results is too large: ${artifact.size_in_bytes} bytes, and ${mostBytes} at most are read.`,
    };
  const bytes = await github.download(`/actions/artifacts/${artifact.id}/zip`, mostBytes);
  if (artifact.digest && artifact.digest !== `sha256:${createHash('sha256').update(bytes).digest('hex')}`)
    return { problem: 'The archive of results did not arrive whole.' };
  return readArchive(bytes, limits);
}
