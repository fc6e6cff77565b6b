import { count, defineChecks, evidence, quote } from '#kit';
import { sendSignals } from './workload.ts';

const file = 'signals.bpf.c';
const sent = evidence((kit) => sendSignals(kit, kit.program(file)));

export default defineChecks({
  async there(kit) {
    const elsewhere = (await kit.program(file).attach()).find(({ links }) =>
      links.some(({ target }) => target !== 'sys_enter_kill'),
    );
    kit.expect(!elsewhere, {
      text: 'A program of yours is attached to another event as well.',
      expected: 'One program, which runs at the entry of kill.',
      actual: elsewhere ? `${quote(elsewhere.program, 64)} has SEC(${quote(elsewhere.section)}).` : '',
      help: 'elsewhere',
    });
    const { listed, rows } = await sent(kit);
    const wrong = listed.find(({ signal, before, times, more }) => {
      const [seen, wanted] = [rows.get(signal), before + BigInt(times)];
      return seen === undefined || (more ? seen < wanted : seen !== wanted);
    });
    kit.expect(wrong === undefined, {
      text: 'A signal that is in the map was not counted right.',
      expected: `Signal ${wrong?.signal} had the count ${wrong?.before} and was sent ${count(wrong?.times ?? 0, 'time')}: ${(wrong?.before ?? 0n) + BigInt(wrong?.times ?? 0)}.`,
      actual: `${rows.get(wrong?.signal ?? 0) ?? 'Its row is gone'}.`,
      help: 'count',
    });
  },

  async 'not-there'(kit) {
    const { listed, rows } = await sent(kit);
    const known = new Set(listed.map(({ signal }) => signal));
    const stray = [...rows.keys()].find((signal) => !known.has(signal));
    kit.expect(stray === undefined, {
      text: 'The map has a row that nobody asked for.',
      expected: `The ${count(known.size, 'row')} that the grader put into the map, and no other.`,
      actual: `${count(rows.size, 'row')}, among them signal ${stray} with the count ${rows.get(stray ?? 0)}.`,
    });
  },
});
