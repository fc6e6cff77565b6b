/** What loaders say in words: libbpf, bpftool, cilium/ebpf, aya, bcc, bpftrace, iproute2 and libxdp. */
import type { Rule } from '../../rule.ts';
import { compilerRules } from '../clang-language.ts';
import { bpftoolRules } from './bpftool.ts';
import { bpftraceRules } from './bpftrace.ts';
import { btfRules } from './btf.ts';
import { buildRules } from './build.ts';
import { containerRules, containerWarnings } from './container.ts';
import { bccRules, bccWarnings, goBuildRules } from './go-build.ts';
import { furtherRules, unsaidRules } from './further.ts';
import { iprouteRules, iprouteWarnings } from './iproute.ts';
import { kernelLogRules, kernelLogWarnings } from './kernel-log.ts';
import { languagesRules, languagesWarnings } from './languages.ts';
import { libbpfCallRules } from './libbpf-calls.ts';
import { libbpfRules } from './libbpf.ts';
import { libraryRules, libraryWarnings } from './library.ts';
import { loadingRules, loadingWarnings } from './loading.ts';
import { netlinkRules, netlinkWarnings } from './netlink.ts';
import { networkRules, networkWarnings } from './network.ts';
import { objectRules } from './object.ts';
import { othersRules, othersWarnings } from './others.ts';
import { rustGoRules, rustGoWarnings } from './rust-go.ts';
import { runtimeRules, runtimeWarnings } from './runtime.ts';
import { setupRules } from './setup.ts';
import { tracersRules } from './tracers.ts';
import { tracingRules, tracingWarnings } from './tracing.ts';
import { valuesRules } from './values.ts';

export { machineRules } from './machine.ts';

/** Sentences that say more than an operation and its error. */
export const sentenceRules: readonly Rule[] = [
  ...setupRules,
  ...btfRules.filter(({ id }) => id !== 'libbpf-no-btf'),
  ...libbpfRules,
  ...libbpfCallRules,
  ...objectRules,
  ...bpftoolRules,
  ...buildRules,
  ...containerRules,
  ...runtimeRules,
  ...kernelLogRules,
  ...netlinkRules,
  ...networkRules,
  ...tracingRules,
  ...tracersRules,
  ...libraryRules,
  ...rustGoRules,
  ...othersRules,
  ...loadingRules,
  ...bpftraceRules,
  ...goBuildRules,
  ...bccRules,
  ...iprouteRules,
  ...valuesRules,
  ...compilerRules,
  ...languagesRules,
  ...furtherRules,
];

/** Where neither a sentence nor an operation explains it: what is mostly only a warning. */
export const warningRules: readonly Rule[] = [
  ...btfRules.filter(({ id }) => id === 'libbpf-no-btf'),
  ...tracingWarnings,
  ...networkWarnings,
  ...netlinkWarnings,
  ...containerWarnings,
  ...libraryWarnings,
  ...rustGoWarnings,
  ...othersWarnings,
  ...bccWarnings,
  ...iprouteWarnings,
  ...languagesWarnings,
  ...runtimeWarnings,
  ...loadingWarnings,
];

/** What is said only where no error is named anywhere. */
export const lastRules: readonly Rule[] = [...kernelLogWarnings, ...unsaidRules];
