/** What libraries and bpftool say of keys, values and maps at run time: cilium/ebpf, aya, bcc and bpftool read and write them from user space. */
import type { Rule } from '../../rule.ts';

export const valuesRules: readonly Rule[] = [
  // internal/sysenc/marshal.go of cilium/ebpf
  {
    id: 'value-size',
    pattern:
      /(?:\S{1,60} )?doesn't marshal to (\d{1,9}) bytes|unmarshal\w* (?:\S{1,60}: )?\S{1,60} doesn't consume all data|some values are not fixed-sized in type (\S{1,60})|\binvalid (?:key|value) size (\d{1,9}), expected (?:a non-zero multiple of )?(\d{1,9})|(?:key|value) expected (\d{1,9}) bytes got (\d{1,9})|cannot determine binary size of value/,
    text: 'A key or value is passed in another size than the map has ($1$2$3$5 …).',
    why: 'The type in user space and the one in the map’s definition must have the same size, with the padding between fields; a string, a slice or an int (whose size differs) has no fixed size.',
    help: 'bpftool map show prints the sizes of key and value. In Go use uint32, uint64, arrays and structures of them (bpf2go -type makes them), in Rust #[repr(C)] with the same fields; bpftool takes each byte: key 1 0 0 0. A per-CPU map has one value for each CPU.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'key-missing',
    pattern:
      /(?:lookup|delete|lookup and delete|next key|get next key)[^:\n]{0,60}: key does not exist|^(?:Error: )?(?:map error: )?(?:key not found|element not found)$|Error: (?:lookup|delete|pop) failed: (?:No such file or directory|-ENOENT)/,
    text: 'There is no such key in the map.',
    why: 'It was never written, was deleted, or is written in another form (byte order, padding that is not 0, another structure).',
    help: 'sudo bpftool map dump name NAME shows what is in it. In Go test errors.Is(err, ebpf.ErrKeyNotExist), which is mostly no failure.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'map-update',
    pattern: /key too big for map|the index is (\d{1,12}) but `max_entries` is (\d{1,12})/,
    text: 'There is no room for this key in the map ($1$2).',
    why: 'An array has the indexes 0 to max_entries - 1, and a hash takes max_entries keys.',
    help: 'Raise max_entries, delete what you do not need, or use BPF_MAP_TYPE_LRU_HASH, which drops the oldest.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'reader-closed',
    pattern:
      /(?:epoll wait|(?:reading from )?ring ?buf\w*|perf \w{1,10}(?:buffer)?)[^:\n]{0,40}: (?:[^:\n]{1,40}: )?file already closed/,
    text: 'The reader of the buffer has been closed. At the end of a program that is as it should be.',
    why: 'Close() wakes the goroutine that waits in Read(), which then gets this error.',
    help: 'Leave the loop if errors.Is(err, ringbuf.ErrClosed) (or perf.ErrClosed, os.ErrClosed). If the program should still run, look for what closed it: mostly a defer in a function that has returned.',
    lesson: 'maps/ring-buffer',
  },
  {
    id: 'map-not-readable',
    pattern:
      /Error: (?:lookup|delete|pop|can't get next key)(?: failed)?: (?:Operation not supported|Unknown error 524|-EOPNOTSUPP|524)/,
    text: 'A map of this type cannot be read or changed in this way from user space.',
    why: 'Program arrays, perf event arrays, dev, cpu and sock maps and ring buffers hold things of the kernel, not bytes; queues and stacks have no keys.',
    help: 'bpftool map show tells the type. For queues: bpftool map pop or peek; what a program array holds is seen only as IDs, in newer kernels.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'map-dump-several',
    pattern: /Error: several (programs|maps) match(?:ed| this handle)/,
    text: 'Several $1 have that name or tag.',
    why: 'This command works on one.',
    help: 'Name it by its ID: bpftool prog show, bpftool map show, then id N.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'map-perf-event-array',
    pattern: /Error: map is not a perf event array/,
    text: 'bpftool map event_pipe reads only maps of the type BPF_MAP_TYPE_PERF_EVENT_ARRAY.',
    why: 'This map is of another type, perhaps a ring buffer.',
    help: 'bpftool map show. For a ring buffer there is no such command: read it by a program of your own (ring_buffer__new()).',
    lesson: 'maps/ring-buffer',
  },
  // BPF_PROG_TEST_RUN
  // NewReader() of ringbuf and perf in cilium/ebpf
  {
    id: 'reader-map-type',
    pattern: /invalid Map type: (\w{1,40})/,
    also: ['[Rr]ing ?[Bb]uf|[Pp]erf|reader'],
    text: 'The reader that is opened in Go does not belong to this map: the map is a $1.',
    why: 'ringbuf.NewReader() reads BPF_MAP_TYPE_RINGBUF, perf.NewReader() BPF_MAP_TYPE_PERF_EVENT_ARRAY.',
    help: 'Use the package that fits the map’s type, or change the type in the C source; then go generate again.',
    lesson: 'maps/ring-buffer',
  },
  {
    id: 'test-run',
    pattern:
      /(?:Error: failed to run program|test program|run program|benchmark program|bpf_prog_test_run\w*[^:\n]{0,20}): (.{1,80})|kernel doesn't support (?:testing|running) (?:program type )?(\w{1,40})/,
    also: ['bpf|BPF|xdp|Error: failed to run program'],
    text: 'The program cannot be run on test data ($1$2).',
    why: 'Not every type can (ENOTSUPP 524, EOPNOTSUPP); EINVAL mostly means that the packet is shorter than 14 bytes, or that the context has a field set which this kernel does not take; EPERM that the process is not root.',
    help: 'bpftool prog show tells the type: XDP, tc, socket filters, raw tracepoints and syscall programs can be run. Give at least 14 bytes of data_in, and data_out large enough; uname -r.',
    lesson: 'programs/loaders-and-links',
  },
  // aya
  {
    id: 'program-not-loaded',
    pattern:
      /^(?:Error: )?(?:program error: )?the program is (?:already loaded|not attached)|the program was already attached/,
    text: 'load() or attach() is called twice for one program, or something is detached that is not attached.',
    why: 'aya keeps account of that itself; the kernel was not asked.',
    help: 'Call load() once for each program, and keep the link that attach() returns.',
    lesson: 'programs/loaders-and-links',
  },
  // LinkError::InvalidLink of aya: FdLink::try_from() of a PerfLink
  {
    id: 'link-not-pinnable',
    pattern: /(?:on an `?Err`? value: |Error: )?(?:LinkError\()?InvalidLink\b|^(?:Error: )?Invalid link$/,
    also: ['bpf|BPF|aya|rs:\\d+|Caused by'],
    text: 'aya cannot make a BPF link of this attachment, so it cannot be pinned or kept by a descriptor.',
    why: 'Before Linux 5.15 a kprobe, uprobe or tracepoint is attached by a perf event without a link; before 5.9 XDP, before 5.7 cgroups, and before 6.6 tc (netlink) likewise.',
    help: 'uname -r. On such a kernel keep the process running instead of pinning the link, or use a newer one.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'cgroup2-missing',
    pattern: /could not find a cgroup2 mount entry|cgroup2 not mounted/,
    text: 'There is no cgroup v2 file system here.',
    why: 'BPF programs are attached to cgroups of version 2 only.',
    help: 'mount | grep cgroup2; sudo mount -t cgroup2 none /mnt. In a container mount /sys/fs/cgroup of the host.',
    lesson: 'kubernetes/cgroup-programs',
  },
  {
    id: 'libbpf-section',
    pattern: /invalid program section `([^`]{1,100})`/,
    text: 'aya does not know what kind of program the section $1 is.',
    why: 'The macro of aya-ebpf (#[xdp], #[kprobe] …), or SEC() in C, says the type; this release does not know the name.',
    help: 'Use the macros of the aya-ebpf that belongs to this aya, or a name that it knows, such as xdp, kprobe, tracepoint, classifier.',
    lesson: 'programs/program-types',
  },
  {
    id: 'program-btf-missing',
    pattern:
      /(?:[Tt]he )?target (?:BPF )?program (?:does not|doesn't) have BTF|prog FD \d+ doesn't have valid btf|found 0 func_info for prog FD|xdpdump requires BTF information/,
    text: 'The BPF program that should be traced or replaced was loaded without BTF.',
    why: 'Its functions are found by their names in the BTF.',
    help: 'Compile that program with -g, and load it again by a loader that hands on the BTF (libbpf, bpftool, libxdp; old ip and tc do not). bpftool prog show id N must say btf_id.',
    lesson: 'vm/btf-and-core',
  },
];
