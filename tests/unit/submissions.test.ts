/** The course brings nobody's submission: `npx grade` in a fresh clone begins with the starter. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';

// Where the course runs for a class, the learners' folders are there. What an author tried as root is not a learner's.
test.skipIf(!existsSync(join(repository, '.git')))('what authors tried as root is not in the repository', () => {
  const tracked = execFileSync('git', ['ls-files', 'submissions/root'], { cwd: repository, encoding: 'utf8' });
  expect(tracked).toBe('');
});
