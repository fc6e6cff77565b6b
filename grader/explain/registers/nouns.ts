/** What a register holds, in words: 'a pointer to a value of the map counts (8 bytes)', 'a number from 0 to 255'. */
import { type Value, toNumber } from './value.ts';

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

export function nounFor(value: Value): string {
  if (value.type === 'number') return numberNoun(value);
  const { attributes } = value;
  const kernel = /^(?:(un)?trusted_|rcu_|percpu_|user_)*ptr_(\w*)$/.exec(value.type);
  if (kernel)
    return kernel[2]
      ? `a pointer to a struct ${kernel[2]} of the kernel${kernel[1] ? ', which the verifier does not trust' : ''}`
      : 'a pointer to an object of the kernel';
  const noun = nouns[value.type]?.(attributes) ?? `a pointer of the kind ${value.type}`;
  return value.type === 'fp' ? noun : `${noun}${offset(value)}`;
}

/** More that the verifier knows of a packet pointer; '' of others. */
export function packetRange({ type, attributes }: Value): string {
  const range = toNumber(attributes.get('r'), false);
  if (type !== 'pkt' || range === null || range > 0xffffn) return '';
  const variable = (attributes.get('id') ?? '0') !== '0';
  if (range === 0n) return 'No test against data_end counts for it on this path.';
  return variable
    ? `A test has shown that ${bytes(range)} are there from its variable offset on.`
    : `A test has shown that the first ${bytes(range)} of the packet are there.`;
}

const nouns: Record<string, (attributes: ReadonlyMap<string, string>) => string> = {
  ctx: () => 'the context',
  map_ptr: (a) => (a.has('map') ? `the map ${a.get('map')}` : 'a map'),
  map_value: (a) => `a pointer to a value of ${a.has('map') ? `the map ${a.get('map')}` : 'a map'}${size(a.get('vs'))}`,
  map_key: (a) => `a pointer to a key of a map${size(a.get('ks'))}`,
  pkt: () => 'a pointer into the packet',
  pkt_meta: () => 'a pointer to the metadata before the packet',
  pkt_end: () => 'the end of the packet (data_end)',
  fp: (a) => stackNoun(a),
  mem: (a) => `a pointer to memory${size(a.get('sz') ?? a.get('mem_size'))}`,
  ringbuf_mem: (a) => `a pointer to a record of a ring buffer${size(a.get('sz'))}`,
  alloc_mem: (a) => `a pointer to memory that was reserved${size(a.get('sz') ?? a.get('mem_size'))}`,
  buf: () => 'a pointer to a buffer',
  rdonly_buf: () => 'a pointer to a buffer that is only for reading',
  sock: () => 'a pointer to a socket',
  sock_common: () => 'a pointer to a socket',
  tcp_sock: () => 'a pointer to a TCP socket',
  func: () => 'a function',
  arena: () => 'a pointer into an arena',
};

/** What was added to a pointer. */
function offset({ attributes }: Value): string {
  const fixed = toNumber(attributes.get('off'), true) || toNumber(attributes.get('imm'), true) || 0n;
  const [low, high] = range(attributes);
  const variable = ['smax', 'umax', 'smin', 'umin', 'var_off'].some((name) => attributes.has(name));
  if (variable)
    return `, plus ${low === minimum || high === maximum ? 'an offset without limits' : `an offset from ${low + fixed} to ${high + fixed}`}`;
  return fixed === 0n ? '' : `, ${fixed > 0n ? 'plus' : 'minus'} ${fixed > 0n ? fixed : -fixed}`;
}

function stackNoun(attributes: ReadonlyMap<string, string>): string {
  const fixed = toNumber(attributes.get('off')?.replace('+', ''), true) ?? 0n;
  const variable = ['smax', 'umax', 'var_off'].some((name) => attributes.has(name));
  if (variable) return 'a pointer to the stack, plus a number that varies';
  return fixed === 0n ? 'the frame pointer' : `a pointer to the stack, ${bytes(-fixed)} below its top`;
}

function numberNoun({ constant, attributes }: Value): string {
  if (constant !== undefined) return `the number ${constant}`;
  const [low, high] = range(attributes);
  if (low === minimum && high === maximum) {
    const least = toNumber(attributes.get('umin'), false) ?? 0n;
    return least > 0n
      ? `a number of at least ${least} (unsigned), with no upper limit`
      : 'a number that may be anything';
  }
  if (low === minimum) return `a number of at most ${high}, with no limit below 0`;
  if (high === maximum) return `a number of at least ${low}, with no upper limit`;
  return `a number from ${low} to ${high}`;
}

/** Limits that the verifier does not print are the widest there are; of signed and unsigned ones both hold. */
function range(attributes: ReadonlyMap<string, string>): [low: bigint, high: bigint] {
  let low = toNumber(attributes.get('smin'), true) ?? minimum;
  let high = toNumber(attributes.get('smax'), true) ?? maximum;
  const most = toNumber(attributes.get('umax'), false);
  const least = toNumber(attributes.get('umin'), false) ?? 0n;
  if (low >= 0n || (most !== null && most <= maximum)) {
    if (least > low) low = least;
    if (low < 0n) low = 0n;
    if (most !== null && most < high) high = most;
  }
  return [low, high];
}

function size(count: string | undefined): string {
  const number = toNumber(count, false);
  return number === null ? '' : ` (${bytes(number)})`;
}

function bytes(count: bigint): string {
  return `${count} byte${count === 1n ? '' : 's'}`;
}
