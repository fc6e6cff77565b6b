# Can this Linux do what the course needs? Run it with sudo. It changes nothing.
ask() {
	local what=$1
	shift
	if "$@" >/dev/null 2>&1; then echo "yes  $what"; else echo "NO   $what"; fi
}

here=$(uname -r)
at_least() { printf '%s\n' "$1" "$here" | sort --version-sort --check; }
config() { zcat -f /proc/config.gz /boot/config-$here /lib/modules/$here/config; }
option() { config 2>/dev/null | grep -q "^CONFIG_$1=[ym]"; }

ask 'Linux 5.15 or newer' at_least 5.15
ask 'its types (BTF)' test -e /sys/kernel/btf/vmlinux
for name in BPF_SYSCALL BPF_JIT BPF_EVENTS FTRACE_SYSCALLS KPROBES UPROBES \
	CGROUP_BPF NET_CLS_BPF BPF_LSM; do
	ask "CONFIG_$name" option $name
done
ask 'bpf among the security modules' grep -qw bpf /sys/kernel/security/lsm
ask 'cgroups, version 2' grep -q ' cgroup2 ' /proc/mounts
ask 'a trace to read' test -e /sys/kernel/tracing/trace_pipe

for tool in clang gcc bpftool bpftrace tcpdump; do
	ask $tool command -v $tool
done
ask 'headers of libbpf' test -e /usr/include/bpf/bpf_helpers.h
ask 'BCC for Python' python3 -c 'import bcc'
ask 'headers of this kernel' test -e /lib/modules/$here/build
