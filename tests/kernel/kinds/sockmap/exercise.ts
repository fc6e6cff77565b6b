import { defineChecks, u32 } from '#kit';

/** Two connections over loopback; then commands 'send TEXT' on the first, and 'far' or 'other' for what arrived. */
const sockets = `
import os, select, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
def connect():
    near = socket.create_connection(listener.getsockname())
    return near, listener.accept()[0]
near, far = connect()
other, _ = connect()
print(os.getpid(), near.fileno(), other.fileno(), flush=True)
for line in sys.stdin:
    near.send(line.strip().encode())
    ready, _, _ = select.select([far, other], [], [], 10)
    print(" ".join(("far " if one is far else "other ") + one.recv(100).decode() for one in ready), flush=True)
`;

export default defineChecks({
  async redirects(kit) {
    const program = kit.program('splice.bpf.c');
    const peers = await program.map('peers');
    const holder = kit.machine.start(['python3', '-c', sockets], { timeoutMs: 120_000 });
    const [pid, near, other] = (await holder.line(60_000))!.split(' ').map(Number) as [number, number, number];
    await (await program.named('splice')).attachTo({ sockmap: peers });
    await peers.putSocket(u32(0), { pid, fd: other });
    await peers.putSocket(u32(1), { pid, fd: near });
    const text = kit.random.name();
    holder.write(`${text}\n`);
    const arrived = await holder.line(60_000);
    holder.end();
    kit.expect.equal(arrived ?? '', `other ${text}`, { text: 'The text arrives where it would without your program.' });
  },
});
