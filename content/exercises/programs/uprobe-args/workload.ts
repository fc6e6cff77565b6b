/** Calls of a function with every kind of text and every width of number, by several processes; what the ring buffer holds after each. */
import { buildTarget, type Kit, type Program } from '#kit';
import { asLine, type Call, targetSource } from './target.ts';

export interface Order {
  /** All 16 bytes, in hexadecimal. */
  customer: string;
  cents: bigint;
  change: bigint;
  pieces: bigint;
  shelf: bigint;
}

export interface Seen {
  calls: Call[];
  wanted: Order[];
  orders: Order[];
}

/** Of the field, with the 0 at its end. */
const textBytes = 16;
/** The ring buffer holds 73 records, and each process makes 21: so half of them find the memory of earlier ones. */
const processes = 8;

export async function watchOrders(kit: Kit, program: Program): Promise<Seen> {
  const { machine, random } = kit;
  const names = { file: random.name(), function: `${random.name()}_${random.name(4)}` };
  const target = await buildTarget(kit, names.file, targetSource(names.function));
  const records = await program.map('orders');
  const link = await (await program.named('see_order')).attachTo({ uprobe: target.path, symbol: names.function });
  const seen: Seen = { calls: [], wanted: [], orders: [] };
  for (let process = 0; process < processes; process++) {
    const calls = random.shuffle(drawCalls(random));
    const run = await machine.run([target.path], { input: calls.map((call) => `${asLine(call)}\n`).join('') });
    if (run.code !== 0) throw new Error(`The target ended with ${run.signal ?? run.code}: ${run.stderr.slice(0, 500)}`);
    const read = await records.typedRecords({
      customer: `bytes[${textBytes}]`,
      cents: 's64',
      change: 's64',
      pieces: 'u64',
      shelf: 'u64',
    });
    seen.calls.push(...calls);
    seen.wanted.push(...calls.map(orderOf));
    seen.orders.push(...read.map((order) => ({ ...order, customer: hex(order.customer) })));
  }
  await link.detach();
  return seen;
}

/** What C makes of the registers, and the kernel of the text. */
function orderOf({ place, text, registers: [shelf, change, pieces, cents] }: Call): Order {
  const customer = new Uint8Array(textBytes);
  const readable = place === 'anywhere' || place === 'page-end' || (place === 'no-end' && text.length >= textBytes);
  if (readable)
    customer.set(text.subarray(0, text.includes(0) ? text.indexOf(0) : text.length).subarray(0, textBytes - 1));
  return {
    customer: hex(customer),
    cents: BigInt.asIntN(64, cents),
    change: BigInt.asIntN(16, change),
    pieces: BigInt.asUintN(32, pieces),
    shelf: BigInt.asUintN(8, shelf),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

type Random = Kit['random'];

/** Every length around that of the field at every place; the ends of each number's range, and what is no number of its width. */
function drawCalls(random: Random): Call[] {
  const letters = (length: number) => Uint8Array.from({ length }, () => random.int(1, 255));
  const ended = (length: number) => Uint8Array.from([...letters(length), 0]);
  const long = random.int(17, 60);
  const texts: Pick<Call, 'place' | 'text'>[] = [
    ...[0, 1, random.int(2, 13), 14, 15, 16, long].flatMap((length) => [
      { place: 'anywhere' as const, text: ended(length) },
      { place: 'page-end' as const, text: ended(length) },
    ]),
    ...[1, random.int(2, 14), 15, 16, long].map((length) => ({ place: 'no-end' as const, text: letters(length) })),
    { place: 'null', text: ended(4) },
    { place: 'nowhere', text: ended(4) },
  ];
  const wide = (bits: number) => random.shuffle(drawNumbers(random, bits, texts.length));
  const [shelves, changes, pieces, cents] = [wide(8), wide(16), wide(32), wide(64)];
  return texts.map((text, index) => ({
    ...text,
    registers: [shelves[index]!, changes[index]!, pieces[index]!, cents[index]!],
  }));
}

/** Registers whose lower bits are a number of this width, and whose others are 0, 1, or anything. */
function drawNumbers(random: Random, bits: number, times: number): bigint[] {
  const [sign, any] = [1n << BigInt(bits - 1), () => Buffer.from(random.bytes(8)).readBigUInt64LE()];
  const edges = [0n, 1n, sign - 1n, sign, sign + 1n, 2n * sign - 1n];
  return Array.from({ length: times }, (_, index) => {
    const number = BigInt.asUintN(bits, edges[index] ?? any());
    const above = [any(), 0n, -1n][index % 3]!;
    return BigInt.asUintN(64, (above << BigInt(bits)) | number);
  });
}
