/** A result's message is shown like the explanation of a log: this is what the two have not in common. */
export const plainDocument = {
  format: 'hookpoint-explanation',
  version: 1,
  exitCode: 0,
  tool: null,
  recognised: true,
  rule: null,
  more: 0,
} as const;
