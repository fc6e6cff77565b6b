import { defineChecks, evidence } from '#kit';
import { callOnAllCpus, describe, sum } from './workload.ts';

const file = 'count-calls.bpf.c';
const called = evidence((kit) => callOnAllCpus(kit, kit.program(file)));

export default defineChecks({
  async fires(kit) {
    const { planned, values } = await called(kit);
    kit.expect(sum(values) > 0n, {
      text: 'Nothing was counted in row 0 of the map calls.',
      expected: `${sum(planned.values())} calls of getsid.`,
      actual: values.length > 0 ? '0.' : 'There is no such row.',
    });
  },

  async 'own-value'(kit) {
    const { planned, values } = await called(kit);
    const all = sum(planned.values());
    const lost = all - values[0]!;
    kit.expect(values.length > 1, {
      text: 'The map calls has one value in row 0, and not one for each CPU.',
      expected: `A value for each CPU, ${all} together: a map of a per-CPU type.`,
      actual: `One value, ${values[0]}${lost > 0n ? `: ${lost} of ${all} calls are missing in it.` : '. This time no call is missing.'}`,
    });
  },

  async exact(kit) {
    const { planned, values, others, high } = await called(kit);
    const right = values.every((value, cpu) => value === BigInt(planned.get(cpu) ?? 0));
    kit.expect(right, {
      text: 'The counts are not the calls that were made.',
      expected: describe(values.map((_, cpu) => BigInt(planned.get(cpu) ?? 0))),
      actual: describe(values),
    });
    const other = others[0];
    kit.expect(!other, {
      text: 'Something is counted outside row 0.',
      expected: 'Counts in row 0 alone.',
      actual: `Row ${other?.row}: ${describe(other?.values ?? [])}`,
    });
    const expected = values.map((_, cpu) => high.begin + BigInt(high.planned.get(cpu) ?? 0));
    kit.expect(high.values.length === expected.length && high.values.every((value, cpu) => value === expected[cpu]), {
      text: `With ${high.begin} in row 0 on every CPU, further calls are not counted right.`,
      expected: describe(expected),
      actual: describe(high.values),
    });
  },
});
