/** Words of BPF in C, put into Shiki's grammar of C. */
export const bpfC = {
  name: 'bpf-c',
  scopeName: 'source.bpf-c.injection',
  injectTo: ['source.c'],
  injectionSelector: 'L:source.c -string -comment',
  patterns: [
    {
      match:
        '\\b(SEC|BPF_PROG|BPF_KPROBE|BPF_KRETPROBE|__uint|__type|__array|__always_inline|__noinline|BPF_CORE_READ)(?=\\()',
      name: 'keyword.control',
    },
    { match: '\\b__[us](8|16|32|64)\\b|\\b__be(16|32|64)\\b', name: 'storage.type' },
    { match: '\\b(XDP|TC_ACT|BPF|TCX|LIBBPF)_[A-Z0-9_]+\\b', name: 'constant.other' },
    { match: '\\bbpf_[a-z0-9_]+(?=\\()', name: 'support.function' },
  ],
};
