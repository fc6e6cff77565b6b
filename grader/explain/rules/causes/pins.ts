/** Why something is not pinned, or not found where it was: kernel/bpf/inode.c. */
import type { Cause } from '../../rule.ts';

export const pinCauses: readonly Cause[] = [
  // sysfs has no mkdir; the kernel makes the mount point itself, bpf_init() in kernel/bpf/inode.c
  {
    id: 'bpffs-missing',
    of: ['pin'],
    errno: ['EPERM', 'ENOENT'],
    said: /mkdir \/sys\/fs\/bpf\/?(?: failed)?:/,
    text: 'There is no folder /sys/fs/bpf, and nobody can make one there ($2).',
    why: 'The kernel makes it, if it was built with CONFIG_BPF_SYSCALL; folders of sysfs cannot be made by hand. So this kernel has no BPF file system, or sysfs is not mounted in this container as it is on the host.',
    help: 'On the host: ls -d /sys/fs/bpf; grep bpf /proc/filesystems; uname -r; zgrep BPF_SYSCALL /proc/config.gz. If it is there, mount it into the container: -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  // bpf_lookup(): names with a dot are kept for later, and refused with EPERM.
  {
    id: 'pin-eperm',
    of: ['pin'],
    errno: ['EPERM', 'EACCES'],
    text: 'It cannot be pinned at $1 ($2).',
    why: 'Either the folder is not in a BPF file system, or the name has a dot in it, which the kernel forbids (maps of data sections: prog.rodata, .bss), or the process is not root.',
    help: 'mount | grep bpf; sudo mount -t bpf bpf /sys/fs/bpf. Pin maps by names without dots, and leave out those of data sections (bpf_map__is_internal()). Then sudo.',
    lesson: 'maps/pinning',
  },
  {
    id: 'pin-enoent',
    of: ['pin'],
    errno: ['ENOENT', 'EINVAL', 'EOPNOTSUPP', 'EIO'],
    text: 'There is no place to pin it at $1: the folder is missing, or not in a BPF file system ($2).',
    why: 'Objects can be pinned only in a file system of type bpf, mostly at /sys/fs/bpf, and folders in it are not made by themselves. A container sees it only if it is mounted into it.',
    help: 'mount | grep bpf; sudo mount -t bpf bpf /sys/fs/bpf; sudo mkdir -p the folder. In a container: -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'pin-eexist',
    of: ['pin'],
    errno: ['EEXIST', 'EBUSY'],
    text: 'Something is pinned at $1 already ($2).',
    why: 'A pin is never overwritten; an earlier run left it there.',
    help: 'Look at it: bpftool map show pinned $1 (or prog). Then use it, or remove it: sudo rm $1.',
    lesson: 'maps/pinning',
  },
  // bpf_perf_link_open(): before 5.15 a kprobe or tracepoint is a perf event, which cannot be pinned
  {
    id: 'pin-unsaid',
    of: ['pin'],
    errno: [null],
    text: 'It could not be pinned ($1), and the tool does not say why.',
    why: 'Mostly something is pinned there already, the folder is not in a BPF file system, or the name has a dot in it. With autoattach on a kernel before 5.15, a kprobe or tracepoint has no link that could be pinned.',
    help: 'sudo ls /sys/fs/bpf; mount | grep bpf; uname -r. With bpftool -d it prints what libbpf says of it.',
    lesson: 'maps/pinning',
  },
  // bpf_inode_type() takes what is no map, program or link of a BPF file system for EACCES
  {
    id: 'pin-get-file',
    of: ['pin-get'],
    errno: ['EACCES'],
    said: /(?:get object|obj get \(|pinned map ')(?: ?)(?!\S{0,40}\/sys\/fs\/bpf)\//,
    text: '$1 is not something that is pinned (EACCES): it is a plain file, or in a folder outside of any BPF file system.',
    why: 'Maps and programs are pinned in a file system of type bpf, mostly below /sys/fs/bpf; an object file (ELF) is not one of them. For what is pinned there, EACCES is a matter of rights.',
    help: 'ls -l $1; stat -f -c %T $1 must say bpf_fs; mount | grep bpf. Load the object first and pin the map: bpftool prog load FILE.o /sys/fs/bpf/x pinmaps /sys/fs/bpf/maps, then name /sys/fs/bpf/maps/NAME. As a user: sudo.',
    lesson: 'maps/pinning',
  },
  {
    id: 'pin-get',
    of: ['pin-get'],
    errno: ['ENOENT', 'EPERM', 'EACCES', null],
    text: 'What should be pinned at $1 cannot be opened ($2).',
    why: 'Nothing is pinned there: the program that makes it does not run or uses another path, /sys/fs/bpf is not mounted in this mount namespace or container, or it needs root. Some tools only look whether it is there, and go on without it.',
    help: 'sudo ls -R /sys/fs/bpf; mount | grep bpf; in a container -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'kernel-btf-missing',
    of: ['kernel-btf'],
    errno: ['ENOENT', 'ESRCH'],
    text: 'This kernel has no BTF that can be read, at /sys/kernel/btf/vmlinux ($2).',
    why: 'CO-RE, fentry and vmlinux.h take the types of the running kernel from there.',
    help: 'ls -l /sys/kernel/btf/vmlinux. If it is missing: a kernel with CONFIG_DEBUG_INFO_BTF=y, or a BTF file for it from BTFHub. If it is there, libbpf (or bpftool) is too old to read it: update it.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kernel-btf-unreadable',
    of: ['kernel-btf'],
    text: 'The kernel has BTF, but this tool cannot read it ($2): the tool, or its libbpf, is too old.',
    why: 'Newer kernels write kinds of types that older tools do not know, such as 64-bit enums (BTF_KIND 19, libbpf 1.0, bpftool 7).',
    help: 'Update it: bpftool version; pkg-config --modversion libbpf; on Ubuntu linux-tools-$(uname -r). A statically linked program must be built again.',
    lesson: 'vm/btf-and-core',
  },
];
