import { defineChecks, evidence, type Action } from '#kit';

const [eperm, econnrefused] = [1, 111];

const tried = evidence(async (kit) => {
  const program = kit.program('guard.bpf.c');
  const [closed, open] = [kit.random.int(2000, 2999), kit.random.int(3000, 3999)];
  await (await program.variable('closed_port', 'u16')).set(closed);
  const paths = await kit.cgroups.draw({ count: 4, depth: 3 });
  const inside = kit.random.pick(paths);
  await (await program.named('guard')).attachTo({ cgroup: inside });
  const connect = (port: number, performer: { in?: string }): Action => ({
    action: 'connect',
    protocol: 'tcp',
    address: '127.0.0.1',
    port,
    ...performer,
  });
  const outside = paths.find((path) => !path.startsWith(inside));
  const done = await kit.processes.perform([
    connect(closed, { in: inside }),
    connect(open, { in: inside }),
    connect(closed, outside ? { in: outside } : {}),
  ]);
  return done.map(({ errno }) => errno);
});

export default defineChecks({
  async blocks(kit) {
    const [closed] = await tried(kit);
    kit.expect.equal(closed!, eperm, { text: 'A process in the cgroup can connect to the closed port.' });
  },
  async 'lets-others'(kit) {
    const [, open, outside] = await tried(kit);
    kit.expect(open === econnrefused && outside === econnrefused, { text: 'Others are kept away too.' });
  },
});
