import { defineChecks, starts } from '#kit';
import { attachesOnly, histogramOf, histogramRuns } from '../read-sizes.ts';

const watched = histogramOf('vfs_read');

export default defineChecks({
  runs: starts(watched),
  attaches: attachesOnly(watched, /^k(ret)?probe vfs_read$/),
  ...histogramRuns(watched),
});
