/** The BPF objects that the grader hands to the learner's loader, with names and numbers that nobody can know before. */
import { compile, type Kit, noProcess } from '#kit';

export interface Sample {
  object: string;
  /** The same, cut off in the middle. */
  truncated: string;
  /** An object that the verifier refuses. */
  refused: string;
  /** One that loads, and has a program whose place does not exist. */
  homeless: string;
  /** One that loads and attaches, and has a ring buffer of another name only. */
  ringless: string;
  /**
   * The first three report: at the start and at the end of processes whose names begin with `prefix`, each with a secret number; and at
   * a call of getsid. The others say nothing.
   */
  programs: [exec: string, exit: string, call: string, ...idle: string[]];
  secrets: [exec: bigint, exit: bigint];
  prefix: string;
  /** What getsid must be asked for, to be told of. Of the calls, each has the next of the numbers and texts, and begins anew after the last. */
  session: number;
  events: { number: bigint; text: string }[];
}

const head =
  '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_core_read.h>\n#include <bpf/bpf_tracing.h>\n#ifdef __TARGET_ARCH_arm64\n#define GETSID 156\n#else\n#define GETSID 124\n#endif\nchar LICENSE[] SEC("license") = "GPL";\n';

export async function makeObjects({ machine, random, toolkit, folder, build: place }: Kit): Promise<Sample> {
  const [stem, spoilt, lost, bare] = [random.name(), random.name(), random.name(), random.name()];
  const reporting = [`${random.name(5)}_start`, `${random.name(5)}_end`, `${random.name(5)}_call`] as const;
  // More than eight, and of another kind.
  const programs: Sample['programs'] = [...reporting, ...random.several(6, 9, () => `${random.name(9)}_idle`)];
  const secrets: [bigint, bigint] = [secret(random), secret(random)];
  const prefix = random.name(4);
  const session = random.int(noProcess, 2 ** 31 - 1);
  const events = drawEvents(random);
  const all = [
    callProgram(programs[2], session, events),
    program('exec', programs[0], 'struct task_struct *task', secrets[0], prefix),
    program('exit', programs[1], 'struct task_struct *task', secrets[1], prefix),
    ...programs.slice(3).map(idleProgram),
  ];
  const others = [random.name(), random.name()].map(ringOf);
  await machine.put(
    `${folder}/source/${stem}.bpf.c`,
    [head, others[0], ring, others[1], ...random.shuffle(all)].join('\n'),
  );
  await machine.put(`${folder}/source/${spoilt}.bpf.c`, unsafe);
  await machine.put(`${folder}/source/${lost}.bpf.c`, homeless(`${random.name()}_${random.name()}`));
  await machine.put(`${folder}/source/${bare}.bpf.c`, ringless(ringOf(random.name())));
  const made = await Promise.all(
    [stem, spoilt, lost, bare].map((name) =>
      compile(machine, toolkit, `${folder}/source`, `${name}.bpf.c`, `${place}/${name}.o`),
    ),
  );
  for (const { code, stderr } of made)
    if (code !== 0) throw new Error(`The grader's own BPF object does not compile: ${stderr.slice(0, 2000)}`);
  const truncated = `${place}/${random.name()}.o`;
  const cut = await machine.run([
    'sh',
    '-c',
    'head -c "$(($(stat -c %s "$1") / 2))" "$1" >"$2" && chmod 644 "$2"',
    'sh',
    `${place}/${stem}.o`,
    truncated,
  ]);
  if (cut.code !== 0) throw new Error(`The object cannot be cut: ${cut.stderr.slice(0, 500)}`);
  return {
    object: `${place}/${stem}.o`,
    truncated,
    refused: `${place}/${spoilt}.o`,
    homeless: `${place}/${lost}.o`,
    ringless: `${place}/${bare}.o`,
    programs,
    secrets,
    prefix,
    session,
    events,
  };
}

const ringOf = (name: string): string => `
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} ${name} SEC(".maps");
`;

const ring = `
struct event {
	__u64 number;
	char text[16];
};
${ringOf('events')}`;

const idleProgram = (name: string): string => `
SEC("raw_tracepoint/sched_process_fork")
int ${name}(void *context)
{
	return 0;
}
`;

function program(event: string, name: string, argument: string, number: bigint, prefix: string): string {
  const ours = [...prefix].map((letter, index) => `task->comm[${index}] != '${letter}'`).join(' || ');
  return `
SEC("tp_btf/sched_process_${event}")
int BPF_PROG(${name}, ${argument})
{
	struct event *event;
	if (${ours})
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->number = ${number}ULL ^ (__u64)task->tgid;
	bpf_probe_read_kernel_str(event->text, sizeof(event->text), task->comm);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
`;
}

/** Numbers of every width, and texts of every length that a name in the kernel has, with signs that only a format would take for its own. */
function drawEvents(random: Kit['random']): Sample['events'] {
  const edges = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
  const numbers = random.shuffle([...edges, ...edges.map(() => secret(random))]);
  const lengths = [2, 8, 14, 15, 15, ...random.several(7, 7, () => random.int(3, 13))];
  const texts = random.shuffle(['a', '%s %d', ' two words ', '', ...lengths.map((length) => random.name(length))]);
  return numbers.map((number, index) => ({ number, text: texts[index]! }));
}

function callProgram(name: string, session: number, events: Sample['events']): string {
  return `
static const struct event told_events[] = {
${events.map(({ number, text }) => `	{ ${number}ULL, "${text}" },`).join('\n')}
};
__u32 told_calls;
SEC("tp_btf/sys_enter")
int BPF_PROG(${name}, struct pt_regs *regs, long id)
{
	struct event *event;
	__u32 next;
	if (id != GETSID || (__u32)PT_REGS_PARM1_CORE_SYSCALL(regs) != ${session})
		return 0;
	next = told_calls++ & ${events.length - 1}; /* the verifier knows what & leaves */
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	*event = told_events[next];
	bpf_ringbuf_submit(event, 0);
	return 0;
}
`;
}

/** The kernel takes both programs; where the second is to be attached there is nothing. */
const homeless = (nowhere: string): string => `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");
SEC("raw_tracepoint/sched_process_exec")
int here(void *context)
{
	return 0;
}
SEC("kprobe/${nowhere}")
int nowhere(void *context)
{
	return 0;
}
`;

/** Each of its programs runs, but nobody could read what they report. */
const ringless = (other: string): string => `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
${other}
SEC("raw_tracepoint/sched_process_exec")
int mute(void *context)
{
	return 0;
}
`;

/** Reserves and does not look whether it got anything. Without vmlinux.h it compiles in a moment. */
const unsafe = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");
SEC("raw_tracepoint/sched_process_exec")
int unsafe(void *context)
{
	__u64 *number = bpf_ringbuf_reserve(&events, sizeof(*number), 0);
	*number = 1;
	bpf_ringbuf_submit(number, 0);
	return 0;
}
`;

function secret(random: Kit['random']): bigint {
  return Buffer.from(random.bytes(8)).readBigUInt64LE();
}
