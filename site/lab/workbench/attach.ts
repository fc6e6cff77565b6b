/** Which command attaches a program that has to be told where. Pure. */

/** Types for bpftool cgroup attach, where a section's last word is not it. */
const cgroupTypes: Record<string, string> = {
  'cgroup/sock': 'sock_create',
  'cgroup/dev': 'device',
  sockops: 'sock_ops',
};

/** What `SEC` says of each function in a text of C, also of those that BPF_PROG and its like declare. */
export function sectionsOf(text: string): Map<string, string> {
  const found = text.matchAll(
    /\bSEC\("([^"\n]+)"\)\s+(?:static\s+)?\w[\w\s*]*?\b(?:BPF_[A-Z_0-9]+\(\s*(\w+)|(\w+)\s*\()/g,
  );
  return new Map(Array.from(found, ([, section, inMacro, name]) => [inMacro ?? name!, section!]));
}

/** For the terminal; null if no command of bpftool does it. `object`: the file that was loaded; `pin`: where the program is pinned. */
export function attachCommand(section: string, pin: string, object: string): string | null {
  const [kind = ''] = section.replace(/^\?/, '').split('/');
  if (/^xdp(\.frags)?$/.test(kind)) return `bpftool net attach xdpgeneric pinned ${pin} dev lo`;
  if (kind === 'tcx' || kind === 'tc' || kind === 'classifier')
    return `bpftool net attach tcx_${section.endsWith('egress') ? 'egress' : 'ingress'} pinned ${pin} dev lo`;
  if (kind.startsWith('cgroup') || kind === 'sockops') {
    const type = cgroupTypes[section] ?? section.slice(section.lastIndexOf('/') + 1);
    return `bpftool cgroup attach /sys/fs/cgroup ${type} pinned ${pin}`;
  }
  if (kind.startsWith('struct_ops')) return `bpftool struct_ops register ${object}`;
  return null;
}
