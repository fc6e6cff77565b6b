import { defineChecks, quote, starts } from '#kit';
import { attachesOnly, histogramOf, histogramRuns } from '../read-sizes.ts';

const watched = histogramOf('read');

export default defineChecks({
  runs: starts(watched),
  attaches: attachesOnly(watched, /^tracepoint sys_(enter|exit)_read$/),
  ...histogramRuns(watched),

  async quiet(kit) {
    const { output } = await watched(kit);
    kit.expect(output.printed === '', {
      text: 'Your script prints something by itself.',
      expected: 'The maps at the end, which bpftrace prints.',
      actual: quote(output.printed),
    });
  },
});
