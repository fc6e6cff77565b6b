import { defineChecks, evidence } from '#kit';

const registered = evidence((kit) => kit.program('still.bpf.c').registerStruct('still'));
const connection = `
import socket
listener = socket.create_server(("127.0.0.1", 0))
near = socket.socket()
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"bpf_still")
near.connect(listener.getsockname())
near.send(b"hello")
print(listener.accept()[0].recv(5).decode())`;

export default defineChecks({
  async registers(kit) {
    await registered(kit);
    const { stdout } = await kit.machine.run(['cat', '/proc/sys/net/ipv4/tcp_available_congestion_control']);
    kit.expect(stdout.trim().split(' ').includes('bpf_still'), {
      text: 'The kernel does not know bpf_still.',
      actual: stdout.trim(),
    });
  },
  async serves(kit) {
    await registered(kit);
    const { stdout, stderr } = await kit.machine.run(['python3', '-c', connection]);
    kit.expect.equal(stdout.trim(), 'hello', { text: 'Nothing arrives over it.', wholeLog: stderr });
  },
});
