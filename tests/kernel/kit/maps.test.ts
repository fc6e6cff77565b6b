/** Maps of a loaded object, read and written by their types. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guest } from '../../../grader/machine/vm/guest.ts';
import { bpf, kitFor } from '../../support/kits.ts';
import { startGuest } from '../../support/vm.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest.stop());

const source = bpf(`
struct seen { __u8 state; __u64 packets; char name[16]; __be16 port; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __be32);
	__type(value, struct seen);
} seen SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __s32);
} per_cpu SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} untyped SEC(".maps");
struct event { __u32 number; char text[8]; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 zero = 0;
	__be32 key = bpf_htonl(0x0a000001);
	struct seen *entry = bpf_map_lookup_elem(&seen, &key);
	if (entry)
		entry->packets++;
	__s32 *mine = bpf_map_lookup_elem(&per_cpu, &zero);
	if (mine)
		*mine -= 2;
	struct event event = { .number = 7, .text = "seven" };
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return bpf_map_lookup_elem(&untyped, &zero) ? XDP_PASS : XDP_DROP;
}
`);

test('integers, texts, addresses and structs; by C layout and by BTF', async () => {
  const program = (await kitFor(guest, { 'a.bpf.c': source })).program('a.bpf.c');
  const map = await program.map('seen');
  const seen = map.typed({ key: 'ipv4', value: { state: 'u8', packets: 'u64', name: 'char[16]', port: 'be16' } });
  await seen.set('10.0.0.1', { state: 3, packets: 40, name: 'eth0', port: 443 });
  await (await program.only('xdp')).runEach([new Uint8Array(64), new Uint8Array(64)]);
  expect(await seen.entries()).toEqual([['10.0.0.1', { state: 3, packets: 42n, name: 'eth0', port: 443 }]]);

  const some = await map.typedByBtf({ key: 'be32', value: { port: 'be16', packets: 'u64' } });
  expect(await some.get(0x0a000001)).toEqual({ port: 443, packets: 42n });
  await some.delete(0x0a000001);
  expect(await some.get(0x0a000001)).toBeNull();

  const perCpu = (await program.map('per_cpu')).typed({ key: 'u32', value: 's32' });
  expect(await perCpu.total(0)).toBe(-4n);
  expect(await perCpu.perCpu(0)).toContain(0);
  await perCpu.set(0, 5);
  expect(new Set(await perCpu.perCpu(0))).toEqual(new Set([5]));
  await expect(perCpu.get(0)).rejects.toThrow('has a value for each CPU');

  const events = await program.map('events');
  expect(await events.typedRecords({ number: 'u32', text: 'char[8]' })).toEqual([
    { number: 7, text: 'seven' },
    { number: 7, text: 'seven' },
  ]);
});

test("what the learner's map is not, is told in C's words", async () => {
  const program = (await kitFor(guest, { 'a.bpf.c': source })).program('a.bpf.c');
  const map = await program.map('seen');
  expect(() => map.typed({ key: 'ipv4', value: 'u64' })).toThrow(
    expect.objectContaining({
      detail: expect.objectContaining({ expected: '8 bytes: __u64.', actual: '40 bytes.' }),
    }),
  );
  await expect(map.typedByBtf({ key: 'be32', value: { bytes: 'u64' } })).rejects.toMatchObject({
    detail: { text: 'The value of the map seen has no member bytes.', actual: 'Members: state, packets, name, port.' },
  });
  const untyped = await program.map('untyped');
  await expect(untyped.typedByBtf({ key: 'u32', value: 'u32' })).rejects.toThrow('does not say of which types');
});
