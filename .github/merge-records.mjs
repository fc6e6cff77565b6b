// node .github/merge-records.mjs <folder>: puts what each job of verify.yml saw into content/verification.json. The folder has
// verification-<kernel>/content/verification.json of each, which is to be believed about that kernel and no other. Plain JavaScript without
// packages, for the job that runs it may write to the repository.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const recordFile = 'content/verification.json';
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const byName = ([a], [b]) => a.localeCompare(b, 'en', { numeric: true });
const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(byName));

const [seen] = process.argv.slice(2);
const record = read(recordFile);
for (const folder of readdirSync(seen)) {
  const kernel = folder.replace(/^verification-/, '');
  for (const [id, now] of Object.entries(read(join(seen, folder, recordFile)).exercises)) {
    const before = record.exercises[id];
    // All jobs saw the same exercises: where the digest is another one, what was known before is of an older exercise.
    const kernels = before?.digest === now.digest ? { ...before.kernels } : {};
    delete kernels[kernel];
    if (now.kernels[kernel]) kernels[kernel] = now.kernels[kernel];
    record.exercises[id] = { ...now, kernels: sorted(kernels) };
    if (Object.keys(kernels).length === 0) delete record.exercises[id];
  }
}
record.exercises = sorted(record.exercises);
writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
