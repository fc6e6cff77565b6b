import { count, defineChecks, evidence } from '#kit';
import { addReadings, type Part, shape, type Sums } from './workload.ts';

const file = 'meters.bpf.c';
const added = evidence((kit) => addReadings(kit, kit.program(file)));

export default defineChecks({
  async sums(kit) {
    const program = kit.program(file);
    await program.only('xdp');
    await program.variable('sums', shape);
  },

  async 'in-range'(kit) {
    const { known } = await added(kit);
    const wanted = expected(known, (meter) => meter);
    const wrong = differ(wanted, known.after);
    kit.expect(wrong === undefined, {
      text: 'Readings of meters 0 to 19 are not added to the sums of these meters.',
      expected: `${wrong?.name}: ${wrong?.wanted}.`,
      actual: `${wrong?.seen}. Before the ${count(known.readings.length, 'reading')} it was ${wrong && sumOf(known.before, wrong.name)}.`,
    });
  },

  async beyond(kit) {
    const { unknown } = await added(kit);
    const wanted = expected(unknown, () => undefined);
    const wrong = differ(wanted, unknown.after);
    kit.expect(wrong === undefined, {
      text: 'Readings with a number that no meter has are not added to elsewhere alone.',
      expected: `${wrong?.name}: ${wrong?.wanted}.`,
      actual: `${wrong?.seen}, after ${count(unknown.readings.length, 'reading')} with numbers from ${Math.min(...unknown.readings.map(({ meter }) => meter))} to ${Math.max(...unknown.readings.map(({ meter }) => meter))}, none of them 0 to 19.`,
      help: wrong?.name === 'elsewhere' ? 'elsewhere' : 'meters',
    });
  },

  async passes(kit) {
    const { others, spoilt, frames } = await added(kit);
    const wrong = differ(others.before, others.after);
    kit.expect(wrong === undefined, {
      text: 'A frame that carries no reading changes a sum.',
      expected: `${wrong?.name} stays ${wrong?.wanted}.`,
      actual: `${wrong?.seen}.`,
      help: 'no-reading',
    });
    kit.expect(spoilt.length === 0, {
      text: 'A frame does not pass as it came.',
      expected: `XDP_PASS (2) for each of ${count(frames, 'frame')}, and the same bytes as before.`,
      actual: spoilt[0] ?? '',
      help: 'action',
    });
  },
});

/** The sums after a part, if `whose` says to which meter a number belongs. */
function expected({ readings, before }: Part, whose: (meter: number) => number | undefined): Sums {
  const byMeter = [...before.by_meter];
  let { elsewhere } = before;
  for (const { meter, joules } of readings) {
    const owner = whose(meter);
    if (owner === undefined) elsewhere += BigInt(joules);
    else byMeter[owner]! += BigInt(joules);
  }
  return { by_meter: byMeter, elsewhere };
}

/** The first sum that differs, by the name that C gives it. */
function differ(wanted: Sums, seen: Sums): { name: string; wanted: bigint; seen: bigint } | undefined {
  return named(wanted)
    .map(([name, sum]) => ({ name, wanted: sum, seen: sumOf(seen, name) }))
    .find((sum) => sum.wanted !== sum.seen);
}

function named({ by_meter: byMeter, elsewhere }: Sums): [string, bigint][] {
  return [...byMeter.map((sum, meter): [string, bigint] => [`by_meter[${meter}]`, sum]), ['elsewhere', elsewhere]];
}

function sumOf(sums: Sums, name: string): bigint {
  return new Map(named(sums)).get(name)!;
}
