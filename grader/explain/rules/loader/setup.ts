/** What a tool says of the machine itself: rights, limits, mounts, other tools. */
import type { Rule } from '../../rule.ts';

export const setupRules: readonly Rule[] = [
  {
    id: 'selinux',
    pattern:
      /avc: {1,4}denied {1,4}\{ ([a-z_ ]{1,60}) \}.{0,300}(?:tclass=(?:bpf|perf_event)|dev="?bpf\b|tracefs|debugfs).{0,100}permissive=1/,
    text: 'SELinux’s policy does not allow it ($1). Here it is only written down (permissive=1), so it is not what stops the program now; in enforcing mode it would.',
    why: 'The policy does not let this domain (scontext=) use bpf(), perf events or their files.',
    help: 'getenforce. Before enforcing: a policy module (audit2allow), or another domain; in a container --security-opt label=disable.',
    lesson: 'security/hardening',
  },
  {
    id: 'selinux',
    pattern:
      /avc: {1,4}denied {1,4}\{ ([a-z_ ]{1,60}) \}.{0,300}(?:tclass=(?:bpf|perf_event)|dev="?bpf\b|tracefs|debugfs)/,
    text: 'SELinux denies it ($1), to root too.',
    why: 'Its policy does not let this domain (scontext=) load programs, use maps, or open what is pinned.',
    help: 'getenforce; ausearch -m avc -ts recent. To find out: setenforce 0 for a moment. Then a policy module (audit2allow), or run it in an unconfined domain; in a container --security-opt label=disable.',
    lesson: 'security/hardening',
  },
  // CAP_BPF and CAP_PERFMON came with Linux 5.8, CAP_CHECKPOINT_RESTORE with 5.9
  {
    id: 'capability-unknown',
    pattern:
      /(?:unknown|invalid) capability:? \\?"?(CAP_(?:BPF|PERFMON|CHECKPOINT_RESTORE))|(?:cap_from_name|capability) "?(cap_(?:bpf|perfmon))"?.{0,20}(?:unknown|invalid|not supported)/i,
    text: 'This kernel, or the container runtime on it, does not know the capability $1$2.',
    why: 'It exists from Linux 5.8 on (CAP_CHECKPOINT_RESTORE from 5.9); runtimes and libcap from before it refuse its name, too.',
    help: 'uname -r; runc --version, crio --version. On an older kernel give the container SYS_ADMIN (or privileged: true) in its place, and take $1$2 out of the list.',
    lesson: 'security/hardening',
  },
  // bcc says it of every EPERM of bpf()
  // libpcap on macOS and the BSDs
  {
    id: 'bsd-device',
    pattern:
      /(?:\(cannot open BPF device\) |capture on that device: ?)?(\/dev\/bpf\d{0,3}): (?:Permission denied|Device busy|Resource busy|No such file or directory|Operation not permitted)/,
    text: '$1 is the packet capture device of macOS and the BSDs. It has the old BPF, the filter language of tcpdump, and is not the eBPF of Linux.',
    why: 'Only root may open it, or a group that the system has for it; each program that captures takes one of them.',
    help: 'sudo; on macOS Wireshark’s ChmodBPF gives your user the right: ls -l /dev/bpf*. For eBPF you need Linux, on a Mac in a VM.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'root-needed',
    pattern: /Need super-user privileges to run/,
    text: 'The kernel did not let this process load the program (EPERM): it is not root, or it is root in a container without the capabilities.',
    why: 'bcc words every EPERM so. Loading needs CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8); docker’s default seccomp profile forbids bpf() as well.',
    help: 'Run it with sudo; docker run --privileged, with -v /sys/kernel/debug:/sys/kernel/debug -v /lib/modules:/lib/modules:ro for bcc. Compare: id -u, capsh --print, cat /sys/kernel/security/lockdown.',
    lesson: 'security/hardening',
  },
  {
    id: 'root-needed',
    pattern:
      /(?:bpftrace )?(?:currently )?only supports running as the root user|(?:this |the )?(?:program |tool |script |command )?must be run (?:as|by) (?:the )?root|(?:full feature probing )?(?:requires|needs) root privileges|missing CAP_\w+.{0,200}required for full feature probing|you (?:need to|must) be root/i,
    // Many tools say so.
    also: [
      '[Bb]pf|BPF|xdp|XDP|[ku](?:ret)?probe|[Tt]race|BTF|bcc|^(?!.*(?:tables|nft|wg|docker|mount|dnf|apt)).{0,100}$',
    ],
    text: 'The tool must run as root.',
    why: 'It checks that before it asks the kernel anything.',
    help: 'Run it with sudo; in a container as root, with --privileged.',
    lesson: 'security/hardening',
  },
  {
    id: 'bpf-lsm-missing',
    pattern:
      /BPF LSM (?:hook )?(?:is )?not (?:enabled|detected|supported|available)|LSM (?:BPF )?(?:programs )?(?:are |is )?not (?:enabled|supported) (?:in|by) (?:this|the) kernel|[Kk]ernel (?:does not |doesn't )?support (?:the )?(?:[Bb][Pp][Ff] )?LSM|Unable to load .{0,30}LSM BPF program|failed to find kernel BTF type ID of 'bpf_lsm_\w+'|attach LSM\/\w{1,40}: [\w.]{1,120} LSM hook not supported/,
    text: 'BPF programs cannot hang at LSM hooks here: the BPF LSM is not active.',
    why: 'The kernel must be built with CONFIG_BPF_LSM, and bpf must be in the list of LSMs that it starts with (most distributions leave it out). Rarely it is there, and the tool’s own check fails.',
    help: 'cat /sys/kernel/security/lsm must have bpf. If not: add it to the kernel’s command line, lsm=…,bpf (all that are listed now, with ,bpf behind), run update-grub, reboot. zgrep BPF_LSM /proc/config.gz. If it is listed, update the tool.',
    lesson: 'security/lsm',
  },
  {
    id: 'tracefs-missing',
    pattern: /neither debugfs nor tracefs (?:are|is) mounted|tracefs not mounted\?|debugfs(?: is)? not mounted/,
    text: 'tracefs (debugfs) is not mounted here.',
    why: 'kprobes and tracepoints are set up through its files, which a container or a trimmed system does not have.',
    help: 'mount -t tracefs none /sys/kernel/tracing, or mount -t debugfs none /sys/kernel/debug; in a container: -v /sys/kernel/debug:/sys/kernel/debug --privileged.',
    lesson: 'programs/tracepoints',
  },
  {
    id: 'bpftool-missing',
    pattern:
      /WARNING: bpftool not found for kernel (\S+)|bpftool: (?:command )?not found|exec: "?bpftool"?: executable file not found/,
    text: 'bpftool is not installed for this kernel ($1).',
    why: 'On Ubuntu, /usr/sbin/bpftool only calls the one that belongs to the running kernel.',
    help: 'sudo apt install linux-tools-$(uname -r) linux-tools-common; elsewhere: apt install bpftool, dnf install bpftool. Or a release of github.com/libbpf/bpftool.',
    lesson: 'setup/reference-environment',
  },
  // kallsyms_show_value()
  {
    id: 'kallsyms-hidden',
    pattern:
      /unable to read kallsyms addresses|(?:ksyms\.)?KernelSymbols: no symbols found|(?:all|no) (?:kernel )?symbol addresses (?:are )?(?:zero|0)|kallsyms? (?:addresses )?(?:is |are )?(?:restricted|hidden)/,
    text: 'This process cannot see the addresses of the kernel’s symbols.',
    why: '/proc/kallsyms shows zeros where kernel.kptr_restrict is 2, to root too; where it is 1, to a process without CAP_SYSLOG (and in a container of another user namespace).',
    help: 'sysctl kernel.kptr_restrict; sudo head -3 /proc/kallsyms. sudo sysctl kernel.kptr_restrict=1, and give the process CAP_SYSLOG; run it outside of the container.',
    lesson: 'security/hardening',
  },
  {
    id: 'perf-buffer-eperm',
    pattern: /Access to performance monitoring and observability operations is limited|No access to perf events/,
    text: 'The process may not open perf events.',
    why: 'That takes CAP_PERFMON; kernel.perf_event_paranoid, and a container’s seccomp profile, forbid it to others.',
    help: 'sudo; in a container --privileged or the capability PERFMON (for docker’s seccomp profile also SYS_ADMIN in old releases). sysctl kernel.perf_event_paranoid; grep Seccomp /proc/self/status.',
    lesson: 'security/hardening',
  },
  // Its errno is not printed
  {
    id: 'perf-event-refused',
    passing: true,
    pattern: /(?:[Ff]ailed to|[Cc]annot|[Cc]ould not) (?:call )?perf_event_open(?:\(\))?\.?\s*$/,
    text: 'The kernel refuses perf_event_open(), and the tool does not say with which error.',
    why: 'Mostly kernel.perf_event_paranoid is too high for a user without CAP_PERFMON, or a container’s seccomp profile forbids the call; in a virtual machine there may be no hardware counters.',
    help: 'sysctl kernel.perf_event_paranoid (sudo sysctl kernel.perf_event_paranoid=1); sudo; perf stat true. strace -f -e trace=perf_event_open PROGRAM shows the error.',
    lesson: 'security/hardening',
  },
  // bcc's Python part and libbcc.so are two files of one release
  {
    id: 'bcc-mixed',
    pattern:
      /(?:AttributeError|ImportError|OSError): .{0,200}libbcc\.so\S{0,10}: undefined symbol: (\w{1,100})|undefined symbol: (bpf_module_\w{1,100}|bcc_\w{1,100})/,
    text: 'The Python part of bcc and its library libbcc.so are of two releases: one calls $1$2, the other does not have it.',
    why: 'Mostly both a package of the distribution and a build from source are installed.',
    help: 'Keep one of the two: sudo apt remove bpfcc-tools libbpfcc python3-bpfcc, then sudo make install in bcc’s build folder and sudo ldconfig; or remove what make install wrote. ldconfig -p | grep bcc; python3 -c "import bcc; print(bcc.__file__)".',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-python',
    pattern:
      /(?:ImportError|ModuleNotFoundError): (?:No module named '?bcc'?|cannot import name '?(BPF\w{0,40}|USDT|PerfType|lib)'?(?! from '(?!bcc)))/,
    text: 'This Python does not find bcc, or finds another one that has no $1.',
    why: 'bcc belongs to one Python, mostly the distribution’s python3: a virtual environment, conda or python2 do not see it. A name that is missing means that the bcc is older than the script, or that a file or folder called bcc comes first.',
    help: 'sudo /usr/bin/python3 SCRIPT; python3 -c "import bcc; print(bcc.__file__, bcc.__version__)". The package is python3-bpfcc on Debian and Ubuntu, python3-bcc on Fedora; it is not on PyPI.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'memlock',
    passing: true,
    pattern:
      /permission error while running as root; try raising 'ulimit -l'\? current value: (.*)|(?:couldn't|[Cc]annot|[Ff]ailed to) (?:set|bump|raise|increase) RLIMIT(?:_MEMLOCK)?\b(.*)|setrlimit\(RLIMIT_MEMLOCK.{0,60}\): (.*)|failed to set (?:temporary )?(?:memlock )?rlimit: (.*)|(?:[Ff]ailed to|[Cc]ouldn't|[Cc]annot) (?:set|raise|increase|bump) (?:the )?rlimit(?::? (.*))?$|(?:error )?setting (?:memlock )?rlimit: (.*)|\bmemlock rlimit: ([^"]*)|setrlimit(?:\(\))? failed with ((?:errno=1|error code)\b.{0,80})|prlimit64\(\d{1,9}, RLIMIT_MEMLOCK, .{1,120}\) = -1 (EPERM)|Unable to lock memory: (Operation not permitted)/,
    text: 'The process may not raise its limit of locked memory (RLIMIT_MEMLOCK), or the limit is too low: it is not root, or in a container ($1$2$3$4$5$6$7$8$9).',
    why: 'Before Linux 5.11 maps and programs count against it, for root too; 64 KiB, the default, is too little. To raise it takes CAP_SYS_RESOURCE, which containers and users lack. From 5.11 on it does not matter: then the process lacks CAP_BPF.',
    help: 'ulimit -l; uname -r. As root: ulimit -l unlimited, LimitMEMLOCK=infinity in a systemd unit, docker run --ulimit memlock=-1 --privileged; otherwise sudo. capsh --print shows what the process may.',
    lesson: 'security/hardening',
  },
];
