/** Words that are mistaken for one another: each is a mutant of each of the others in its family. Data; nothing else is here. */

const families = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));

/** Constants and functions of BPF programs. */
export const bpfWords = families(`
  XDP_DROP XDP_PASS XDP_TX XDP_ABORTED
  TC_ACT_OK TC_ACT_SHOT TC_ACT_UNSPEC TC_ACT_PIPE
  BPF_ANY BPF_NOEXIST BPF_EXIST
  BPF_MAP_TYPE_HASH BPF_MAP_TYPE_LRU_HASH BPF_MAP_TYPE_PERCPU_HASH BPF_MAP_TYPE_ARRAY
  BPF_MAP_TYPE_ARRAY BPF_MAP_TYPE_PERCPU_ARRAY BPF_MAP_TYPE_HASH
  BPF_MAP_TYPE_PERCPU_ARRAY BPF_MAP_TYPE_PERCPU_HASH
  BPF_RB_NO_WAKEUP BPF_RB_FORCE_WAKEUP
  IPPROTO_TCP IPPROTO_UDP IPPROTO_ICMP IPPROTO_UDPLITE
  EPERM EACCES ENOENT
  AF_PACKET AF_INET AF_UNIX AF_NETLINK
  SECCOMP_RET_ALLOW SECCOMP_RET_ERRNO SECCOMP_RET_KILL_PROCESS SECCOMP_RET_KILL_THREAD SECCOMP_RET_LOG
  BPF_JEQ BPF_JGE BPF_JGT BPF_JSET
  BPF_W BPF_H BPF_B
  AUDIT_ARCH_X86_64 AUDIT_ARCH_I386
  SIGINT SIGTERM
  bpf_get_current_pid_tgid bpf_get_current_uid_gid
  bpf_get_current_cgroup_id bpf_get_current_pid_tgid
  bpf_ringbuf_submit bpf_ringbuf_discard
  __sync_fetch_and_add __sync_fetch_and_sub
  increment delete
  BPF_HASH BPF_PERCPU_HASH
  BPF_F_USER_STACK BPF_F_REUSE_STACKID
`);

/** Members of structs that lie close to one another, or sound alike. */
export const memberWords = families(`
  source dest
  sport dport
  saddr daddr
  protocol ttl tos
  nexthdr hop_limit
  h_vlan_encapsulated_proto h_vlan_TCI
  pid tgid
  uid gid
  sender target signal
  inode device cgroup
  i_ino i_generation
`);

/** Parts of the names of events: in SEC("…"), in TRACEPOINT_PROBE and in bpftrace's probes. */
export const eventWords = families(`
  sys_enter sys_exit
  execve execveat
  kill tkill tgkill
  getsid getpgid
  getpid getppid gettid
  exit_read exit_pread64 exit_readv
  sched_process_fork sched_process_exec sched_process_exit
  vfs_read vfs_write
  kretprobe kprobe
  uretprobe uprobe
  tcp_retransmit_skb tcp_retransmit_synack
  file_open file_permission
`);

export const bpftraceWords = families(`
  count sum
  lhist hist
  pid tid uid cpu
  dport sport
  print printf
`);

export const tcpdumpWords = families(`
  and or
  src dst
  tcp udp ip
  ip ip6 arp
  tcp-syn tcp-ack tcp-rst tcp-fin
  port portrange
  == != > <
`);

export const tcWords = families(`
  ingress egress
  clsact ingress
  add change
  bpf matchall
  tc xdp
`);

/** What a word can become. */
export function othersThan(word: string, table: readonly (readonly string[])[]): string[] {
  return [...new Set(table.filter((family) => family.includes(word)).flat())].filter((other) => other !== word);
}
