/** One program, one named target: attached, seen to run, replaced, detached. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CheckFailure, Unsupported } from '../../../grader/verdict/failure.ts';
import type { Kit } from '../../../grader/kit/kit.ts';
import type { Link } from '../../../grader/kit/program/link.ts';
import type { Target } from '../../../grader/kit/program/targets.ts';
import type { Guest } from '../../../grader/machine/vm/guest.ts';
import { bpf, kitFor } from '../../support/kits.ts';
import { startGuest } from '../../support/vm.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest(process.env.HOOKPOINT_TEST_KERNEL);
});
afterAll(() => guest.stop());

/** Every program counts its own runs in a variable that has its name. A function must not have that of a section. */
const program = (section: string, name: string, context: string, result: number) =>
  `__u64 ${name}_runs;\nSEC("${section}")\nint on_${name}(${context} *ctx) { __sync_fetch_and_add(&${name}_runs, 1); return ${result}; }`;

const source = bpf(
  program('xdp', 'xdp', 'struct xdp_md', 2),
  program('tc', 'tc', 'struct __sk_buff', -1),
  program('cgroup/sock_create', 'cgroup', 'struct bpf_sock', 1),
  program('cgroup/sock_create', 'cgroup_too', 'struct bpf_sock', 1),
  program('socket', 'filter', 'struct __sk_buff', 0),
  program('flow_dissector', 'dissector', 'struct __sk_buff', 0),
  program('sk_lookup', 'lookup', 'struct bpf_sk_lookup', 1),
  program('perf_event', 'sample', 'struct bpf_perf_event_data', 0),
  program('kprobe', 'kprobe', 'struct pt_regs', 0),
  program('kprobe', 'uprobe', 'struct pt_regs', 0),
  program('tracepoint', 'trace', 'void', 0),
  program('raw_tp', 'raw', 'struct bpf_raw_tracepoint_args', 0),
);

const runs = async (kit: Kit, name: string) => (await kit.program('a.bpf.c').variable(`${name}_runs`, 'u64')).get();

async function attach(kit: Kit, name: string, target: Target): Promise<Link> {
  return (await kit.program('a.bpf.c').named(`on_${name}`)).attachTo(target);
}

/** The program runs while it is attached, and not once it is detached. */
async function runsThere(kit: Kit, name: string, link: Link, act: () => Promise<unknown>): Promise<void> {
  await act();
  const counted = await runs(kit, name);
  expect(counted, `${name} at ${link.place}`).toBeGreaterThan(0n);
  await link.detach();
  const before = await runs(kit, name);
  await act();
  expect(await runs(kit, name), `${name} when detached`).toBe(before);
}

test('interfaces: XDP in both modes, tc and tcx in both directions', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': source });
  const pair = await kit.net.pair();
  const place = { interface: 'eth0', namespace: pair.namespace };
  const tcx = ['tcx ingress', 'tcx egress'] as const;
  for (const mode of ['driver', 'generic'] as const)
    await runsThere(kit, 'xdp', await attach(kit, 'xdp', { ...place, hook: 'xdp', mode }), () => pair.send([]));
  for (const hook of ['tc ingress', 'tc egress'] as const)
    await runsThere(kit, 'tc', await attach(kit, 'tc', { ...place, hook }), () => pair.send([]));
  const [major, minor] = guest.info.kernel.split('.').map(Number) as [number, number];
  for (const hook of tcx) {
    const attaching = attach(kit, 'tc', { ...place, hook });
    if (major * 100 + minor < 606) await expect(attaching).rejects.toBeInstanceOf(Unsupported);
    else await runsThere(kit, 'tc', await attaching, () => pair.send([]));
  }
  await expect(attach(kit, 'tc', { ...place, hook: 'xdp' })).rejects.toBeInstanceOf(CheckFailure);
  await expect(attach(kit, 'xdp', { interface: 'eth9', hook: 'xdp' })).rejects.toThrow('No such device');
});

test('a cgroup: replaced in one step, and the link says what is there', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': source });
  const cgroup = '/sys/fs/cgroup/targets';
  await guest.run(['mkdir', cgroup]);
  const act = () =>
    guest.run(['sh', '-c', `echo $$ >${cgroup}/cgroup.procs && exec python3 -c 'import socket; socket.socket()'`]);
  const link = await attach(kit, 'cgroup', { cgroup });
  await act();
  expect(await runs(kit, 'cgroup')).toBe(1n);
  const other = await kit.program('a.bpf.c').named('on_cgroup_too');
  await link.replace(other);
  expect(await link.info()).toEqual({ type: 'cgroup', program: await other.id() });
  await runsThere(kit, 'cgroup_too', link, act);
  expect(await runs(kit, 'cgroup')).toBe(1n);
});

test('sockets and network namespaces', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': source });
  const pair = await kit.net.pair();
  const within = (python: string) =>
    guest.run(['nsenter', `--net=${pair.namespace}`, 'python3', '-c', `import socket\n${python}`]);
  const python = `
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0))
print(os.getpid(), s.fileno(), flush=True)
for line in sys.stdin:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", s.getsockname()); print("sent", flush=True)`;
  const holder = guest.start(['python3', '-c', python]);
  const [pid, fd] = (await holder.line(20_000))!.split(' ').map(Number) as [number, number];
  await runsThere(kit, 'filter', await attach(kit, 'filter', { socket: { pid, fd } }), async () => {
    holder.write('\n');
    expect(await holder.line(20_000)).toBe('sent');
  });
  holder.end();

  await runsThere(kit, 'lookup', await attach(kit, 'lookup', { netns: pair.namespace }), () =>
    within('s = socket.socket(); s.connect_ex(("127.0.0.1", 9))'),
  );
  const dissector = await attach(kit, 'dissector', { netns: pair.namespace });
  expect((await dissector.info()).type).toBe('netns');
  await dissector.detach();
});

test('events: perf, kprobes by symbol and offset, uprobes by symbol and offset, tracepoints', async () => {
  const kit = await kitFor(guest, { 'a.bpf.c': source });
  const target = '/work/uprobe-target';
  await guest.put(
    `${target}.c`,
    '__attribute__((noinline)) int poke(int x) { return x * 3; }\nint main(int c, char **v) { return poke(c) == 0; }\n',
  );
  expect((await guest.run(['gcc', '-O1', '-o', target, `${target}.c`])).stderr).toBe('');
  const address = (await guest.run(['sh', '-c', `nm ${target} | sed -n 's/ T poke$//p'`])).stdout.trim();
  const call = () => guest.run([target]);

  const at = await attach(kit, 'uprobe', { uprobe: target, symbol: 'poke' });
  await runsThere(kit, 'uprobe', at, call);
  const offset = Number.parseInt(address, 16);
  await runsThere(kit, 'uprobe', await attach(kit, 'uprobe', { uprobe: target, offset, at: 'return' }), call);
  await runsThere(kit, 'kprobe', await attach(kit, 'kprobe', { kprobe: 'do_unlinkat' }), () =>
    guest.run(['sh', '-c', 'touch /tmp/x; rm /tmp/x']),
  );
  await runsThere(kit, 'trace', await attach(kit, 'trace', { tracepoint: 'sched/sched_process_exec' }), call);
  await runsThere(kit, 'raw', await attach(kit, 'raw', { rawTracepoint: 'sched_process_exec' }), call);
  await runsThere(kit, 'sample', await attach(kit, 'sample', { perfEvent: 'cpu-clock', frequency: 999 }), () =>
    guest.run(['python3', '-c', 'for i in range(10 ** 6): pass']),
  );
  await expect(attach(kit, 'uprobe', { uprobe: target, symbol: 'absent' })).rejects.toThrow('absent in');
});
