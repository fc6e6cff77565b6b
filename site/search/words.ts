/** What the search takes for words: of a text, and of a question. */
import { stemmer } from 'stemmer';

/** Words of a question that say nothing of what is looked for. */
const stopWords = new Set(
  `a about an and any are as at be between can could did difference do does doing for from get give gives has have how i if in instead into is it its
  me mean means my no not of on one or own should so some than that the their them then there these they this to use used using versus vs want was
  way we what when where which who why will with work works would you your`.split(/\s+/),
);

/** What people call things that the course calls otherwise: words that are looked for as well. */
const synonyms: Readonly<Record<string, string>> = {
  'apple silicon': 'arm processor mac machines',
  m1: 'arm processor mac machines',
  m2: 'arm processor mac machines',
  aarch64: 'arm processor',
  arm64: 'arm',
  mac: 'macos machines arm processor',
  windows: 'wsl',
  macos: 'mac machines',
  macbook: 'mac machines',
  osx: 'macos mac',
  wsl: 'windows',
  flamegraph: 'flame graph',
  'off cpu': 'offcputime',
  bcc: 'python',
  k8s: 'kubernetes',
  pod: 'kubernetes',
  dtrace: 'bpftrace',
  strace: 'system calls trace',
  syscall: 'system call',
  firewall: 'drop packets xdp',
  ddos: 'drop packets xdp',
  'load balancer': 'redirect xdp',
  sandbox: 'landlock seccomp',
  apparmor: 'lsm',
  selinux: 'lsm',
  rootkit: 'hardening',
  unprivileged: 'hardening capability',
  permission: 'capability hardening',
  'perf buffer': 'perf event array',
  queue: 'ring buffer',
  lru: 'hash lru',
  mutex: 'lock spin',
  spinlock: 'spin lock',
  race: 'atomic lock',
  'core re': 'co-re',
  core: 'co-re',
  vmlinux: 'btf',
  disassembly: 'instructions registers',
  bytecode: 'instructions',
  jit: 'compiler instructions',
  rejected: 'verifier log',
  null: 'pointer',
  offcpu: 'off cpu',
  'stack trace': 'call stack',
  backtrace: 'call stack stack trace',
  profiler: 'profiling',
  latency: 'histogram',
  install: 'machines setup',
  requirement: 'machines',
  docker: 'container',
  namespace: 'container namespaces',
  golang: 'go',
  scheduler: 'sched_ext struct_ops',
  teach: 'slides',
  unload: 'detach pin',
  persist: 'pin',
  benchmark: 'performance testing',
  'unit test': 'testing test_run',
};
/** Words of these, which are no typos even if the course never uses them. */
export const otherNames: ReadonlySet<string> = new Set(Object.keys(synonyms).flatMap((phrase) => phrase.split(' ')));
const longest = Math.max(...Object.keys(synonyms).map((phrase) => phrase.split(' ').length));

/** Of a text: lower case, as it is written. 'bpf_map_lookup_elem' is one word, and so are '5.10' and 'co-re'. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*/gu) ?? [];
}

/** What a word is found by: itself, its stem, and the parts of an identifier. */
export function formsOf(word: string): string[] {
  const parts = word.split(/[_.-]/).filter((part) => part.length > 1);
  const forms = parts.length > 1 ? [word, word.replaceAll(/[_.-]/g, ''), ...parts.map(stemOf)] : [stemOf(word)];
  return [...new Set(forms)];
}

/** Identifiers and numbers stay whole. */
export function stemOf(word: string): string {
  return /^[a-z]{4,}$/.test(word) ? stemmer(word) : word;
}

/** The words that a question is about; all of them, if there are no others. */
export function asked(question: string): string[] {
  const words = wordsOf(question);
  const telling = words.filter((word) => !stopWords.has(word));
  return telling.length > 0 ? telling : words;
}

/** What else they may be called here. */
export function alsoCalled(words: readonly string[]): string[] {
  const found: string[] = [];
  for (let length = 1; length <= longest; length += 1)
    for (let i = 0; i + length <= words.length; i += 1) {
      const phrase = words.slice(i, i + length).join(' ');
      const other = synonyms[phrase] ?? synonyms[phrase.replace(/s$/, '')];
      if (other !== undefined) found.push(...wordsOf(other));
    }
  return found.filter((word) => !words.includes(word));
}
