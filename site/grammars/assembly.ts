/** Instructions of BPF as llvm-objdump, bpftool and the verifier write them, for Shiki. */
export const assembly = {
  name: 'bpfasm',
  scopeName: 'source.bpfasm',
  patterns: [
    { name: 'comment.line', match: '(;|//).*$' },
    { name: 'entity.name.function', match: '^\\s*[0-9a-f]{16} <[^>]+>:|<[\\w.+]+>:?' },
    { name: 'constant.other', match: '^\\s*\\d+:' },
    { name: 'comment', match: '\\(?\\b[0-9a-f]{2}\\b\\)?(?= [0-9a-f]{2}\\b)|\\([0-9a-f]{2}\\)' },
    { name: 'keyword.control', match: '\\b(if|goto|call|exit|lock|gotol|may_goto)\\b' },
    { name: 'variable.parameter', match: '\\b[rRw](10|[0-9])\\b' },
    { name: 'storage.type', match: '\\bs?u?(8|16|32|64)\\b|\\b(ll|be16|be32|be64|le16|le32|le64)\\b' },
    { name: 'constant.numeric', match: '[-+]?\\b(0x[0-9a-fA-F]+|\\d+)\\b' },
    { name: 'support.function', match: '\\b(bpf|unknown)_?\\w*#?\\d*\\b' },
    { name: 'keyword.operator', match: '<<=|s?>>=|[-+*/%&|^]?=|[<>!=]=|s[<>]=?|[<>&*+-]' },
  ],
};
