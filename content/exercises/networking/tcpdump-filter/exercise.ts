import { compileFilter, count, defineChecks, evidence, type Run } from '#kit';
import { capture, file, type Group } from './workload.ts';

const captured = evidence(capture);

/** The filter captures all frames of the group, or none. */
const judges =
  (group: Group): Run =>
  async (kit) => {
    const frames = (await captured(kit))[group];
    const wrong = frames.filter((frame) => frame.captured !== frame.wanted);
    const wanted = frames.some((frame) => frame.wanted);
    kit.expect(wrong.length === 0, {
      text: `Your filter ${wanted ? 'does not capture' : 'captures'}: ${wrong[0]?.frame.what}.`,
      expected: `${wanted ? 'All' : 'None'} of ${count(frames.length, 'packet')} of this kind.`,
      actual: `${frames.filter((frame) => frame.captured).length} of them.`,
    });
  };

export default defineChecks({
  async understood(kit) {
    await compileFilter(kit.machine, await kit.submitted(file));
  },
  attempts: judges('attempts'),
  options: judges('options'),
  flags: judges('flags'),
  ports: judges('ports'),
  others: judges('others'),
  fragments: judges('fragments'),
});
