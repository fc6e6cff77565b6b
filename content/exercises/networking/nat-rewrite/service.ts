/** The service that is translated, and the map that says so. */
import type { Kit, Program } from '#kit';

export interface Service {
  outside: string;
  inside: string;
  outsidePort: number;
  insidePort: number;
}

export const serviceMap = async (program: Program) =>
  (await program.map('service')).typed({
    key: 'u32',
    value: { outside: 'ipv4', inside: 'ipv4', outsidePort: 'be16', insidePort: 'be16' },
  });

/** Ports and addresses of every kind: far apart, equal in one part, with bytes of 0 and 255. */
export function drawServices({ random }: Kit): Service[] {
  const address = () => [random.int(1, 223), ...random.several(3, 3, () => random.int(0, 255))].join('.');
  const port = () => random.int(1025, 65_000);
  const same = { address: address(), port: port() };
  return [
    { outside: address(), inside: address(), outsidePort: port(), insidePort: port() },
    { outside: '1.0.0.1', inside: '223.255.255.254', outsidePort: 1, insidePort: 65_535 },
    { outside: '223.255.255.254', inside: '10.0.0.1', outsidePort: 65_535, insidePort: 80 },
    { outside: same.address, inside: same.address, outsidePort: port(), insidePort: port() },
    { outside: address(), inside: address(), outsidePort: same.port, insidePort: same.port },
  ];
}
