/** `npm run record`: records the listing that bpftrace/go-return shows, with the guest's own Go. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildThermometer } from '../../content/exercises/bpftrace/go-return/workload.ts';
import { repository } from './clone.ts';
import { startGuest } from './vm.ts';

const guest = await startGuest();
try {
  const { listing } = await buildThermometer(guest, '/work/record');
  await writeFile(join(repository, 'content/exercises/bpftrace/go-return/program/celsius.txt'), listing);
  process.stdout.write(listing);
} finally {
  await guest.stop();
}
