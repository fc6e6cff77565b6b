/** The registers where the verifier stopped, in words: 'r0 may be NULL here: it is what bpf_map_lookup_elem returned (line 12) …' */
export { handsOver, movesPackets, walk } from './walk.ts';
export { nounFor } from './nouns.ts';
export { readValue } from './value.ts';
export { type Where, describeState, subjects } from './words.ts';
