/** bpftrace, for Shiki. */
export const bpftrace = {
  name: 'bpftrace',
  aliases: ['bt'],
  scopeName: 'source.bpftrace',
  patterns: [
    { name: 'comment.line', match: '//.*$' },
    { name: 'comment.line', match: '^#!.*$' },
    { name: 'comment.block', begin: '/\\*', end: '\\*/' },
    {
      name: 'string.quoted.double',
      begin: '"',
      end: '"',
      patterns: [
        { name: 'constant.character.escape', match: '\\\\.' },
        { name: 'constant.other.placeholder', match: '%[-+0-9.]*[a-zA-Z]+' },
      ],
    },
    { match: '\\b(BEGIN|END|begin|end)\\b', name: 'keyword.control' },
    {
      match:
        '\\b(kprobe|kretprobe|k|kr|uprobe|uretprobe|u|ur|tracepoint|t|rawtracepoint|rt|usdt|U|fentry|fexit|f|fr|software|s|hardware|h|profile|p|interval|i|iter|it|watchpoint|w|self)(:)([^\\s/{,]+)',
      captures: { 1: { name: 'keyword.control' }, 3: { name: 'entity.name.function' } },
    },
    { match: '@[A-Za-z_]\\w*|@', name: 'variable.other' },
    { match: '\\$[A-Za-z_]\\w*', name: 'variable.parameter' },
    { match: '\\b(if|else|while|for|unroll|return|break|continue|let|import|config)\\b', name: 'keyword.control' },
    {
      match:
        '\\b(pid|tid|uid|gid|nsecs|elapsed|numaid|cpu|comm|kstack|ustack|arg\\d|sarg\\d|args|retval|func|probe|curtask|rand|cgroup|cpid|ctx|username)\\b',
      name: 'variable.language',
    },
    { match: '\\b([a-z_][a-z0-9_]*)(?=\\()', name: 'support.function' },
    { match: '\\b(struct|union|enum|u?int(8|16|32|64)|string)\\b', name: 'storage.type' },
    { match: '\\b(0x[0-9a-fA-F]+|\\d[\\d_]*(e\\d+)?(ns|us|ms|s|m|h|d|hz)?)\\b', name: 'constant.numeric' },
    { match: '==|!=|<=|>=|&&|\\|\\||<<|>>|\\+\\+|--|[-+*/%=<>!&|^~?]', name: 'keyword.operator' },
  ],
};
