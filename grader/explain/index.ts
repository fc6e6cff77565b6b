/** What compilers, libbpf and the verifier say, in words that a learner understands. Runs in browsers too. */
export { explainClang } from './clang.ts';
export { explainLoad } from './load.ts';
export { type Explained, explainText } from './text.ts';
