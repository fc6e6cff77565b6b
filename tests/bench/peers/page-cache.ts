/** Cold and warm: whether the files that a run reads are in memory already. */
import { execFileSync } from 'node:child_process';

/** What some process has mapped stays in memory, and so does what has not been written yet. */
const forget = `
import os, sys
for top in sys.argv[1:]:
    files = [top] if os.path.isfile(top) else [os.path.join(at, name) for at, _, names in os.walk(top) for name in names]
    for name in files:
        if os.path.islink(name) or not os.path.isfile(name): continue
        try: file = os.open(name, os.O_RDONLY)
        except OSError: continue
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
`;

/** Node has no posix_fadvise(2), and Python is there wherever virtme-ng is. No privilege is needed, and nobody else's files are touched. */
export function makeCold(paths: readonly string[]): void {
  execFileSync('python3', ['-c', forget, ...paths]);
}
