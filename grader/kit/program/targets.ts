/** What one program can be attached to, by name. How each is done: environment/guest/loader-links.c. */
import { word } from '../guest/loader.ts';
import type { BpfMap } from '../maps/map.ts';

/** Paths are those of the machine. `namespace` is the path of a network namespace; the machine's own if left out. */
export type Target =
  /** What SEC("…") in the source says. */
  | 'section'
  /** The path of a cgroup. */
  | { cgroup: string }
  /** XDP on an interface; `mode` is the driver's or the kernel's choice if left out. */
  | { interface: string; hook: 'xdp'; mode?: 'driver' | 'generic'; namespace?: string }
  /** tc by a clsact qdisc, of every kernel; tcx by a link, since 6.6. */
  | { interface: string; hook: `${'tc' | 'tcx'} ${'ingress' | 'egress'}`; namespace?: string }
  /** A flow dissector or sk_lookup program, for a network namespace. */
  | { netns: string }
  /** A verdict or parser program, for all sockets of a sockmap of the same object. */
  | { sockmap: BpfMap }
  /** A socket filter or reuseport program, on a socket of a running process. */
  | { socket: { pid: number; fd: number } }
  /** A sampling program: `frequency` samples a second of the software event, in one process or (left out) on every CPU. */
  | { perfEvent: keyof typeof softwareEvents; frequency: number; pid?: number }
  /** A function of the kernel, at its entry (or `offset` bytes further) or at its return. */
  | { kprobe: string; offset?: number; at?: 'entry' | 'return' }
  /** A function of a program or library by symbol, or a place by its offset in the file; one process, or all. */
  | { uprobe: string; symbol?: string; offset?: number; at?: 'entry' | 'return'; pid?: number }
  /** A static probe that a program or library was compiled with. */
  | { usdt: string; provider: string; probe: string; pid?: number }
  /** Such as 'syscalls/sys_enter_execve'. */
  | { tracepoint: `${string}/${string}` }
  | { rawTracepoint: string }
  /** An iterator over everything of its kind, or over one map's entries, one process' tasks, one cgroup and those below it. */
  | { iterator: 'everything' | { map: BpfMap } | { pid: number } | { cgroup: string } };

/** Numbers of perf events of type 1, from linux/perf_event.h. */
const softwareEvents = { 'cpu-clock': 0, 'task-clock': 1, 'page-faults': 2, 'context-switches': 3 };

/** How the loader is told, what an error message says, and since when the kernel can do it (if not since 5.10). */
export interface TargetInWords {
  command: string[];
  place: string;
  since?: string;
}

export function inWords(target: Target): TargetInWords {
  if (target === 'section') return { command: ['section'], place: 'what its section names' };
  if ('cgroup' in target) return { command: ['cgroup', word(target.cgroup)], place: `the cgroup ${target.cgroup}` };
  if ('interface' in target) return interfaceInWords(target);
  if ('netns' in target) return { command: ['netns', word(target.netns)], place: `the network namespace` };
  if ('sockmap' in target)
    return { command: ['sockmap', target.sockmap.about.name], place: `the sockmap ${target.sockmap.about.name}` };
  if ('socket' in target)
    return { command: ['socket', `${target.socket.pid}`, `${target.socket.fd}`], place: 'the socket' };
  if ('perfEvent' in target) {
    const { perfEvent, frequency, pid = -1 } = target;
    return {
      command: ['perf-event', '1', `${softwareEvents[perfEvent]}`, `${frequency}`, `${pid}`],
      place: `the perf event ${perfEvent}`,
    };
  }
  if ('kprobe' in target) {
    const { kprobe, offset = 0, at = 'entry' } = target;
    return {
      command: ['kprobe', word(kprobe), `${offset}`, at],
      place: `the ${at} of the kernel's function ${kprobe}`,
    };
  }
  if ('uprobe' in target) {
    const { uprobe, symbol, offset = 0, at = 'entry', pid = -1 } = target;
    return {
      command: ['uprobe', word(uprobe), word(symbol), `${offset}`, at, `${pid}`],
      place: `the ${at} of ${symbol ?? `0x${offset.toString(16)}`} in ${uprobe}`,
    };
  }
  if ('usdt' in target) {
    const { usdt, provider, probe, pid = -1 } = target;
    return {
      command: ['usdt', word(usdt), word(provider), word(probe), `${pid}`],
      place: `the probe ${provider}:${probe} in ${usdt}`,
    };
  }
  if ('tracepoint' in target) {
    const [category, name] = target.tracepoint.split('/');
    return { command: ['tracepoint', word(category), word(name)], place: `the tracepoint ${target.tracepoint}` };
  }
  if ('rawTracepoint' in target)
    return {
      command: ['raw-tracepoint', word(target.rawTracepoint)],
      place: `the raw tracepoint ${target.rawTracepoint}`,
    };
  return iteratorInWords(target.iterator);
}

function interfaceInWords(target: Extract<Target, { interface: string }>): TargetInWords {
  const where = [word(target.namespace), word(target.interface)];
  if (target.hook === 'xdp')
    return {
      command: ['xdp', ...where, target.mode ?? 'default'],
      place: `XDP of the interface ${target.interface}`,
    };
  const [kind, direction] = target.hook.split(' ') as [string, string];
  return {
    command: [kind, ...where, direction],
    place: `${target.hook} of the interface ${target.interface}`,
    ...(kind === 'tcx' && { since: '6.6' }),
  };
}

function iteratorInWords(over: Extract<Target, { iterator: unknown }>['iterator']): TargetInWords {
  const place = 'an iterator';
  if (over === 'everything') return { command: ['iterator', '-'], place };
  if ('map' in over) return { command: ['iterator', 'map', over.map.about.name], place };
  if ('pid' in over) return { command: ['iterator', 'process', `${over.pid}`], place, since: '6.1' };
  return { command: ['iterator', 'cgroup', word(over.cgroup)], place, since: '6.1' };
}
