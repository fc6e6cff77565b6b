/** What the verifier says, for Shiki. */
export const verifier = {
  name: 'verifier',
  scopeName: 'text.verifier',
  patterns: [
    { name: 'comment.line', match: '^\\s*;.*$' },
    { name: 'markup.inserted', match: '^(processed \\d+ insns|verification time|stack depth).*$' },
    {
      name: 'invalid.illegal',
      match:
        '^(.*\\b(invalid|unbounded|not allowed|prohibited|expected|must be|cannot|can.t|unreachable|out of bounds|possibly NULL|misaligned|Unreleased|unknown func|too (many|large)|infinite loop|leads to|inside|requires|before)\\b.*)$',
    },
    {
      name: 'keyword.control',
      match: '^(from \\d+ to \\d+:|func#\\d+.*|\\d+: \\(95\\) exit|BPF program is too large.*)',
    },
    { name: 'constant.other', match: '^\\s*\\d+:' },
    { name: 'comment', match: '\\([0-9a-f]{2}\\)' },
    { name: 'variable.parameter', match: '\\b[Rr](10|[0-9])(_w|_rw|_r)?\\b|\\bfp-?\\d*\\b' },
    {
      name: 'storage.type',
      match:
        '\\b(map_value_or_null|map_value|map_ptr|ctx|pkt_end|pkt|pkt_meta|scalar|fp|inv|ringbuf_mem_or_null|ringbuf_mem|mem|sock|ptr_|trusted_ptr_)\\b',
    },
    { name: 'keyword.control', match: '\\b(if|goto|call|exit)\\b' },
    { name: 'constant.numeric', match: '[-+]?\\b(0x[0-9a-fA-F]+|\\d+)\\b' },
  ],
};
