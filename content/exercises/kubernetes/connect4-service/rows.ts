/** What is in the maps, and who connects to what meanwhile. */
export interface Endpoint {
  address: string;
  port: number;
}

/** 'ping' is a socket for ICMP: connecting it runs the program since Linux 6.0. */
export type Protocol = 'tcp' | 'udp' | 'ping';
export type CheckName = 'redirects' | 'protocols' | 'others' | 'spreads' | 'empty' | 'changes';

/** Processes that connect; 'below' is in a cgroup below the program's, 'fresh' a new one for each connection, 'outside' in another cgroup. */
export type Worker = 'web' | 'below' | 'user' | 'cpu0' | 'cpu1' | 'thread' | 'fresh' | 'outside';

export interface Asked {
  check: CheckName;
  what: string;
  by: Worker;
  protocol: Protocol;
  to: Endpoint;
  /** By the socket that this worker connected last. */
  again?: true;
}

export interface Service {
  protocol: Protocol;
  at: Endpoint;
  id: number;
  /** How many backends its row says it has. */
  count: number;
}

export interface Phase {
  rows: Rows;
  asked: Asked[];
  /** Connections to a service of several backends, each of which must get its share. */
  shares: { what: string; connections: Asked[] }[];
}

export interface Wanted {
  isService: boolean;
  wanted: Endpoint[];
  refusable: boolean;
}

/** What is in the maps. */
export class Rows {
  readonly services = new Map<string, Service>();
  readonly backends = new Map<string, { id: number; slot: number; to: Endpoint }>();

  copy(): Rows {
    const rows = new Rows();
    for (const service of this.services.values()) rows.put(service);
    for (const { id, slot, to } of this.backends.values()) rows.fill(id, [to], slot);
    return rows;
  }

  put(service: Service): Service {
    this.services.set(nameOf(service.protocol, service.at), service);
    return service;
  }

  /** Backends in the slots from `first` on, whatever the service counts. */
  fill(id: number, to: readonly Endpoint[], first = 0): void {
    for (const [index, one] of to.entries())
      this.backends.set(`${id}/${first + index}`, { id, slot: first + index, to: one });
  }

  remove({ protocol, at }: Service): void {
    this.services.delete(nameOf(protocol, at));
  }

  empty(id: number, slot: number): void {
    this.backends.delete(`${id}/${slot}`);
  }

  /** Where a connection may go. It may also be refused if its service has slots without rows, and must be if it has no others. */
  wanted({ protocol, to }: Pick<Asked, 'protocol' | 'to'>): Wanted {
    const service = this.services.get(nameOf(protocol, to));
    if (!service) return { isService: false, wanted: [to], refusable: false };
    const slots = Array.from({ length: Math.min(service.count, 10) }, (_, slot) =>
      this.backends.get(`${service.id}/${slot}`),
    );
    const wanted = slots.flatMap((row) => (row ? [row.to] : []));
    return { isService: true, wanted, refusable: wanted.length === 0 || wanted.length < service.count };
  }
}

const nameOf = (protocol: Protocol, { address, port }: Endpoint): string => `${protocol} ${address}:${port}`;
