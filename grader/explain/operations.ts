/**
 * What loaders try, and how each of them words that it failed. The kernel answers with nothing but an error number; what that means
 * depends on what was asked. So a failure is an operation and an error, whoever wrote it; `rules/causes/` says what the two mean.
 */
export type Operation =
  | 'probe-load'
  | 'map-create'
  | 'map-update'
  | 'program-load'
  | 'load'
  | 'btf-load'
  | 'kernel-btf'
  | 'attach-xdp'
  | 'af-xdp'
  | 'attach-tc'
  | 'attach-trampoline'
  | 'attach-kprobe'
  | 'attach-uprobe'
  | 'attach-tracepoint'
  | 'attach-raw-tracepoint'
  | 'raw-open'
  | 'attach-perf-event'
  | 'attach-cgroup'
  | 'attach-struct-ops'
  | 'attach'
  | 'tracefs'
  | 'perf-buffer'
  | 'pin'
  | 'pin-get'
  | 'bpffs'
  | 'object-load'
  | 'anything';

export interface Wording {
  operation: Operation;
  /** `name`: what it was tried with; `error`: where the error stands, if not anywhere in the line or the lines below. */
  pattern: RegExp;
  /** The error, where the words mean one and name none. */
  errno?: string;
  /** What the whole text must have too: maps, tables and programs are not only BPF’s. */
  beside?: RegExp;
}

// Quotes differ by tool and by what it was pasted through.
const of = (operation: Operation, ...patterns: RegExp[]): Wording[] =>
  patterns.map((pattern) => ({ operation, pattern }));

// Anybody's words, unless the text is about BPF.
const aboutBpf =
  /bpf|xdp|[ku](?:ret)?probe|tracepoint|fentry|fexit|\bbcc\b|\bBTF\b|verifier|clsact|\btc\b|cilium|\bconntrack\b/i;
const anybodys = (operation: Operation, ...patterns: RegExp[]): Wording[] =>
  patterns.map((pattern) => ({ operation, pattern, beside: aboutBpf }));

/** The first that fits a line counts: special before general. */
export const wordings: readonly Wording[] = [
  // libbpf's very first program; Rust's and Go's tools hand its words on.
  ...of(
    'probe-load',
    /Error in bpf_object__probe_(?:loading|name)\(\): ?(?<error>.{1,80}?)\. Couldn't load (?:trivial|basic)/,
  ),

  ...of(
    'map-create',
    // libbpf
    /map '(?<name>[^']{1,100})': failed to create(?: inner map)?: (?<error>.*)/,
    /Error in bpf_create_map_xattr\((?<name>[^)]{1,100})\): ?(?<error>.*)/,
    /failed to create map \(name: '(?<name>[^']{1,100})'\): (?<error>.*)/,
    // cilium/ebpf
    /map "?(?<name>[\w.]{1,100})"?: map create(?: without BTF)?: (?<error>.*)/,
    /\bmap create(?: without BTF)?: (?<error>.*)/,
    // Netdata
    /\[eBPF\] failed to create a map: (?<error>.*)/,
    // aya, redbpf
    /failed to create map `(?<name>[^`]{1,100})`(?: with code (?<error>-?\d+))?/,
    // its errors by Debug: {:?}, unwrap()
    /\bCreateError \{ name: \\?"(?<name>[^"\\]{1,100})\\?",(?<error>.*)/,
    /bpf_create_map_xattr\. failed to load map `+(?<name>[^`]{1,100})`+: (?<error>.*)/,
    // bcc, goebpf, bpftool, iproute2
    // bpftrace
    /Error creating (?<name>(?:printf|perf event|join|stack|elapsed|\w{1,20}) )?map: (?<error>.*)/,
    /could not open bpf map: (?:(?<name>[\w.]{1,100}), error: )?(?<error>.*)/,
    /ebpf_create_map\(\) failed: (?<error>.*)/,
    /map create failed: (?<error>.*)/,
    /bcc_create_map\(\) failed, name: ?(?<name>\w{1,100})/,
    /(?:^|[^_\w])bpf_create_map_xattr: (?<error>.*)/,
    // libscap
    /can't create map: (?<error>.*)/,
    /Map object '(?<name>[^']{1,100})' rejected: (?<error>.*)/,
    /bpf_map_create.{0,60}(?:failed|error)[: ]+(?<error>.*)/,
    // gobpf
    /error while loading map "(?<name>[^"]{1,100})": (?<error>.*)/,
    /libpman: ring buffer map type is not supported \(errno: (?<error>\d{1,3} \| message: [^)]{1,60})\)/,
  ),

  ...anybodys(
    'map-create',
    /(?:creating|[Uu]nable to create|failed to create|can't create|[Cc]annot create|could not create) (?:e?BPF |bpf )?map "?(?<name>[\w./-]{1,200})"?: (?<error>.*)/,
    /(?:can't|cannot|could not|couldn't|unable to|failed to|error) creat(?:e|ing) (?:the )?map:? ?'?(?<name>@?\w{0,100})'?: (?<error>.*)/i,
  ),

  ...of(
    'btf-load',
    /Error loading \.BTF into kernel: (?<error>.{1,60}?)\. BTF is mandatory/,
    /the BPF_BTF_LOAD syscall (?:returned|failed)(?<error>.{0,80})/,
    /load BTF: (?<error>.*)/,
  ),

  ...of(
    'kernel-btf',
    /Error loading vmlinux BTF: (?<error>.*)/,
    /loading kernel BTF '(?<name>[^']{1,100})': (?!0\s*$)(?<error>.*)/,
    /failed to load BTF from (?<name>\/sys\/kernel\/btf\/\S{1,100}): (?<error>.*)/,
    /error (?:loading|parsing|reading) (?<name>\/sys\/kernel\/btf\/\S{1,100})(?<error>.*)/,
    // cilium/ebpf, aya
    /\bopen (?<name>\/sys\/kernel\/btf\/\S{1,100}): (?<error>.*)/,
    /failed to get BTF from (?<name>\/sys\/kernel\/btf\/\S{1,100}): (?<error>.*)/,
  ),

  ...of(
    'af-xdp',
    /Can't setup AF_XDP socket "(?<error>[^"]{1,80})"/,
    /xsk_socket__create(?:_shared)?(?:\(\))?.{0,20}? (?:failed|returns?)\b(?<error>.*)/,
    /xsk_umem__create(?:\(\))?.{0,20}? (?:failed|returns?)\b(?<error>.*)/,
    /xsk_configure_(?:socket|umem):\d+: errno: (?<error>.*)/,
    /xsk bind to dev.{0,40} fail(?:ed)?[.:] (?<error>.*)/,
    /[Bb]ind SockaddrXDP failed: (?<error>.*)/,
    // strace
    /\bbind\(\d{1,6}, \{sa_family=(?:AF_XDP|0x2c)\b.{0,200}\) = -1 (?<error>.*)/,
  ),

  // libbpf's own numbers, LIBBPF_ERRNO__VERIFY: an attachment that loads first hands it on.
  { operation: 'program-load', pattern: /Kernel verifier blocks program loading/, errno: 'EACCES' },

  ...of(
    'attach-xdp',
    // libxdp, libbpf, xdp-tools, xdp-tutorial
    /Error attaching XDP program to ifindex (?<name>\d+): (?<error>.*)/,
    /Couldn't attach XDP program on iface '(?<name>[^']{1,40})': (?<error>.*)/,
    /Failed to attach dispatcher on ifindex (?<name>\d+): (?<error>.*)/,
    /(?:bpf_set_link_xdp_fd|bpf_xdp_attach|link set xdp fd)\b.{0,80}?failed(?<error>.*)/,
    /prog '[^']{1,100}': failed to attach to xdp: (?<error>.*)/,
    /Could not attach with (?:mode )?\S{1,20}(?: mode)? \((?<error>[^)]{1,60})\)/,
    /Error attaching XDP program ?:{1,2} (?<error>.*)/,
    // samples/bpf, bpf_load.c
    /^nlmsg error (?<error>.*)/,
    // bcc, Go, aya
    /Failed to attach BPF to device (?<name>\S{1,40}): (?<error>.*)/,
    /bpf: Attaching prog to (?<name>\S{1,40}): (?<error>.*)/,
    /failed to set xdp to dev (?<name>\S{1,40}), err is (?<error>.*)/,
    /failed to attach the XDP program(?<error>.*)/,
    /(?:attach(?:ing)?|link) (?:an? |the )?XDP(?: program)?[^:]{0,60}: (?<error>.*)/i,
    /netlink error while attaching XDP program(?<error>.*)/,
    /attach(?:ing)? XDP\b.{0,300}create link: (?<error>.*)/i,
    // cilium
    /attach(?:ing)? (?:program |prog )?'?\w{0,40}xdp\w{0,40}'?\b.{0,200}create link: (?<error>.*)/i,
    // bpftool
    /Error: interface (?<name>\S{1,40}) attach failed: (?<error>.*)/,
  ),

  ...of(
    'attach-tc',
    /(?:attach(?:ing)?) (?:an? |the )?(?:tcx|tc|clsact|netkit)\b[^:]{0,60}: (?<error>.*)/i,
    /prog '[^']{1,100}': failed to attach to (?:tcx|netkit): (?<error>.*)/,
    /(?:attach|add|replace)\w* .{0,60}\bfilter (?:egress|ingress)?: (?<error>.*)/i,
    /netlink error while attaching ebpf program to tc(?<error>.*)/,
    /(?:cannot|could not|failed to|can't) (?:add|create|attach) (?:the )?(?:clsact|ingress)(?: qdisc)?[^:]{0,40}: (?<error>.*)/i,
  ),

  // libbcc, perf_reader_mmap()
  { operation: 'perf-buffer', pattern: /^mmap: (?<error>[A-Z].*)/, beside: /open perf buffer/ },

  // ip and tc say it of addresses and routes as well: where the text shows such a command and nothing of BPF, it is not about BPF.
  {
    operation: 'attach-tc',
    pattern: /RTNETLINK answers: (?<error>.*)/,
    beside:
      /^(?![^]*\b(?:ip (?:-\S+ )*(?:a|ad|addr|address|r|ro|route|rule|neigh|tunnel|maddr|netns|link add|l add)|if(?:up|down|config)|dhclient|wg-quick|NetworkManager)\b)|bpf|xdp|\btc\b|qdisc|clsact/i,
  },

  ...of(
    'attach-kprobe',
    // libbpf
    /failed to create k(?:ret)?probe '(?<name>[\w.$]{1,200})(?:\+0x[0-9a-f]+)?' perf event: (?<error>.*)/,
    /failed to (?:add|determine) legacy kprobe event(?: id)? for '(?<name>[\w.$]{1,200})(?:\+0x[0-9a-f]+)?': (?<error>.*)/,
    /failed to attach to k(?:ret)?probe '(?<name>[\w.$]{1,200})(?:\+0x[0-9a-f]+)?': (?<error>.*)/,
    /(?:legacy )?kprobe perf_event_open\(\) failed: (?<error>.*)/,
    // cilium/ebpf
    /creating (?:perf_kprobe PMU|tracefs event)(?: \(arch-specific fallback for \\?"(?<name>[^"\\]{1,200})\\?"\))?: (?<error>.*)/,
    /couldn't find one or more symbols: (?<error>.*)/,
    /missing kernel symbol or prog's AttachType not (?<error>.*)/,
    /(?:[Oo]pening|[Aa]ttach(?:ing)?) kprobe[-_ ]multi\b[^:]{0,60}: (?<error>.*)/,
    // bcc, bpftrace
    /Failed to attach BPF (?:program \S{1,100} )?to k(?:ret)?probe(?: b?'?(?<name>[\w.$]{1,200})'?)?(?<error>.*)/,
    /cannot attach kprobe, (?<error>.*)/,
    /(?:[Ee]rror attaching|[Uu]nable to attach) probe: '?k(?:ret)?probe:(?:\w{1,60}:)?(?<name>[\w*$]{1,200}(?:\.\w{1,60}){0,4})(?<error>.*)/,
    /write\((?:\/sys\/kernel\/\S{1,60}\/)?kprobe_events(?:, "[^" ]{1,200} (?<name>[\w.$]{1,200})[^"]{0,200}")?\)(?: failed)?: (?<error>.*)/,
    /write \/sys\/kernel\/\S{1,60}\/kprobe_events: (?<error>.*)/,
    /WARNING: (?<name>[\w.$]{1,200}) is not traceable(?<error>.*)/,
    /(?<name>[\w.$]{1,200}) is not traceable \(.{0,80}attaching to it will likely fail(?<error>.*)/,
  ),

  ...of(
    'attach-uprobe',
    /failed to (?:create|attach to) u(?:ret)?probe '(?<name>[^']{1,300})'(?: perf event)?: (?<error>.*)/,
    /failed to add legacy uprobe event for (?<name>\S{1,300}): (?<error>.*)/,
    /failed to attach (?:multi-)?uprobe(?<error>.*)/,
    /cannot attach uprobe, (?<error>.*)/,
    /[Ee]rror attaching probe: '?u(?:ret)?probe:(?<name>[^'\s]{1,300})'?(?<error>.*)/,
    /[Uu]nable to attach probe: u(?:ret)?probe:(?<name>[^'\s]{1,300})(?<error>.*)/,
    /creating perf_uprobe PMU: (?<error>.*)/,
  ),

  ...of(
    'attach-tracepoint',
    /failed to determine tracepoint '(?<name>[^']{1,200})' perf event ID: (?<error>.*)/,
    /tracepoint '?(?<name>[\w/]{1,200}?)'? perf_event_open\(\) failed: (?<error>.*)/,
    /failed to create tracepoint '(?<name>[^']{1,200})' perf event: (?<error>.*)/,
    /failed to attach to tracepoint '(?<name>[^']{1,200})': (?<error>.*)/,
    /trace event (?<name>\w{1,100}\/\w{1,100}): (?<error>.*)/,
    /\btracepoint\b.{0,200}cannot create bpf perf link: (?<error>.*)/,
    /Failed to attach BPF program \S{1,100} to tracepoint (?<name>\S{1,200})(?<error>.*)/,
    /perf_event_open\((?<name>\/sys\/kernel\/\S{1,200}\/id)\): (?<error>.*)/,
    /[Ee]rror attaching probe: '?tracepoint:(?<name>[\w:*]{1,200})'?(?<error>.*)/,
    /[Uu]nable to attach probe: tracepoint:(?<name>[\w:*]{1,200})(?<error>.*)/,
  ),

  ...of(
    'attach-raw-tracepoint',
    /failed to attach to raw tracepoint '(?<name>[^']{1,200})': (?<error>.*)/,
    /bpf_attach_raw_tracepoint \((?!kfunc|lsm)(?<name>[^)]{1,100})\): (?<error>.*)/,
  ),

  // aya: for raw tracepoints as for fentry, fexit and LSM
  ...of('raw-open', /`?bpf_raw_tracepoint_open`? failed(?<error>.*)/),

  ...of(
    'attach-perf-event',
    /failed to attach to (?:perf_event FD|pfd) (?<name>\d+): (?<error>.*)/,
    /failed to create BPF link for perf_event FD (?<name>\d+): (?<error>.*)/,
    /failed to enable (?:perf_event FD|pfd) (?<name>\d+): (?<error>.*)/,
    /ioctl\(PERF_EVENT_IOC_SET_BPF\)(?: failed)?: (?<error>.*)/,
    /PERF_EVENT_IOC_SET_BPF(?: failed|:)(?<error>.*)/,
  ),

  ...of(
    'attach-trampoline',
    // libbpf has these words for fentry, fexit, fmod_ret and LSM (bpf_program__attach_btf_id), and for kprobe.multi.
    /prog '(?<name>[^']{1,100})': failed to attach: (?<error>.*)/,
    /bpf_attach_raw_tracepoint \((?:kfunc|lsm)\): (?<error>.*)/,
    /(?:create tracing link|create raw tracepoint)(?: with cookie)?: (?<error>.*)/,
    /[Ee]rror attaching probe: '?(?:kfunc|kretfunc|fentry|fexit):(?<name>[\w:*]{1,200})'?(?<error>.*)/,
    /[Uu]nable to attach probe: (?:kfunc|kretfunc|fentry|fexit):(?<name>[\w:*]{1,200})(?<error>.*)/,
    /Failed to attach (?:BPF to (?:entry|exit|fmod_ret) kernel func|LSM)(?<error>.*)/,
  ),

  ...of(
    'attach-cgroup',
    /failed to attach to cgroup: (?<error>.*)/,
    /failed to attach \(legacy\) program \S{1,100} to cgroupv2 (?<name>[^\s)]{1,200})(?<error>.*)/,
    // bcc’s attach_func(): the numbers are enum bpf_attach_type, of which 0 to 3 and most others of that call are for cgroups
    /Failed to attach BPF function with attach_type \d+: (?<error>.*)/,
    /BPF_PROG_ATTACH \((?<name>BPF_CGROUP_\w{1,40})[^)]{0,60}\): (?<error>.*)/,
    /(?:at|de)tach(?:ing)?(?: [\w ]{1,40})? (?:to|from) cgroup(?: (?<name>\/\S{1,200}))?[^:]{0,80}: (?<error>.*)/i,
  ),

  ...of('attach-struct-ops', /[Ff]ailed to attach struct[_ ]ops?(?<error>.*)/, /attach StructOps: (?<error>.*)/),

  ...of(
    'tracefs',
    /create_probe_event: open\((?<name>[^)]{1,200})\): (?<error>.*)/,
    /failed to open (?<name>[ku]probe_events)(?: file)?: (?<error>.*)/,
    /open\((?<name>\/sys\/kernel\/(?:debug\/)?tracing\/[^)]{1,200})\): (?<error>.*)/,
    /failed to open '(?<name>\/sys\/kernel\/(?:debug\/)?tracing\/[^']{1,200})': (?<error>.*)/,
    // C++
    /filesystem error: .{1,80}: (?<error>[^[]{1,60}) \[(?<name>\/sys\/kernel\/(?:debug\/)?tracing[^\]]{0,200})\]/,
    /\[Errno (?<error>\d{1,3})\] [^:]{1,60}: '(?<name>\/sys\/kernel\/(?:debug|tracing)[^']{0,200})'/,
    /(?:open|stat|read|reading|access) (?<name>\/sys\/kernel\/(?:debug|tracing)[^:\s]{0,200}): (?<error>.*)/,
  ),

  ...of(
    'perf-buffer',
    /failed to (?:open|mmap) perf buffer(?: event)? on cpu #(?<name>\d+): (?<error>.*)/,
    /(?:unable|[Cc]ould not|[Cc]annot) (?:to )?mmap (?:the perf-buffer for cpu|memory for watcher #)(?<name>[^:]{0,60}): ?(?<error>.*)/,
    /(?:failed to|can't|cannot) create perf ring for CPU (?<name>\d+): (?<error>.*)/,
    // gobpf, elf/elf.go
    /(?:cannot )?create perfring map (?<error>.*)/,
    /perf_event_open(?:\(\))?`? failed(?: for)?(?<error>.*)/,
    /perf_event_open for \S{1,20} \d{1,10} failed: (?<error>.*)/,
    /SyscallError \{ call: \\?"`?perf_event_open`?\\?",(?<error>.*)/,
    /calling perf_event_open\b.{0,60}?\((?<error>[^)]{1,60})\)/,
    /initiali[sz]e perf_event_open: (?<error>.*)/,
    /^perf_event_open: (?<error>.*)/,
  ),

  // The file system was asked, and not bpf(): what is said around it is about a pin that was not tried yet
  ...of(
    'bpffs',
    /failed to mkdir (?<name>\/sys\/fs\/bpf\S{0,200}): (?<error>.*)/,
    /\b(?:mkdir|chmod|chown|remove|unlink(?:at)?|rename|symlink|mkdirat) (?<name>(?:\/host)?\/sys\/fs\/bpf\S{0,200}?)(?: failed)?: (?<error>.*)/,
  ),

  // cilium/ebpf
  { operation: 'pin', pattern: /invalid BPF filesystem path:? (?<name>\/\S{1,200})/, errno: 'EINVAL' },
  { operation: 'pin', pattern: /(?<name>\/\S{1,200}) is not on a bpf filesystem/, errno: 'EINVAL' },
  ...of(
    'pin',
    /failed to pin map(?: '(?<name>[^']{1,200})')?: (?<error>.*)/,
    /failed to (?:auto-)?pin at '(?<name>[^']{1,200})': (?<error>.*)/,
    /pin (?:map|program|link|prog) (?:to|at) (?<name>\S{1,200}): (?<error>.*)/,
    /failed to pin map: (?<name>\S{1,200}), error: (?<error>.*)/,
    /failed to pin (?:program|link|all)[^:]{0,80}: (?<error>.*)/,
    /can't pin the object \((?<name>[^)]{1,200})\): (?<error>.*)/,
    /Could not pin (?:\S{1,40} )?map: (?<error>.*)/,
    /can't mount BPF file system (?:to pin the object|on given dir) [('](?<name>[^)']{1,200})[)']: (?<error>.*)/,
    /Couldn't pin (?:link|prog) FD at (?<name>\S{1,200}): (?<error>.*)/,
    /failed to statfs (?<name>\S{1,200}): (?<error>.*)/,
    /map `(?<name>[^`]{1,100})` requested pinning\. pinning failed(?<error>.*)/,
  ),

  { operation: 'pin', pattern: /can't pin BPF object: path '(?<name>[^']{1,200})' already exists/, errno: 'EEXIST' },
  {
    operation: 'pin',
    pattern: /(?:can't pin BPF object: |parent )dir '(?<name>[^']{1,200})' doesn't exist/,
    errno: 'ENOENT',
  },
  ...of('pin', /Error: failed to pin (?:program|link|all|map)s? ?(?<name>[^\s:]{0,200})$/),
  ...of(
    'pin-get',
    /couldn't retrieve pinned map '(?<name>[^']{1,200})': (?<error>.*)/i,
    /load pinned (?:map|link|program)[^:]{0,100}: (?<error>.*)/,
    /[Uu]nable to (?:open|get object|load map at) (?<name>(?:\/proc\/\w{1,10}\/root)?\/sys\/fs\/bpf\S{0,200}?) ?: (?<error>.*)/,
    /bpf obj get \((?<name>[^)]{1,200})\): (?<error>.*)/,
    /\bget object (?<name>\/[^\s:]{1,200}): (?<error>.*)/,
  ),

  // libbpf, libscap, bcc
  ...of(
    'map-update',
    /\be?bpf_map_update_elem\(\) failed: (?<error>.*)/,
    /\bupdate(?: failed)?: (?<error>argument list too long|invalid argument|operation not permitted|cannot allocate memory)/,
    /(?:failure populating program array|^Exception: Could not update table|Map update failed): (?<error>.*)/,
  ),

  ...anybodys('map-update', /(?:Could not update table|update failed): (?<error>.*)/),

  { operation: 'program-load', pattern: /Log buffer too small to dump verifier log/, errno: 'ENOSPC' },
  ...of(
    'program-load',
    // libbpf
    /prog '(?<name>[^']{1,100})': BPF program load failed: (?<error>.*)/,
    /load bpf program failed: (?<error>.*)/,
    // Android's bpfloader
    /bpf_prog_load lib call for (?<name>\S{1,200}) .{0,100}returned fd: -?\d+ \((?<error>[^)]{1,60})\)/,
    /prog '(?<name>[^']{1,100})': failed to load: (?<error>.*)/,
    // cilium/ebpf
    /program "?(?<name>\w{1,100})"?: load program(?: without BTF)?: (?<error>.*)/,
    /(?<!ailed to )load program(?: without BTF)?: (?<error>.*)/,
    // bcc; 'Program  too large' is all that it makes of E2BIG
    /bpf: (?<error>Argument list too long)\. Program/,
    /bpf: Failed to load program: (?<error>.*)/,
    /^bpf: (?<error>(?:Function not implemented|Permission denied|Operation not permitted|Invalid argument|Argument list too long|Cannot allocate memory))$/,
    /Failed to load BPF program (?:b?'(?<name>\w{1,100})'|\w{1,100}): (?<error>.*)/,
    // aya
    /the (?:BPF_PROG_LOAD|`?bpf_prog_load`?) syscall (?:returned|failed)(?<error>.{0,80})/,
    /\bLoadError \{ io_error: (?<error>.{0,120})/,
    // bpftrace, iproute2, libscap, libbpf-rs
    /Error loading BPF program(?: for|:) ?(?<name>[\w:]{1,100}?)(?:\.|,|$)(?<error>.{0,120})/,
    /Prog section '(?<name>[^']{1,100})' rejected: (?<error>.*)/,
    /error while loading "?(?<name>[\w/.-]{1,200})"? \((?<error>[^)]{1,100})\)/,
    /failed to load BPF object \((?<error>[^)]{1,120})\)/,
    /bpf_load_program\(\)(?: event=(?<name>\S{1,200}?))?:?[ :](?<error>.*)/,
    // liblxc
    /(?<error>Operation not permitted|Permission denied|Invalid argument) - Failed to load bpf program/,
    /[Ff]ailed to load program (?<name>\w{1,100}): (?<error>.*)/,
    /[Ff]ailed to load (?:the |new |a )?(?:e?BPF |bpf[ _]|bf_)prog(?:ram)?\b(?! \(\S{1,200}\): stat )[^:]{0,60}: (?<error>.*)/,
    /[Ff]ailed to load BPF (?:program|object)(?! \(\S{1,200}\): stat )(?<error>.{0,200})/,
  ),

  ...anybodys(
    'program-load',
    /[Ff]ailed to load prog(?:ram)?: '?(?<error>[^']*)'?/,
    /[Ff]ailed to load (?:the |new |a )?prog(?:ram)?\b(?! \(\S{1,200}\): stat )[^:]{0,60}: (?<error>.*)/,
    /Error loading (?:BPF )?program(?: for|:) ?(?<name>[\w:]{1,100}?)(?:\.|,|$)(?<error>.{0,120})/,
  ),

  ...of(
    'attach',
    /failed to attach link: create link: (?<error>.*)/,
    // cilium/ebpf, link/perf_event.go
    /cannot create bpf perf link: (?<error>.*)/,
    /(?:create link|bpf_link_create`?|BPF_LINK_CREATE)(?: failed)?[:.]? ?(?<error>.*)/,
    /SyscallError \{ call: \\?"`?bpf_(?:link_create|prog_attach)`?\\?",(?<error>.*)/,
    /failed to attach to (?<name>\w{1,60}): (?<error>.*)/,
    /failed to auto-attach(?: BPF skeleton)?(?: '[^']{1,100}')?: (?<error>.*)/,
    /[Ff]ailed to attach(?: [\w '-]{0,60}BPF programs?)(?<error>.*)/,
  ),

  ...of(
    'object-load',
    /failed to load BPF skeleton '(?<name>[^']{1,100})': (?<error>.*)/,
    /[Ff]ailed to load BPF [Oo]bject: (?<error>.*)/,
    /bpf_object__load(?:_skeleton)?\b.{0,40}?(?:failed|:)(?<error>.*)/,
  ),
];

/** Whatever it was: that BPF was not permitted is enough to say what may be missing. */
export const notPermitted: Wording = {
  operation: 'anything',
  pattern: /^(?=.{0,500}(?:bpf|BPF|xdp|XDP|kprobe))(?<error>.{0,500}(?:[Oo]peration not permitted|EPERM).{0,100})/,
};
