/**
 * A C program that is made up anew each time, and keeps a CPU busy in functions whose shares of the work are known:
 * what a profiler is judged by. main calls one function (`loop`), that one calls routes, and these call leaves. A second thread begins in
 * a function of its own (`worker`), and does the same on another CPU. One route calls itself before it calls a leaf.
 */
import { z } from 'zod';
import type { Machine, Running } from '../../machine/machine.ts';
import type { Random } from '../../verdict/random.ts';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

export interface Path {
  route: string;
  leaf: string;
  /** Thousandths of the work that are done here. */
  share: number;
}

export interface BusyPlan {
  loop: string;
  /** Where the second thread begins; the first begins in main. */
  worker: string;
  /** The route that calls itself, and how often it then is in a stack. */
  recursive: { route: string; times: number };
  /** The leaf in which most of the work is done. */
  hot: string;
  /** The leaf that is called far more often than all others, and costs little. */
  decoy: string;
  /** Every pair of a route and a leaf. The hot leaf is reached by two routes. */
  paths: Path[];
}

/** How often the program is looked at in a second of its CPU time: by itself, and by who is to profile it. */
export const frequency = 99;

/** What the program says of itself at its end. */
export interface Worked {
  /** How often the kernel has looked at it, by an event of its own. */
  samples: number;
  /** The same for each of its threads: main's, the worker's. */
  threads: [number, number];
  /** Seconds of CPU time. */
  seconds: number;
}

/** 56% of the work or more in the hot leaf, 31% or less in any other: at 300 samples, five standard deviations apart. */
export function planBusyProgram(random: Random): BusyPlan {
  const names = new Set<string>();
  while (names.size < 9) names.add(`${random.name(random.int(2, 4))}_${random.name(random.int(3, 7))}`);
  const [loop, worker, hot, warm, cool, decoy, ...routes] = [...names] as [
    string,
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  const [one, two, three] = routes as [string, string, string];
  const [first, second, third, fourth] = [
    random.int(280, 330),
    random.int(280, 330),
    random.int(80, 110),
    random.int(80, 110),
  ];
  return {
    loop,
    worker,
    hot,
    decoy,
    recursive: { route: random.pick([one, two]), times: random.int(3, 5) },
    paths: random.shuffle([
      { route: one, leaf: hot, share: first },
      { route: one, leaf: warm, share: third },
      { route: two, leaf: hot, share: second },
      { route: two, leaf: cool, share: fourth },
      { route: three, leaf: warm, share: 1000 - first - second - third - fourth - 50 },
      { route: three, leaf: decoy, share: 50 },
    ]),
  };
}

/** Every name that a stack of it may hold and that no other program has, but main. */
export function namesOf({ loop, worker, paths }: BusyPlan): Set<string> {
  return new Set([loop, worker, ...paths.flatMap(({ route, leaf }) => [route, leaf])]);
}

/** So many calls of the decoy take about as long as one of another leaf. */
const decoysPerCall = 150;

/**
 * Work is measured in calls of leaves that all do the same, and not by a clock, which goes on while a busy host gives
 * the guest no CPU. Its end is measured in samples that the kernel takes of it, for it takes fewer then: once a profiler
 * was blamed for what such a host had lost. The ring of its event is mapped to be read only, so that its head counts on.
 * Shares are given on standard input, lest they can be read in the program. A leaf has several places
 * to be at, so that stacks of the same names have different addresses; rounds vary in length, so as not to keep step
 * with a clock.
 */
export function busySource({ loop, worker, decoy, paths, recursive }: BusyPlan): string {
  const leaves = [...new Set(paths.map(({ leaf }) => leaf))];
  const routes = [...new Set(paths.map(({ route }) => route))];
  const wait = (turns: number) => `\tfor (volatile int i = 0; i < ${turns}; i++)\n\t\t;\n`;
  return `#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned wanted, deep, cpus[2], share[${paths.length}];
static unsigned long taken[2];

/* Each record is a header and an instruction pointer. */
static const struct perf_event_mmap_page *watch_self(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_freq = ${frequency}, .freq = 1, .sample_type = PERF_SAMPLE_IP, .exclude_kernel = 1, .exclude_hv = 1,
	};
	int event = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	if (event < 0)
		return NULL;
	void *ring = mmap(NULL, 2 * sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, event, 0);
	return ring == MAP_FAILED ? NULL : ring;
}

static unsigned long samples(const struct perf_event_mmap_page *ring)
{
	return *(volatile __u64 *)&ring->data_head / (sizeof(struct perf_event_header) + sizeof(__u64));
}

static unsigned long long nanoseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}
${leaves
  .map(
    (leaf) => `
static void ${leaf}(void)
{
${leaf === decoy ? wait(3) : wait(300).repeat(5)}}
`,
  )
  .join('')}${routes
    .map(
      (route) => `
static void ${route}(unsigned length${route === recursive.route ? ', unsigned more' : ''})
{
${route === recursive.route ? `\tif (more) {\n\t\t${route}(length, more - 1);\n\t\treturn;\n\t}\n` : ''}${paths
        .map((path, index) =>
          path.route !== route
            ? ''
            : `	for (unsigned i = 0; i < length * share[${index}]${path.leaf === decoy ? ` * ${decoysPerCall}` : ''}; i++)
		${path.leaf}();
`,
        )
        .join('')}}
`,
    )
    .join('')}
static void ${loop}(unsigned length)
{
${routes.map((route) => `\t${route}(length${route === recursive.route ? ', deep' : ''});\n`).join('')}}

static const struct perf_event_mmap_page *begin(int thread)
{
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(cpus[thread], &there);
	const struct perf_event_mmap_page *ring = watch_self();
	if (!ring || sched_setaffinity(0, sizeof(there), &there)) {
		perror("a thread cannot begin");
		exit(1);
	}
	return ring;
}

static void *${worker}(void *seed)
{
	const struct perf_event_mmap_page *ring = begin(1);
	while (samples(ring) < wanted / 2)
		${loop}(1 + rand_r(seed) % 8);
	taken[1] = samples(ring);
	return NULL;
}

int main(void)
{
	pthread_t second;
	unsigned seed = 1;
	if (scanf("%u %u %u %u", &wanted, &deep, &cpus[0], &cpus[1]) != 4)
		return 1;
	for (int i = 0; i < ${paths.length}; i++)
		if (scanf("%u", &share[i]) != 1)
			return 1;
	if (pthread_create(&second, NULL, ${worker}, &seed))
		return 1;
	const struct perf_event_mmap_page *ring = begin(0);
	while (samples(ring) < wanted / 2)
		${loop}(1 + rand() % 8);
	taken[0] = samples(ring);
	pthread_join(second, NULL);
	printf("{\\"samples\\":%lu,\\"threads\\":[%lu,%lu],\\"seconds\\":%f}\\n", taken[0] + taken[1], taken[0], taken[1],
	       nanoseconds() / 1e9);
	fflush(stdout);
	while (getchar() != EOF) /* stays, for the addresses of a process that has ended have no names */
		;
	return 0;
}
`;
}

const taken = z.int().min(1);
const report = z.object({ samples: taken, threads: z.tuple([taken, taken]), seconds: z.number().min(0) });
const started = z.object({ pid: z.int().min(1) });

/**
 * A process of such a program. It has no capability and a root of its own, with nothing in it that is not read-only:
 * who may look at a process may also go where its root is.
 */
export class BusyProgram {
  readonly plan: BusyPlan;
  readonly pid: number;
  readonly #process: Running;

  private constructor(plan: BusyPlan, pid: number, process: Running) {
    this.plan = plan;
    this.pid = pid;
    this.#process = process;
  }

  /** Compiled and started; it does nothing yet. `folder` must be its own; `name` is that of the process. */
  static async start(
    { machine, toolkit }: Pick<Kit, 'machine' | 'toolkit'>,
    plan: BusyPlan,
    folder: string,
    name: string,
  ): Promise<BusyProgram> {
    await machine.put(`${folder}/source.c`, busySource(plan));
    await compile(machine, folder, name);
    const process = machine.start([toolkit.apart, '', `${folder}/bin`, '--', `./${name}`], {
      timeoutMs: 300_000,
      maxOutputBytes: 65536,
    });
    const line = await process.line(30_000);
    if (line === null)
      throw new Error(`The busy program was not started: ${(await process.done).stderr.slice(0, 500)}`);
    return new BusyProgram(plan, parseLine(line, started, 'apart').pid, process);
  }

  /** Lets it begin, each thread on a CPU; it ends its work when the kernel has looked at it so many times, and waits. */
  work(samples: number, cpus: readonly [number, number]): void {
    const { times } = this.plan.recursive;
    this.#process.write(
      `${samples} ${times - 1} ${cpus.join(' ')} ${this.plan.paths.map(({ share }) => share).join(' ')}\n`,
    );
  }

  /** Waits for the end of its work. */
  async worked(): Promise<Worked> {
    const line = await this.#process.line(120_000);
    if (line === null)
      throw new Error(`The busy program has ended: ${JSON.stringify(await this.#process.done).slice(0, 500)}`);
    return parseLine(line, report, 'The busy program');
  }

  async stop(): Promise<void> {
    this.#process.signal(9);
    await this.#process.done;
  }
}

/** Frame pointers, for the kernel finds callers by them; no inlining, for a function that is none has no frame. */
async function compile(machine: Machine, folder: string, name: string): Promise<void> {
  const script = 'mkdir -p "$1/bin" && gcc -O0 -pthread -fno-omit-frame-pointer -o "$1/bin/$2" "$1/source.c"';
  const result = await machine.run(['sh', '-c', script, 'sh', folder, name], { timeoutMs: 60_000 });
  if (result.code !== 0) throw new Error(`The busy program cannot be compiled: ${result.stderr.slice(0, 1000)}`);
}
