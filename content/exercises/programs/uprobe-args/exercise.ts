import { count, defineChecks, evidence, type Kit } from '#kit';
import { type Order, watchOrders } from './workload.ts';

const file = 'orders.bpf.c';
const seen = evidence((kit) => watchOrders(kit, kit.program(file)));

export default defineChecks({
  async fires(kit) {
    const { calls, orders } = await seen(kit);
    kit.expect.equal(orders.length, calls.length, {
      text: 'There is not one record for each call of the function.',
      expected: `${count(calls.length, 'record')} for ${count(calls.length, 'call')}.`,
      actual: `${count(orders.length, 'record')}.`,
    });
  },

  wide: (kit) => compare(kit, ['pieces', 'cents']),
  narrow: (kit) => compare(kit, ['shelf', 'change']),

  async text(kit) {
    const { calls, wanted, orders } = await seen(kit);
    const wrong = wanted.findIndex((order, index) => order.customer !== orders[index]!.customer);
    const [call, order, actual] = [calls[wrong], wanted[wrong]?.customer ?? '', orders[wrong]?.customer ?? ''];
    const unreadable = /^0*$/.test(order) && call?.text[0] !== 0;
    kit.expect(wrong < 0, {
      text: unreadable
        ? 'The text of a call cannot be read, and its record does not have an empty one.'
        : 'The text of a record is not what its call passed.',
      expected: `Call ${wrong + 1}: the bytes ${spaced(order)}.`,
      actual: `The bytes ${spaced(actual)}.`,
      help: unreadable ? 'unreadable' : textOf(order) === textOf(actual) ? 'rest' : 'copy',
    });
  },
});

async function compare(kit: Kit, fields: readonly ('shelf' | 'change' | 'pieces' | 'cents')[]): Promise<void> {
  const { calls, wanted, orders } = await seen(kit);
  for (const field of fields) {
    const wrong = wanted.findIndex((order, index) => order[field] !== orders[index]![field]);
    const place = ['shelf', 'change', 'pieces', 'cents'].indexOf(field);
    kit.expect(wrong < 0, {
      text: `The field ${field} of a record is not what its call passed.`,
      expected: `Call ${wrong + 1}: ${wanted[wrong]?.[field]}. Its register holds 0x${calls[wrong]?.registers[place]?.toString(16)}.`,
      actual: `${orders[wrong]?.[field]}.`,
    });
  }
}

/** '61 62 00 …', as the record holds them. */
const spaced = (hex: string): string => hex.replace(/..(?=.)/g, '$& ');

/** Up to the first 0. */
const textOf = (customer: Order['customer']): string => Buffer.from(customer, 'hex').toString('latin1').split('\0')[0]!;
