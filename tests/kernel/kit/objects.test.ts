/** Objects before and after their load: variables, shared maps, pins; test runs, iterators, struct_ops, statistics. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guest } from '../../../grader/machine/vm/guest.ts';
import { bpf, kitFor } from '../../support/kits.ts';
import { startGuest } from '../../support/vm.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest(process.env.HOOKPOINT_TEST_KERNEL);
});
afterAll(() => guest.stop());

const frame = (length = 64) => new Uint8Array(length);

const counter = (name: string) =>
  bpf(`
const volatile __u32 step = 1;
const volatile struct { __u16 port; char name[8]; } wanted = {};
__u64 total;
__u8 flag = 1;
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");
SEC("xdp")
int ${name}(struct xdp_md *ctx)
{
	__u32 key = wanted.port;
	__u64 one = step, *count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__sync_fetch_and_add(count, step);
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	total += step;
	return wanted.name[0] == 'e' && flag ? XDP_DROP : XDP_PASS;
}
SEC("xdp")
int ${name}_meta(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data == 60 ? XDP_TX : XDP_PASS;
}
`);

test('variables: set before the load and at run time, and const ones only before', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': counter('a') });
  const program = kit.program('a.bpf.c');
  const step = await program.variable('step', 'u32');
  expect(await step.get()).toBe(1);
  await step.set(5);
  await (await program.variable('wanted', { port: 'u16', name: 'char[8]' })).set({ port: 80, name: 'eth0' });
  const run = await (await program.named('a')).run({ data: frame() });
  const total = await program.variable('total', 'u64');
  expect([run.retval, await total.get()]).toEqual([1, 5n]);
  await total.set(100);
  await (await program.variable('flag', 'u8')).set(0);
  expect((await (await program.named('a')).run({ data: frame() })).retval).toBe(2);
  expect(await total.get()).toBe(105n);
  await expect(step.set(1)).rejects.toThrow('cannot be set');
  expect(await step.get()).toBe(5);
  await expect(program.variable('steps', 'u32')).rejects.toMatchObject({
    detail: { actual: expect.stringContaining('step, wanted') },
  });
});

test('objects share a map; pinned things outlast their loader', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': counter('a'), 'b.bpf.c': counter('b') });
  const [first, second] = [kit.program('a.bpf.c'), kit.program('b.bpf.c')];
  await first.configure({ maps: { counts: { entries: 2 } }, load: ['a'] });
  const counts = await first.map('counts');
  await second.configure({ maps: { counts } });
  await (await first.named('a')).run({ data: frame() });
  await (await second.named('b')).run({ data: frame(), repeat: 10 });
  expect(await counts.typed({ key: 'u32', value: 'u64' }).entries()).toEqual([[0, 11n]]);
  await expect(first.named('a_meta')).rejects.toThrow();

  const path = '/sys/fs/bpf/counts';
  await counts.pin(path);
  first.close();
  second.close();
  const pinned = await kit.bpf.pinnedMap(path);
  expect(pinned.about).toMatchObject({ name: 'counts', type: 'hash', maxEntries: 2 });
  expect(await pinned.typed({ key: 'u32', value: 'u64' }).get(0)).toBe(11n);
  await kit.bpf.unpin(path);
  await expect(kit.bpf.pinnedMap(path)).rejects.toMatchObject({ detail: { text: `No map is pinned at ${path}.` } });
});

test("test runs: with a context, repeated, timed by the kernel; and the kernel's own count of all runs", async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': counter('a') });
  const program = await kit.program('a.bpf.c').named('a');
  const counting = await kit.bpf.countRuns();
  const run = await program.run({ data: frame(), repeat: 1000 });
  expect(run.nanoseconds).toBeGreaterThan(0);
  await counting.stop();
  await program.run({ data: frame() });
  const about = await program.about();
  expect(about).toMatchObject({ name: 'a', type: 'xdp', runs: 1000 });
  expect(about.nanoseconds).toBeGreaterThan(0);
  expect(about.maps).toContain(await (await kit.program('a.bpf.c').map('counts')).id());
  const [major, minor] = guest.info.kernel.split('.').map(Number) as [number, number];
  if (major * 100 + minor >= 516) expect(about.verified).toBeGreaterThan(5);

  // struct xdp_md: data, data_end, data_meta, … ; the kernel takes it since 5.15
  if (major * 100 + minor < 515) return;
  const context = new Uint8Array(24);
  new DataView(context.buffer).setUint32(0, 4, true);
  new DataView(context.buffer).setUint32(4, 64, true);
  const meta = await (await kit.program('a.bpf.c').named('a_meta')).run({ data: frame(), context });
  expect(meta.retval).toBe(3);
  expect(meta.context).toHaveLength(24);
});

test('an iterator is read, up to a limit', async () => {
  const lines = (what: string) => `
SEC("iter/bpf_map_elem")
int entries(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	if (key)
		BPF_SEQ_PRINTF(ctx->meta->seq, "${what} %u\\n", *key);
	return 0;
}
SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	if (task && task->pid == 1)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%d %s\\n", task->pid, task->comm);
	return 0;
}
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");`;
  const program = (await kitFor(guest, { 'a.bpf.c': bpf(lines('key')) })).program('a.bpf.c');
  const map = await program.map('counts');
  for (const key of [7, 8]) await map.typed({ key: 'u32', value: 'u64' }).set(key, 0);
  const link = await (await program.named('entries')).attachTo({ iterator: { map } });
  expect((await link.read()).trim().split('\n').sort()).toEqual(['key 7', 'key 8']);
  await expect(link.read(8)).rejects.toMatchObject({ detail: { text: 'The iterator wrote more than 8 bytes.' } });
  const tasks = await (await program.named('tasks')).attachTo({ iterator: 'everything' });
  expect(await tasks.read()).toBe('1 agent\n');
});

test('a struct_ops map is registered, and gone when detached', async () => {
  const kit = await kitFor(guest, {
    'a.bpf.c': bpf(`
SEC("struct_ops/ssthresh")
__u32 BPF_PROG(ssthresh, struct sock *sk) { return 2; }
SEC("struct_ops/cong_avoid")
void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked) {}
SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(undo_cwnd, struct sock *sk) { return 2; }
SEC(".struct_ops")
struct tcp_congestion_ops still = {
	.ssthresh = (void *)ssthresh, .cong_avoid = (void *)cong_avoid, .undo_cwnd = (void *)undo_cwnd, .name = "bpf_still",
};`),
  });
  const available = async () =>
    (await guest.run(['cat', '/proc/sys/net/ipv4/tcp_available_congestion_control'])).stdout.trim().split(' ');
  const program = kit.program('a.bpf.c');
  const link = await program.registerStruct('still');
  expect(await available()).toContain('bpf_still');
  await link.detach();
  expect(await available()).not.toContain('bpf_still');
});
