/** What programs are shown: networks with routers, processes in cgroups, target programs; learners' user space in Go. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Apart } from '../../../grader/kit/guest/apart.ts';
import type { Arrival } from '../../../grader/kit/network/network.ts';
import { ethernet, ipv4, udp } from '../../../grader/kit/network/packets.ts';
import { compileGo } from '../../../grader/kit/program/go-program.ts';
import { buildTarget } from '../../../grader/kit/program/target-program.ts';
import type { Guest } from '../../../grader/machine/vm/guest.ts';
import { bpf, kitFor } from '../../support/kits.ts';
import { startGuest } from '../../support/vm.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest(process.env.HOOKPOINT_TEST_KERNEL);
});
afterAll(() => guest.stop());

test('two hosts and two routers: frames are routed, delayed, and filtered on their way', async () => {
  const kit = await kitFor(guest, {
    'a.bpf.c': bpf(`
SEC("tc")
int drop_odd(struct __sk_buff *skb)
{
	__u8 last = 0;
	if (bpf_skb_load_bytes(skb, 14 + 20 + 8, &last, 1))
		return 0;
	return last & 1 ? 2 : 0;
}`),
  });
  const network = await kit.net.network({
    hosts: ['client', 'server'],
    routers: ['near', 'far'],
    links: [
      ['client', 'near', { delayMs: 30 }],
      ['near', 'far'],
      ['far', 'server'],
    ],
  });
  const [client, server] = [network.host('client').interfaces[0]!, network.host('server').interfaces[0]!];
  const frame = (number: number) =>
    ethernet(
      { source: client.mac, destination: client.peer.mac },
      ipv4(
        { source: client.address, destination: server.address },
        udp({ sourcePort: 4000, destinationPort: 9, payload: Uint8Array.of(number) }),
      ),
    );
  // The routers see the answers too, at the other interface.
  const numbers = (arrivals: Arrival[]) =>
    arrivals.filter((one) => one.interface === 'eth0').map((one) => one.frame[42]);
  const all = await network.send('client', [1, 2, 3].map(frame));
  expect(numbers(all('server'))).toEqual([1, 2, 3]);
  expect(numbers(all('near'))).toEqual([1, 2, 3]);
  // Nobody listens at port 9, and the server's word of that finds its way back.
  expect(all('client').map(({ frame: answer }) => answer[23])).toEqual([1, 1, 1]);

  const ping = await network.run('client', ['ping', '-c1', '-W10', server.address]);
  expect(Number(/time=([\d.]+) ms/.exec(ping.stdout)?.[1])).toBeGreaterThanOrEqual(60);
  await network.settle('client');

  const program = await kit.program('a.bpf.c').named('drop_odd');
  await program.attachTo({ interface: 'eth1', hook: 'tc egress', namespace: network.host('near').namespace });
  const some = await network.send('client', [4, 5, 6].map(frame));
  expect([numbers(some('near')), numbers(some('server'))]).toEqual([
    [4, 5, 6],
    [4, 6],
  ]);
});

test('actions in a cgroup, as a user, by a thread', async () => {
  const kit = await kitFor(guest, {
    'a.bpf.c': bpf(`
struct call { __u64 cgroup; __u32 pid; __u32 thread; __u32 uid; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } calls SEC(".maps");
SEC("tracepoint/syscalls/sys_enter_connect")
int connects(void *ctx)
{
	__u64 both = bpf_get_current_pid_tgid();
	struct call call = { bpf_get_current_cgroup_id(), both >> 32, (__u32)both, (__u32)bpf_get_current_uid_gid() };
	bpf_ringbuf_output(&calls, &call, sizeof(call), 0);
	return 0;
}`),
  });
  const program = kit.program('a.bpf.c');
  await program.attach();
  const paths = await kit.cgroups.draw({ count: 5, depth: 3 });
  expect(new Set(paths).size).toBe(5);
  const [cgroup] = paths;
  const { stdout } = await guest.run(['stat', '-c', '%i', cgroup!]);
  const done = await kit.processes.perform([
    { action: 'connect', protocol: 'tcp', address: '127.0.0.1', port: 9, in: cgroup!, as: { uid: 1234, gid: 5 } },
    { action: 'connect', protocol: 'udp', address: '127.0.0.1', port: 9, in: cgroup!, threaded: true },
    { action: 'bind', protocol: 'tcp', address: '192.0.2.1', port: 80 },
    { action: 'open', path: '/etc/shadow', as: { uid: 1234, gid: 5 } },
  ]);
  const [econnrefused, eaddrnotavail, eacces] = [111, 99, 13];
  expect(done.map(({ errno }) => errno)).toEqual([econnrefused, 0, eaddrnotavail, eacces]);
  const calls = await (
    await program.map('calls')
  ).typedRecords({ cgroup: 'u64', pid: 'u32', thread: 'u32', uid: 'u32' });
  const ours = calls.filter(({ thread }) => done.some(({ pid }) => pid === thread));
  expect(ours.map((call) => [call.cgroup, call.uid, call.thread === call.pid])).toEqual([
    [BigInt(stdout.trim()), 1234, true],
    [BigInt(stdout.trim()), 0, false],
  ]);
});

test('a target with symbols, static probes and places in its file', async () => {
  const kit = await kitFor(guest, {
    'a.bpf.c': bpf(`
#include <bpf/usdt.bpf.h>
__u64 entered, probed;
SEC("uprobe")
int BPF_KPROBE(enter, int value) { entered += (__u32)value; return 0; }
SEC("usdt")
int BPF_USDT(probe, int value) { probed += (__u32)value; return 0; }`),
  });
  const target = await buildTarget(
    kit,
    'server',
    '#include <sys/sdt.h>\n#include <stdlib.h>\nint parse(int x) { DTRACE_PROBE1(server, request, x); return x + 1; }\nint main(int c, char **v) { return parse(atoi(v[1])) == 0; }\n',
  );
  const program = kit.program('a.bpf.c');
  await (await program.named('enter')).attachTo({ uprobe: target.path, offset: target.offsets.get('parse')! });
  await (await program.named('probe')).attachTo({ usdt: target.path, provider: 'server', probe: 'request' });
  await guest.run([target.path, '41']);
  expect(await (await program.variable('entered', 'u64')).get()).toBe(41n);
  expect(await (await program.variable('probed', 'u64')).get()).toBe(41n);
});

test("a learner's loader in Go loads, attaches and reads a ring buffer, apart from the machine", async () => {
  const kit = await kitFor(guest, {
    'main.go': `package main

import (
	"fmt"
	"log"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

func main() {
	collection, err := ebpf.LoadCollection(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer collection.Close()
	attached, err := link.AttachRawTracepoint(link.RawTracepointOptions{Name: "sched_process_exec", Program: collection.Programs["exec"]})
	if err != nil {
		log.Fatal(err)
	}
	defer attached.Close()
	reader, err := ringbuf.NewReader(collection.Maps["events"])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	record, err := reader.Read()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(record.RawSample))
}
`,
    'bad.go': 'package main\n\nfunc main() {\n\tundefined_thing()\n}\n',
    'a.bpf.c': bpf(`
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
SEC("raw_tp/sched_process_exec")
int exec(void *ctx) { __u64 pair[2] = { 1, 2 }; bpf_ringbuf_output(&events, pair, sizeof(pair), 0); return 0; }`),
  });
  await expect(compileGo(kit, ['bad.go'])).rejects.toMatchObject({
    detail: { location: { file: 'bad.go', line: 4 }, actual: expect.stringContaining('undefined_thing') },
  });
  const program = await compileGo(kit, ['main.go']);
  const object = await kit.program('a.bpf.c').compile();
  const user = new Apart(guest, [program, object], { capabilities: ['bpf', 'perfmon'] }, { timeoutMs: 120_000 });
  const first = await user.line(60_000);
  if (first !== 'ready') expect((await user.done).stderr).toBe('');
  await guest.run(['true']);
  expect(await user.line(60_000)).toBe('16');
  expect((await user.done).code).toBe(0);
});
