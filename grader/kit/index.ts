/**
 * The kit that exercises are written in: all that an exercise.ts or its workload imports, and nothing else.
 * `import { defineChecks, evidence } from '#kit';`
 *
 * Each room below is a folder of one concept. guest/ is plumbing: few exercises need what it exports.
 */
export type { Kit } from './kit.ts';
export type { Check } from '../course/exercise.ts';
export { LineTimeout, type Machine, type Running, type RunResult } from '../machine/machine.ts';

// checks/: checks that many exercises share, and what a check says with.
export { evidence } from './checks/evidence.ts';
export { count, expect, quote } from './checks/expect.ts';
export { CheckFailure, Unsupported } from '../verdict/failure.ts';
export { defineChecks, type Run, type Runs } from './checks/run.ts';
export { scriptAttaches, starts } from './checks/shared.ts';

// program/: BPF programs, and C programs of a learner's own.
export { compileC } from './program/c-program.ts';
export { buildTarget, type TargetProgram } from './program/target-program.ts';
export { compileGo } from './program/go-program.ts';
export type { Configuration } from './program/configuration.ts';
export type { Inventory } from './program/kernel-bpf.ts';
export type { Link } from './program/link.ts';
export type { LoadedProgram, RunInput } from './program/loaded-program.ts';
export type { Program } from './program/program.ts';
export type { Target } from './program/targets.ts';
export type { Variable } from './program/variable.ts';

// maps/: maps, and the bytes of their keys and values.
export { readU32, readU64, u32, u64 } from './maps/bytes.ts';
export type { BpfMap } from './maps/map.ts';
export type { Read, Shape, Written } from './maps/shape.ts';
export { slowInserts } from './maps/slow-inserts.ts';
export type { TypedMap } from './maps/typed-map.ts';

// processes/: what processes do: system calls, file access, work, reads, calls under seccomp.
export { Scene, type Attempt, type Tried, type Verb } from './processes/access.ts';
export { BusyProgram, frequency, namesOf, planBusyProgram, type BusyPlan } from './processes/busy-program.ts';
export { makeCommands, runCommands, type CommandAct, type CommandPlan } from './processes/commands.ts';
export { usableCpus } from './processes/cpus.ts';
export { noProcess, type Action } from './processes/processes.ts';
export { highPids } from './processes/pids.ts';
export { failures, isRead, performReads, type ReaderPlan, type Step } from './processes/reads.ts';
export { describeDecision, judgeFilters, type Call, type Decided, type Installed } from './processes/seccomp.ts';
export { makings, nothingNew, spawn, type Making, type NothingNew, type Spawned } from './processes/spawned.ts';

// network/: frames, hosts, what goes over the wire.
export {
  dial,
  givesUp,
  type Connection,
  type ConnectionKind,
  type Dialed,
  type Family,
} from './network/connections.ts';
export { everyHeaderOver6, everyProtocolOver4, kindsOver4, kindsOver6 } from './network/kinds.ts';
export { drawHosts, type Pair } from './network/net.ts';
export type { Arrival, Network } from './network/network.ts';
export type { NetworkPlan } from './network/topology.ts';
export { ethernet, internetChecksum, ipv4, protocols, segment, tcp, udp, type TcpFlag } from './network/packets.ts';
export { frameRounds, must, type RoundsOptions, type Wanted } from './network/rounds.ts';
export { filtersOf, runTc, type Filters } from './network/tc.ts';
export { compileFilter, encodeClassic } from './network/tcpdump.ts';
export { describeChange, timesIn, trace, Traffic, type Frame, type Passage } from './network/traffic.ts';

// tracing/: the kernel's trace, stacks and flame graphs.
export { rectangles, standsOn, widthOf, type Rectangle } from './tracing/flame-graph.ts';
export { goesThrough, parseFolded, samplesOf, type Folded, type Stack } from './tracing/folded.ts';
export { parseEvents, TraceInstance, type TraceEvent } from './tracing/instance.ts';
export { parseTrace, type TraceMessage } from './tracing/tracing.ts';
export { XmlError } from './tracing/xml.ts';

// scripts/: programs that load BPF themselves: Python with BCC, bpftrace.
export {
  countsOf,
  describeBucket,
  describeBuckets,
  linearHistogram,
  parseBpftrace,
  sameHistogram,
  type BpftraceOutput,
  type Bucket,
} from './scripts/bpftrace-output.ts';
export { describeAttached, type AttachedTo, type ProgramRuns } from './scripts/script.ts';

// pods/: Kubernetes manifests, really run.
export { readManifest, type Manifest } from './pods/manifest.ts';
export { Pod, printed, type Image, type RunningContainer } from './pods/pods.ts';

// go/: Go programs as targets.
export { buildGo, imageBase, type GoProgram } from './go/go.ts';
export { parseListing, returnsOf, sameCode, type Instruction } from './go/go-listing.ts';

// guest/: plumbing.
export { Apart, runApart, type Privileges } from './guest/apart.ts';
export { Gated, type GateEvent } from './guest/gate.ts';
export { compile } from './guest/compiler.ts';
