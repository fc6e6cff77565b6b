/**
 * What the course says came with a version of Linux, asked of the kernels: each program must load on those that are not older than its fact
 * in content/facts.yaml, and on no other. And what lessons say of all kernels. Each time on the default kernel, every night on all.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { CheckFailure } from '../../grader/verdict/failure.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { factsSchema } from '../../site/course/schema.ts';
import { repository } from '../support/clone.ts';
import { bpf, kitFor } from '../support/kits.ts';
import { everything } from '../support/selection.ts';
import { startGuest } from '../support/vm.ts';

const facts = factsSchema.parse(parse(await readFile(join(repository, 'content/facts.yaml'), 'utf8')));

/** A map by the number of its type: the types of an old kernel lack the names of newer ones. */
const map = (type: number, ...fields: string[]) =>
  `struct { __uint(type, ${type}); ${fields.join(' ')} } map SEC(".maps");`;
const row = ['__uint(max_entries, 4);', '__type(key, __u32);', '__type(value, __u64);'];
const room = 'char room[400]; bpf_get_current_comm(room, sizeof(room));';

const programs: Record<string, string> = {
  'task-storage-tracing': `${map(29, '__uint(map_flags, 1);', '__type(key, int);', '__type(value, __u64);')}
    SEC("tp_btf/sched_switch") int probe(void *ctx) { return bpf_task_storage_get(&map, bpf_get_current_task_btf(), 0, 1) ? 1 : 0; }`,
  timers: `struct waiting { struct bpf_timer timer; };
    ${map(1, '__uint(max_entries, 4);', '__type(key, __u32);', '__type(value, struct waiting);')}
    SEC("tc") int probe(struct __sk_buff *skb) {
      __u32 key = 0;
      struct waiting *waiting = bpf_map_lookup_elem(&map, &key);
      return waiting ? bpf_timer_init(&waiting->timer, &map, 1) : 0;
    }`,
  'bloom-filter': `${map(30, '__uint(max_entries, 4);', '__type(value, __u64);')}
    SEC("tc") int probe(struct __sk_buff *skb) { __u64 value = 7; return bpf_map_peek_elem(&map, &value); }`,
  'bpf-loop': `static int once(__u32 i, void *context) { return 0; }
    SEC("tc") int probe(struct __sk_buff *skb) { return bpf_loop(10, once, 0, 0); }`,
  dynptr: `SEC("tc") int probe(struct __sk_buff *skb) { struct bpf_dynptr all; __u64 out = 0;
      static __u64 data;
      bpf_dynptr_from_mem(&data, sizeof(data), 0, &all);
      return bpf_dynptr_read(&out, sizeof(out), &all, 0, 0);
    }`,
  'uninit-stack': `SEC("tracepoint") int probe(void *ctx) { long word; asm volatile("%0 = *(u64 *)(r10 - 8)" : "=r"(word)); return word; }`,
  'bpf-for': `SEC("tc") int probe(struct __sk_buff *skb) { int i, sum = 0; bpf_for(i, 0, skb->len) sum += i; return sum; }`,
  'spin-lock-calls': `struct counted { struct bpf_spin_lock lock; __u64 calls; };
    ${map(1, '__uint(max_entries, 4);', '__type(key, __u32);', '__type(value, struct counted);')}
    static __attribute__((noinline)) void add(struct counted *counted) { counted->calls += 1; }
    SEC("tc") int probe(struct __sk_buff *skb) {
      __u32 key = 0;
      struct counted *counted = bpf_map_lookup_elem(&map, &key);
      if (!counted) return 0;
      bpf_spin_lock(&counted->lock);
      add(counted);
      bpf_spin_unlock(&counted->lock);
      return 0;
    }`,
  'current-pid-everywhere': `SEC("xdp") int probe(struct xdp_md *ctx) { return bpf_get_current_pid_tgid() == 1 ? XDP_DROP : XDP_PASS; }`,
  'private-stack': `static __attribute__((noinline)) int inner(void) { ${room} return room[3]; }
    SEC("kprobe") int probe(void *ctx) { ${room} return room[5] + inner(); }`,
  'array-lookup-unchecked': `${map(2, ...row)}
    SEC("tc") int probe(struct __sk_buff *skb) { __u32 key = 0; __u64 *value = bpf_map_lookup_elem(&map, &key); *value += 1; return 0; }`,
};

/** What no kernel loads. */
const never: Record<string, string> = {
  'a record of the ring buffer whose size is known only at run time': `${map(27, '__uint(max_entries, 4096);')}
    SEC("tc") int probe(struct __sk_buff *skb) {
      void *record = bpf_ringbuf_reserve(&map, skb->len & 63, 0);
      if (record) bpf_ringbuf_discard(record, 0);
      return 0;
    }`,
  'a hash looked up without a check': `${map(1, ...row)}
    SEC("tc") int probe(struct __sk_buff *skb) { __u32 key = 0; __u64 *value = bpf_map_lookup_elem(&map, &key); *value += 1; return 0; }`,
};

const landlockAbi = 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1))';
const number = (version: string) => {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  return major * 1000 + minor;
};

/** Kernel -> the version of Landlock's ABI that it reports. */
const landlock = { '5.10': -1, '6.12': 6, '7.3': 11 };
const { default: usual } = await listKernels();
const tried = Object.entries(landlock).filter(([kernel]) => everything || kernel === usual);

describe.each(tried)('Linux %s', (kernel, abi) => {
  let guest: Guest;
  beforeAll(async () => {
    guest = await startGuest(kernel);
  }, 900_000);
  afterAll(() => guest.stop());

  /** Why it does not; undefined if it does. */
  async function refusalOf(source: string): Promise<string | undefined> {
    const kit = await kitFor(guest, { 'a.bpf.c': bpf(source) });
    return kit
      .program('a.bpf.c')
      .load()
      .then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof CheckFailure)) throw error;
          return error.message;
        },
      );
  }

  test.each(Object.entries(programs))('%s', async (fact, source) => {
    const refusal = await refusalOf(source);
    const { fact: claim, since } = facts[fact]!;
    if (number(guest.info.kernel) >= number(since)) expect(refusal, claim).toBeUndefined();
    else expect(refusal, claim).toBeDefined();
  });

  test.each(Object.entries(never))('refused: %s', async (_, source) => {
    expect(await refusalOf(source)).toBeDefined();
  });

  test('Landlock’s ABI', async () => {
    const { stdout } = await guest.run(['python3', '-c', landlockAbi]);
    expect(Number(stdout)).toBe(abi);
  });
});
