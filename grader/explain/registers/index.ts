/** The registers where the verifier stopped, in words: 'r0 may be NULL here: it is what bpf_map_lookup_elem returned (line 12) …' */
export { walk } from './walk.ts';
export { type Where, describeState } from './words.ts';
