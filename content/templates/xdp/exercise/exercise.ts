import { defineChecks, drawHosts, frameRounds, must, tcp, Traffic, udp } from '#kit';

const file = 'drop.bpf.c';

export default defineChecks({
  // #region rounds
  ...frameRounds(['drops', 'passes'], {
    hook: 'xdp',
    program: (kit) => kit.program(file).only('xdp'),
    frames({ random }) {
      const traffic = new Traffic(random, ...drawHosts(random));
      const port = () => random.int(1024, 65_535);
      const payload = () => random.bytes(random.int(0, 100));
      const to7 = () => udp({ sourcePort: port(), destinationPort: 7, payload: payload() });
      return {
        drops: must('XDP_DROP', [
          ...random.several(4, 9, () => traffic.over4('UDP to port 7', to7())),
          traffic.over4('UDP from port 7 to port 7', udp({ sourcePort: 7, destinationPort: 7 })),
        ]),
        passes: must('XDP_PASS', [
          ...[6, 8, 7 << 8].map((other) =>
            traffic.over4(`UDP to port ${other}`, udp({ sourcePort: port(), destinationPort: other })),
          ),
          ...random.several(2, 4, () =>
            traffic.over4('UDP from port 7', udp({ sourcePort: 7, destinationPort: port(), payload: payload() })),
          ),
          ...random.several(2, 4, () =>
            traffic.over4('TCP to port 7', tcp({ sourcePort: port(), destinationPort: 7, payload: payload() })),
          ),
          ...traffic.over4ByOtherProtocols('UDP to port 7', to7()),
          ...traffic.withOtherEtherTypes(traffic.over4('UDP to port 7', to7())),
          ...random.several(2, 4, () => traffic.withOtherEtherType(traffic.over4('UDP to port 7', to7()))),
          traffic.over6('UDP to port 7 over IPv6', to7()),
          traffic.arp(),
          // They end before the byte that would say which port.
          ...[14, 33, 37].map((length) => traffic.cut(traffic.over4('UDP to port 7', to7()), length)),
        ]),
      };
    },
    says: { XDP_DROP: 'UDP to port 7 is not dropped', XDP_PASS: 'A frame is dropped that should pass' },
  }),
  // #endregion
});
