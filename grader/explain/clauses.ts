/**
 * What failed, in a sentence that no wording of `operations.ts` knows. Tools wrap an error in words of their own, the outermost first:
 * 'failed to start: attaching to lo: load program: permission denied'. The clause next to the error says what the kernel was asked.
 */
import { errorIn } from './errno.ts';
import type { Operation } from './operations.ts';

/** Without one of these it may be anybody's sentence. */
const aboutBpf =
  /bpf|xdp|k(?:ret)?probe|u(?:ret)?probe|tracepoint|fentry|fexit|clsact|tcx|perf[ _-](?:event|buffer|ring)|ring ?buf|sched_ext|scx/i;

/** The first that fits a clause counts: special before general. */
const clauses: readonly [operation: Operation, clause: RegExp][] = [
  // What perror(3) is given
  ['pin-get', /\bbpf_obj_get\b/],
  ['pin', /\be?bpfObjPin\b|\bbpf_(?:obj_pin|\w{1,20}__pin\w{0,10})\b|\bpin(?:ning)?\b/i],
  ['pin-get', /\/sys\/fs\/bpf|\bpinned\b/i],
  ['tracefs', /\/sys\/kernel\/(?:debug|tracing)/],
  [
    'map-create',
    /\bbpf_(?:create_map|map_create)|\b(?:creat|alloc|new)\w{0,6}\b.{0,40}\bmaps?\b|\bmaps?\b.{0,40}\b(?:creat|alloc)\w{0,6}\b/i,
  ],
  ['perf-buffer', /\bperf[ _-](?:event|buffer|ring|reader|map)\w{0,6}\b/i],
  [
    'attach-xdp',
    /\b(?:attach|attaching|link|linking|install|installing|set|setting)\b.{0,80}\bxdp\b|\bxdp\b.{0,60}\battach(?:ing|ment)?\b/i,
  ],
  ['attach-cgroup', /\battach(?:ing|ment)?\b.{0,80}\bcgroups?\b/i],
  [
    'attach-tc',
    /\b(?:attach|attaching|add|adding|create|creating|replace|replacing)\b.{0,60}\b(?:tc|tcx|clsact|qdisc)\b/i,
  ],
  ['attach-uprobe', /\b(?:attach|attaching|enable|enabling|register|registering)\b.{0,60}\bu(?:ret)?probes?\b/i],
  ['attach-kprobe', /\b(?:attach|attaching|enable|enabling|register|registering)\b.{0,60}\bk(?:ret)?probes?\b/i],
  ['attach-kprobe', /\bcreat\w{0,4}\b.{0,40}k(?:ret)?probe.{0,20}\bevent\b/i],
  ['attach-uprobe', /\bcreat\w{0,4}\b.{0,40}u(?:ret)?probe.{0,20}\bevent\b/i],
  ['attach-tracepoint', /\b(?:attach|attaching|enable|enabling)\b.{0,60}(?<!raw[ _])\btracepoints?\b/i],
  ['attach-trampoline', /\battach(?:ing|ment)?\b.{0,60}\b(?:fentry|fexit|lsm|fmod_ret)\b/i],
  ['attach', /\bbpf_(?:prog_attach|program__attach|link_create|set_link_xdp_fd)|\battach(?:ing|ment)?\b/i],
  [
    'load',
    /\bbpf_(?:prog_load|load_program|object__load|program__load)|\b(?:load|verif)\w{0,6}\b.{0,80}\b(?:e?bpf\w{0,20}|prog|program|object|collection|spec|skeleton|module|probe)s?\b|\b(?:e?bpf|xdp|prog|program|object|collection|skeleton|probe)s?\b.{0,40}\b(?:load|verif)\w{0,6}\b/i,
  ],
];

/** In a clause that has the error too, one of these; otherwise it is a sentence about something else. */
const failing = /fail|err(?:or|no)?\b|cannot|can't|unable|could ?n[o']t|returned/i;

/** What is loaded or attached to, and is nothing of BPF. */
const somethingElse =
  /\b(?:load|read|pars)\w{0,5} (?:the )?(?:\w{1,20} )?(?:kernel modules?|kmod|config\w*|policy|policies|rules?|certificates?|plugins?)\b|\.ko\b|\battach\w{0,5} to (?:pid|process|container|network|volume)\b/i;

const notErrno =
  /(?:status|code|signal|line|pid|fd|id|version|count|insns?|index|idx|ifindex|cpu|queue|section|number|num|size|offset|length|len|port|level|type|uid|gid|tid|attempts?|retries|retry|tracer|prio|priority|handle|chain)\s*#?$/i;

const mostClauses = 30;

export function failureOfClauses(line: string): { operation: Operation; errno: string } | null {
  if (!aboutBpf.test(line)) return null;
  // anyhow numbers what it lists below 'Caused by:'.
  const parts = line
    .replace(/^\s*\d{1,3}: /, '')
    .split(': ')
    .slice(0, mostClauses);
  // 'exit status: 1' is no error of the kernel.
  const last = parts.findLastIndex(
    (part, i) => errorIn(part) !== null && !(/^\s*\d+\s*$/.test(part) && notErrno.test(parts[i - 1] ?? '')),
  );
  if (last < 0) return null;
  const errno = errorIn(parts[last]!)!;
  for (let at = last; at >= 0; at -= 1) {
    const part = parts[at]!;
    // By name in an object: the kernel was not asked.
    if (/\bfind(?:ing)? (?:e?BPF )?(?:map|prog(?:ram)?)s?\b/i.test(part) || somethingElse.test(part)) return null;
    if (at === last && !failing.test(part)) continue;
    const found = clauses.find(([, clause]) => clause.test(part));
    if (found) return { operation: found[0], errno };
  }
  return failing.test(line) ? { operation: 'anything', errno } : null;
}
