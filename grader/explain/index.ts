/** What compilers, libbpf and the verifier say, in words that a learner understands. */
export { explainClang } from './clang.ts';
export { explainLoad } from './load.ts';
