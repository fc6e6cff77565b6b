/** Linux's error numbers as tools write them: '-EPERM', '(-1)', 'os error 1', 'Operation not permitted'. The host may number them otherwise. */

interface Errno {
  number: number;
  name: string;
  /** What strerror(3) says in the C locale; Go writes the same in lower case. */
  text: string;
}

const table: readonly Errno[] = [
  { number: 1, name: 'EPERM', text: 'Operation not permitted' },
  { number: 2, name: 'ENOENT', text: 'No such file or directory' },
  { number: 3, name: 'ESRCH', text: 'No such process' },
  { number: 4, name: 'EINTR', text: 'Interrupted system call' },
  { number: 5, name: 'EIO', text: 'Input/output error' },
  { number: 6, name: 'ENXIO', text: 'No such device or address' },
  { number: 7, name: 'E2BIG', text: 'Argument list too long' },
  { number: 9, name: 'EBADF', text: 'Bad file descriptor' },
  { number: 11, name: 'EAGAIN', text: 'Resource temporarily unavailable' },
  { number: 12, name: 'ENOMEM', text: 'Cannot allocate memory' },
  { number: 13, name: 'EACCES', text: 'Permission denied' },
  { number: 14, name: 'EFAULT', text: 'Bad address' },
  { number: 16, name: 'EBUSY', text: 'Device or resource busy' },
  { number: 17, name: 'EEXIST', text: 'File exists' },
  { number: 19, name: 'ENODEV', text: 'No such device' },
  { number: 22, name: 'EINVAL', text: 'Invalid argument' },
  { number: 24, name: 'EMFILE', text: 'Too many open files' },
  { number: 28, name: 'ENOSPC', text: 'No space left on device' },
  { number: 34, name: 'ERANGE', text: 'Numerical result out of range' },
  { number: 38, name: 'ENOSYS', text: 'Function not implemented' },
  // What no cause is written for: the name alone keeps it from being taken for no error at all.
  { number: 8, name: 'ENOEXEC', text: 'Exec format error' },
  { number: 10, name: 'ECHILD', text: 'No child processes' },
  { number: 18, name: 'EXDEV', text: 'Invalid cross-device link' },
  { number: 20, name: 'ENOTDIR', text: 'Not a directory' },
  { number: 21, name: 'EISDIR', text: 'Is a directory' },
  { number: 23, name: 'ENFILE', text: 'Too many open files in system' },
  { number: 25, name: 'ENOTTY', text: 'Inappropriate ioctl for device' },
  { number: 26, name: 'ETXTBSY', text: 'Text file busy' },
  { number: 27, name: 'EFBIG', text: 'File too large' },
  { number: 29, name: 'ESPIPE', text: 'Illegal seek' },
  { number: 30, name: 'EROFS', text: 'Read-only file system' },
  { number: 32, name: 'EPIPE', text: 'Broken pipe' },
  { number: 35, name: 'EDEADLK', text: 'Resource deadlock avoided' },
  { number: 36, name: 'ENAMETOOLONG', text: 'File name too long' },
  { number: 39, name: 'ENOTEMPTY', text: 'Directory not empty' },
  { number: 40, name: 'ELOOP', text: 'Too many levels of symbolic links' },
  { number: 61, name: 'ENODATA', text: 'No data available' },
  { number: 62, name: 'ETIME', text: 'Timer expired' },
  { number: 71, name: 'EPROTO', text: 'Protocol error' },
  { number: 74, name: 'EBADMSG', text: 'Bad message' },
  { number: 88, name: 'ENOTSOCK', text: 'Socket operation on non-socket' },
  { number: 90, name: 'EMSGSIZE', text: 'Message too long' },
  { number: 92, name: 'ENOPROTOOPT', text: 'Protocol not available' },
  { number: 98, name: 'EADDRINUSE', text: 'Address already in use' },
  { number: 99, name: 'EADDRNOTAVAIL', text: 'Cannot assign requested address' },
  { number: 100, name: 'ENETDOWN', text: 'Network is down' },
  { number: 105, name: 'ENOBUFS', text: 'No buffer space available' },
  { number: 106, name: 'EISCONN', text: 'Transport endpoint is already connected' },
  { number: 110, name: 'ETIMEDOUT', text: 'Connection timed out' },
  { number: 111, name: 'ECONNREFUSED', text: 'Connection refused' },
  { number: 116, name: 'ESTALE', text: 'Stale file handle' },
  { number: 75, name: 'EOVERFLOW', text: 'Value too large for defined data type' },
  { number: 97, name: 'EAFNOSUPPORT', text: 'Address family not supported by protocol' },
  { number: 84, name: 'EILSEQ', text: 'Invalid or incomplete multibyte or wide character' },
  { number: 93, name: 'EPROTONOSUPPORT', text: 'Protocol not supported' },
  { number: 95, name: 'EOPNOTSUPP', text: 'Operation not supported' },
  // The kernel's own, which it should not let out; strerror(3) has no words for it: 'ERROR: strerror_r(-524)=22'.
  { number: 524, name: 'ENOTSUPP', text: 'Unknown error 524' },
];

/** What other wordings there are: glibc's of old, musl's, Go's own for what it maps to its os package. */
const otherTexts: readonly [text: string, name: string][] = [
  ['file exists', 'EEXIST'],
  ['file already exists', 'EEXIST'],
  ['file does not exist', 'ENOENT'],
  ['out of memory', 'ENOMEM'],
  ['resource busy', 'EBUSY'],
  ['argument list too long', 'E2BIG'],
  ['operation not supported on transport endpoint', 'EOPNOTSUPP'],
  ['result not representable', 'ERANGE'],
  // strerror(3) in the languages that reports are mostly in
  ['不允许的操作', 'EPERM'],
  ['权限不够', 'EACCES'],
  ['没有那个文件或目录', 'ENOENT'],
  ['无效的参数', 'EINVAL'],
  ['设备或资源忙', 'EBUSY'],
  ['参数列表过长', 'E2BIG'],
  ['无法分配内存', 'ENOMEM'],
  ['不支持的操作', 'EOPNOTSUPP'],
  ['die operation ist nicht erlaubt', 'EPERM'],
  ['keine berechtigung', 'EACCES'],
  ['datei oder verzeichnis nicht gefunden', 'ENOENT'],
  ['das argument ist ungültig', 'EINVAL'],
  // Of cilium/ebpf, which tried before it says so. Last, for others end in it.
  ['not supported', 'EOPNOTSUPP'],
];

const texts: readonly [text: string, name: string][] = [
  ...table.map(({ text, name }): [string, string] => [text.toLowerCase(), name]),
  ...otherTexts,
];
const byNumber = new Map(table.map(({ number, name }) => [number, name]));
const names = new Set(table.map(({ name }) => name));

/** With or without its minus sign. */
export function errorName(errno: number): string {
  return byNumber.get(Math.abs(errno)) ?? `error ${Math.abs(errno)}`;
}

/** Null if `name` is none that we know. */
export function errorNumber(name: string): number | null {
  return table.find((one) => one.name === name)?.number ?? null;
}

/** What `name` means in a few words, or an empty text. */
export function errorText(name: string): string {
  return table.find((one) => one.name === name)?.text ?? '';
}

/**
 * The first error in what a tool wrote, by name; null if there is none. A name or a number decides before words do, for a sentence may
 * end in the words of something else.
 */
export function errorIn(text: string): string | null {
  const named = /(?:^|[^A-Za-z0-9_])-?(E[A-Z0-9]{3,10})\b/.exec(text)?.[1];
  if (named === 'ENOTSUP') return 'EOPNOTSUPP';
  if (named && names.has(named)) return named;
  const numbered =
    /str\w{1,8}_r\(-?(\d{1,4})\)|os error (\d{1,4})\b|[Uu]nknown error -?(\d{1,4})\b|\b[Ee]rr(?:no)?[:= ]{1,3}-?(\d{1,4})\b|\bcode: (\d{1,4}), kind|-1 \[(\d{1,3})\]|\(-?(\d{1,4})\)[.!]?\s*$|(?:^|[:=] ?|code )-(\d{1,4})\b|^\s*(\d{1,4})\s*$/.exec(
      text,
    );
  const number = numbered?.slice(1).find((group) => group !== undefined);
  // '-1' is mostly no error number but just ‘failed’: words beside it say more.
  const weak = number === '1' && /(?:^|[:=] ?|code )-1\b/.test(text);
  if (number !== undefined && !weak && byNumber.has(Number(number))) return byNumber.get(Number(number))!;
  const lower = text.toLowerCase();
  let first: { at: number; name: string } | null = null;
  for (const [words, name] of texts) {
    const at = lower.indexOf(words);
    if (at >= 0 && (first === null || at < first.at)) first = { at, name };
  }
  return first?.name ?? (weak ? 'EPERM' : null);
}
