import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { makeExplanation } from '../../../grader/report/explanation.ts';

const read = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
const whole = read('verifier/6.12.117/01_null_map_value.log');
const report = read('verifier/7.3.4/09_pkt_len_var.log');
const eachLine = (text: string, change: (line: string, i: number) => string) => text.split('\n').map(change).join('\n');
const only = (text: string) => text.slice(text.indexOf('BEGIN PROG LOAD LOG --\n') + 23, text.indexOf('-- END PROG'));

describe('as it is pasted', () => {
  test.each([
    ['a mail’s quote', eachLine(whole, (line) => `> ${line}`)],
    ['a quote of a quote, with words of one’s own', `What is this?\n\n${eachLine(whole, (line) => `> > ${line}`)}`],
    ['a bar', eachLine(whole, (line) => `| ${line}`)],
    ['indented', eachLine(whole, (line) => `        ${line}`)],
    ['in a fence', `\`\`\`text\n${whole}\`\`\`\n`],
    ['the log of a CI job', eachLine(whole, (line, i) => `2026-01-31T10:00:0${i % 10}.1234567Z ${line}`)],
    ['the kernel’s log', eachLine(whole, (line, i) => `[   12.34567${i % 10}] ${line}`)],
    ['journalctl', eachLine(whole, (line) => `Jan 31 10:00:00 vm tracer[812]: ${line}`)],
    ['docker compose', eachLine(whole, (line) => `tracer-1  | ${line}`)],
    ['containerd', eachLine(whole, (line, i) => `2026-01-31T10:00:0${i % 10}.123456789Z stderr F ${line}`)],
    ['kubectl logs --prefix', eachLine(whole, (line) => `[pod/tracer-7f9c4d-abcde/tracer] ${line}`)],
    ['stern', eachLine(whole, (line) => `tracer-x7z2q tracer ${line}`)],
    ['klog', eachLine(whole, (line, i) => `E1128 18:00:00.12345${i % 10}       1 loader.go:${100 + i}] ${line}`)],
    [
      'klog in kubectl',
      eachLine(whole, (line, i) => `[pod/t-7f9/t] E1128 18:00:00.123       1 loader.go:${i}] ${line}`),
    ],
    [
      'zap',
      eachLine(whole, (line, i) => `2026-01-31T10:00:00.12${i % 10}+0100\tERROR\tloader/loader.go:${i}\t${line}`),
    ],
    ['zap as JSON', `{"level":"error","caller":"a/b.go:1","msg":${JSON.stringify(whole)}}`],
    ['logrus', eachLine(whole, (line) => `time="2026-01-31T10:00:00Z" level=error msg="${line}"`)],
    ['slog', eachLine(whole, (line) => `2026/01/31 10:00:00 INFO ${line}`)],
    ['Go’s log', eachLine(whole, (line, i) => `2026/01/31 10:00:0${i % 10} main.go:4${i % 10}: ${line}`)],
    ['Python’s logging', eachLine(whole, (line) => `ERROR:loader:${line}`)],
    ['Python’s logging, in full', eachLine(whole, (line) => `2026-01-31 10:00:00,123 - loader - ERROR - ${line}`)],
    ['env_logger', eachLine(whole, (line, i) => `[2026-01-31T10:00:00Z ${i % 2 ? 'WARN ' : 'ERROR'} libbpf] ${line}`)],
    ['tracing', eachLine(whole, (line) => `2026-02-20T06:31:35.794668Z  WARN ThreadId(01) a::b: src/b.rs:12: ${line}`)],
    ['logcat', eachLine(whole, (line) => `01-31 10:00:00.123  1234  5678 E bpfloader: ${line}`)],
    ['an own logger', eachLine(whole, (line) => `<<loader 7/main>> ${line}`)],
    ['numbered lines', eachLine(whole, (line, i) => `${String(i + 1).padStart(5)}  ${line}`)],
    ['numbered lines with a bar', eachLine(whole, (line, i) => `${String(i + 1).padStart(3)} | ${line}`)],
    ['a diff', eachLine(whole, (line) => `+${line}`)],
    ['non-breaking spaces', whole.replaceAll(' ', '\u00a0')],
    ['smart quotes', whole.replaceAll("'", '\u2019')],
    ['the source of a web page', whole.replaceAll('>', '&gt;').replaceAll("'", '&#39;')],
    ['with colours', eachLine(whole, (line) => `\u001b[31m${line}\u001b[0m`)],
    ['ends of line of DOS', whole.replaceAll('\n', '\r\n')],
    ['the log alone', only(whole)],
    ['the end', whole.split('\n').slice(-12).join('\n')],
    ['one line', "R0 invalid mem access 'map_value_or_null'"],
    ['in a sentence', "Hello, I get R0 invalid mem access 'map_value_or_null' all the time, why?"],
    [
      'in one line of a Go program',
      "load program: permission denied: 7: (79) r1 = *(u64 *)(r0 +0): R0 invalid mem access 'map_value_or_null' (12 line(s) omitted)",
    ],
    ['in JSON', JSON.stringify({ level: 'error', msg: only(whole) })],
    [
      'bpftrace',
      `Attaching 1 probe...\nERROR: Error loading BPF program for kprobe_vfs_read_1.\nKernel error log:\n${only(whole)}\nERROR: Loading BPF object(s) failed.\n`,
    ],
    [
      'BCC',
      `bpf: Failed to load program: Permission denied\n${only(whole)}\nHINT: The 'map_value_or_null' error can happen if you dereference a pointer value from a map lookup without first checking if that pointer is NULL.\n\nTraceback (most recent call last):\n  File "a.py", line 3, in <module>\n    b = BPF(text=text)\n`,
    ],
  ])('%s', (_, text) => {
    const explained = explainText(text, new Map());
    expect(explained).toMatchObject({
      tool: 'verifier',
      recognised: true,
      more: 0,
      explanation: {
        rule: 'null-map-value',
        actual: expect.stringContaining("R0 invalid mem access 'map_value_or_null'"),
      },
    });
    expect(explained.explanation.state).toContain('r0 may be NULL here');
  });

  test('the kernel’s own report, alone and quoted', () => {
    const block = report.slice(report.indexOf('Verification failed'), report.indexOf('processed '));
    for (const text of [block, eachLine(block, (line) => `> ${line}`), eachLine(report, (line) => `    ${line}`)]) {
      expect(explainText(text, new Map())).toMatchObject({
        recognised: true,
        explanation: {
          report: {
            problem: 'Memory Safety: Access outside bounds',
            suggestion: expect.stringMatching(/^Add or adjust/),
          },
          location: { line: 12, column: 120 },
        },
      });
    }
  });

  test('on old kernels, the line is quoted where nobody knows its number', () => {
    expect(explainText(read('verifier/5.10.0/31_probe_unbounded_len.log'), new Map()).explanation.state).toMatch(
      /^The line reads: SEC\("kprobe\/do_nanosleep"\).*\nr2 was read from the context \(instruction 1\)\.$/,
    );
  });

  test('without a file, clang’s own line', () => {
    expect(explainText(read('clang/semicolon.log'), new Map())).toMatchObject({
      tool: 'clang',
      recognised: true,
      explanation: { location: { file: 'semicolon.bpf.c', line: 4, column: 11, source: '\tint y = 3' } },
    });
  });
});

test('several failures: the first is explained, the others are counted', () => {
  const second = read('verifier/6.12.117/18_inf_loop.log');
  expect(explainText(`${whole}\n${second}\n${second}`, new Map())).toMatchObject({
    more: 2,
    explanation: { rule: 'null-map-value' },
  });
  // What loaded before is no failure.
  const fine =
    '0: (b7) r0 = 0\n1: (95) exit\nprocessed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n';
  expect(explainText(`${fine}${only(whole)}`, new Map())).toMatchObject({
    more: 0,
    explanation: { rule: 'null-map-value' },
  });
});

describe('no guesses', () => {
  test.each([
    ['nothing', ''],
    [
      'prose',
      'My program does not work. The frame pointer is read only, they say, and I cannot write into packet data. Is it an infinite loop detected by the verifier?',
    ],
    [
      'prose about kernels',
      'The kernel function foo is not found. Our map should be a map struct, unexpected as that is, and the helper calls are not allowed while holding a lock.',
    ],
    [
      'LLVM for another Rust crate',
      'error: No suitable version of LLVM was found system-wide or pointed\n              to by LLVM_SYS_150_PREFIX.\n',
    ],
    [
      'bitcode of another tool',
      "ld.lld: error: Unknown attribute kind (86) (Producer: 'LLVM18.1.8' Reader: 'LLVM 15.0.7')\n",
    ],
    ['a crash of another program', '$ ./server\nSegmentation fault (core dumped)\n'],
    ['a command of another tool', 'WARN Command execution /usr/bin/backup.sh /srv failed: exit status 1\n'],
    ['another file system', 'ERROR Failed to mount NFS filesystem: permission denied\n'],
    ['a shell', '$ make\ncc -O2 -o a a.c\nmake: *** [Makefile:2: a] Error 1\n'],
    ['a Python traceback', 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\nKeyError: 1\n'],
    ['bytes', Array.from({ length: 4096 }, (_, i) => String.fromCharCode((i * 7919) % 256)).join('')],
    ['the same words, but invented', "R0 invalid memory access 'map_value_or_nul'"],
    ['a verification of something else', 'Verification failed: the signature of the package does not match\n'],
    ['an address', '$ sudo ip addr add 10.0.0.1/24 dev eth0\nRTNETLINK answers: File exists\n'],
    ['a link', '# ip link add link eth0 name eth0.10 type vlan id 10\nRTNETLINK answers: Operation not supported\n'],
    ['a device', '# ip link add wg0 type wireguard\nError: Unknown device type.\n'],
    [
      'a container',
      'Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown',
    ],
    ['maps of land', 'Unable to create map tiles: no space left on device\nfailed to create map: permission denied\n'],
    ['an update', 'update failed: Permission denied\nCould not update table: Permission denied\n'],
    [
      'a firewall',
      'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    ],
    ['a module', 'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.1.0-18-amd64'],
    ['a driver', 'spi-bcm2835: probe of 3f204000.spi failed with error -22\ngyroscope probe failed: -22\n'],
    ['a debugger', 'Failed to attach to process 1234: Operation not permitted\nptrace: Operation not permitted.\n'],
    ['Rust’s', 'Error: Permission denied (os error 13)'],
    ['a shader', 'Failed to load program: cannot read shader cache\nError loading program: file not found\n'],
    [
      'a pin of IPFS',
      'failed to pin CID: context deadline exceeded\nipfs: pin: pinning /ipfs/Qm: no such file or directory\n',
    ],
    ['Java’s verifier', 'java.lang.VerifyError: Bad type on operand stack\n'],
    [
      'registers of an assembler',
      'Error: R1 must be in the range [0, 15]\nR2 pointer to shipping address is missing\n',
    ],
    ['an invented tool’s', 'libmoon: prog p: the moon is in the wrong phase'],
  ])('%s', (_, text) => {
    const explained = explainText(text, new Map());
    expect(explained).toMatchObject({ tool: null, recognised: false });
    expect(explained.explanation.text).toMatch(/does not know this message/);
    expect(explained.explanation.rule).toBeUndefined();
  });

  test('a log with an invented message is a log, and unknown', () => {
    const log = whole.replace(/R0 invalid mem access.*/, 'R0 has an unlucky number');
    expect(explainText(log, new Map())).toMatchObject({
      tool: 'verifier',
      recognised: false,
      explanation: { actual: 'R0 has an unlucky number' },
    });
  });

  test('a log without its end, and one without a failure', () => {
    expect(explainText(whole.slice(0, whole.indexOf('R0 invalid')), new Map())).toMatchObject({
      recognised: false,
      explanation: { help: expect.stringContaining('after the last instruction') },
    });
    const loaded = only(whole).replace(/R0 invalid.*\n/, '');
    expect(explainText(loaded, new Map())).toMatchObject({
      recognised: false,
      explanation: { text: expect.stringContaining('looked at 7 instructions') },
    });
  });

  test('unknown words of libbpf are shown', () => {
    expect(explainText("libbpf: prog 'p': the moon is in the wrong phase\n", new Map())).toMatchObject({
      tool: 'libbpf',
      recognised: false,
      explanation: { actual: "libbpf: prog 'p': the moon is in the wrong phase" },
    });
  });
});

describe('hostile text', () => {
  const long = (text: string, size = 1_000_000) => text.repeat(Math.ceil(size / text.length));
  const numbered = (line: (i: number) => string) => Array.from({ length: 150_000 }, (_, i) => line(i)).join('\n');
  // An expression that goes wild would take hours for these: the test's own limit of time is the assertion.
  test.each([
    ['prose', long('All work and no play makes a dull program. ', 5_000_000)],
    ['lines of prose', long('All work and no play\n', 5_000_000)],
    ['one word', long('a')],
    ['brackets', long('R1=a(')],
    ['pairs of brackets', `R1=a(${long('()')}`],
    ['instructions', long('0: (79) r1 = *(u64 *)(r0 +0)\n')],
    ['instructions on a line', long('0: (79) r1 = *(u64 *)(r0 +0)')],
    ['jumps', long('1: (15) if r0 == 0x0 goto pc-1 ; R0=scalar(id=1)\nfrom 1 to 2: R0=0 R1=ctx()\n')],
    ['exits', long('At program exit the register R0 has ')],
    ['places', long('a:1:1: error: ')],
    ['colours', long('\u001b[31')],
    ['titles', long('\u001b]0;')],
    ['counters', long('processed 1')],
    ['begins', long('-- BEGIN PROG LOAD LOG --\n', 10_000_000)],
    ['begins, each another', numbered((i) => `libbpf: prog 'p${i}': -- BEGIN PROG LOAD LOG --`)],
    ['errors of clang, each another', numbered((i) => `a.bpf.c:${i}:1: error: use of undeclared identifier 'x${i}'`)],
    ['what libbpf says, each another', numbered((i) => `libbpf: map 'm${i}': failed to create: Invalid argument(-22)`)],
    ['a logger’s lines, each another', numbered((i) => `E1128 18:00:00.1 1 a${i}.go:${i}] ${i}: (b7) r0 = 0`)],
    ['ends of logs', long('processed 1 insns (limit)\n')],
    ['spaces', long(' ', 5_000_000)],
    ['comments', long('; @ a:1 @ ')],
    ['suggestions', `Verification failed: ${long('Reason:\n\n')}`],
    ['steps', `Verification failed: x\nCausal path:\n${long('  insn 1\n       | ^-- y\n')}`],
  ])(
    '%s',
    (_, text) => {
      const document = makeExplanation(explainText(text, new Map()));
      expect(document.message.text.length).toBeGreaterThan(20);
    },
    60_000,
  );

  test('nothing that it says can move the cursor or reorder the screen', () => {
    const evil = "libbpf: prog 'p\u001b[2J': missing BPF prog type, check ELF section name 'x\u0007\u202e\u0000'\n";
    const { explanation, log } = explainText(evil, new Map());
    expect(explanation.rule).toBe('libbpf-section');
    expect(JSON.stringify([explanation, log])).not.toMatch(/\\u00|[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

/** Sentences of other tools, good news, and prose that has words of ours in it. */
test.each([
  "error: symbol 'grub_calloc' not found.",
  "npm ERR! code ENOENT: no such file or directory, open '/home/u/package.json'",
  'bash: foo: command not found',
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  "fatal: unable to access 'https://example.org/': Could not resolve host",
  'E: Unable to locate package foo',
  "Traceback (most recent call last): ModuleNotFoundError: No module named 'numpy'",
  'kubelet: Readiness probe failed: Get "http://10.0.0.1:8080/healthz": dial tcp: connect: connection refused',
  'mount: /mnt: permission denied.',
  'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.1.0',
  "systemd[1]: nginx.service: Failed with result 'exit-code'.",
  'ssh: connect to host example port 22: No route to host',
  'docker: Error response from daemon: pull access denied',
  'error: failed to load source for dependency `serde`',
  'Caused by: Unable to update registry `crates-io`',
  'level=warning msg="Unable to update CiliumNode resource" error="etcdserver: request timed out" subsys=bpf',
  'level=info msg="Loaded BPF programs" subsys=datapath-loader',
  "libbpf: loading object 'x' from buffer",
  'XDP program attached to eth0',
  'I attached my BPF program and it works now, thanks; permission denied was a typo.',
  'Loading eBPF objects took 1.2 s; no such file or directory was printed by another tool',
  'open /etc/app/config.o2: no such file or directory',
  "make: *** No rule to make target 'install'. Stop.",
  'ld: cannot find -lfoo',
  'java.io.IOException: Too many open files',
  'Permission denied (publickey).',
  'perf: command not found',
  'INFO probe loaded: tracepoint/sched/sched_switch',
  'tc qdisc add dev eth0 root netem delay 100ms',
  'BUG: kernel NULL pointer dereference, address: 0000000000000008',
  'ValueError: Invalid format string',
  'ZeroDivisionError: div by zero',
  'Unknown opcode 50 in module',
  'error: div by zero',
])('what is not about BPF, or no failure, is not explained: %s', (line) => {
  expect(makeExplanation(explainText(`${line}\n`, new Map()))).toMatchObject({ recognised: false });
});

test('a paste that a terminal broke at its width is read as one line where nothing else is known', () => {
  const line =
    '2023-10-05 ERROR failed to create eBPF collection: map targets: pin map to /sys/fs/bpf/tc/globals/targets: no such file or directory';
  const broken = [line.slice(0, 100), line.slice(100)].join('\n');
  expect(explainText(broken, new Map()).explanation.rule).toBe(explainText(line, new Map()).explanation.rule);
});

test('where a library cut the verifier’s words off, its log is not said to be missing', () => {
  const cut =
    'loading objects: field F: program p: load program: invalid argument: regs=200 stack=0 before 423: (63) *(u32 *)(r10 -96) = r9: regs=200 stac (truncated, 1043 line(s) omitted)';
  expect(explainText(cut, new Map())).toMatchObject({ tool: 'verifier', recognised: false });
  expect(explainText(cut, new Map()).explanation.text).toContain('cut the reason off');
});
