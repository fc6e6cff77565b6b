/** What Go, Rust and Python say around BPF, and what tools say of commands that they call. */
import type { Rule } from '../../rule.ts';

const lesson = 'setup/reference-environment';

export const languagesRules: readonly Rule[] = [
  // Go: bpf2go writes the file that has these names
  {
    id: 'go-generated',
    pattern:
      /undefined: ((?:load|new)?\w{0,30}(?:[Bb]pf|Objects|Specs|Programs|Maps)\w{0,30})|pattern (\S{1,100}\.o): no matching files found|could not import (\S{1,80}) \(no required module provides package/,
    also: ['[Bb]pf|BPF|xdp|XDP'],
    text: 'The Go file or object that bpf2go makes is not there ($1$2$3).',
    why: 'go generate runs clang and writes both; go build does not do that by itself. Files with a target in their name (_bpfel, _x86) are only for that architecture.',
    help: 'go generate ./... and then go build; it needs clang and llvm-strip. ls *_bpfel.go *_bpfel.o; GOARCH must be one of the -target list.',
    lesson,
  },
  // cgo finds no header of libbpf
  {
    id: 'cgo-header',
    pattern:
      /cgo: C compiler "?([^"\s]{1,60})"? not found|build constraints exclude all Go files in (\S{1,200}(?:bpf|BPF)\S{0,100})/,
    text: 'cgo is needed here, and is off or has no C compiler ($1$2).',
    why: 'libbpfgo and gobpf call C. With CGO_ENABLED=0, or for another architecture without a cross compiler, their files are left out.',
    help: 'CGO_ENABLED=1 CC=clang go build; sudo apt install gcc libbpf-dev libelf-dev zlib1g-dev. cilium/ebpf needs no cgo.',
    lesson,
  },
  // bpf-linker
  {
    id: 'bpf-linker',
    pattern: /(?:error: )?failure linking module (\S{1,300})/,
    text: 'bpf-linker cannot read what rustc wrote.',
    why: 'The file has bitcode of rustc’s LLVM, and this bpf-linker is built with an older one.',
    help: 'rustc +nightly -vV | grep LLVM, and bpf-linker --version: they should agree. cargo install bpf-linker --force (with --no-default-features it takes the LLVM of the system, which must be as new as rustc’s); or an older nightly.',
    lesson,
  },
  {
    id: 'rust-nightly',
    pattern:
      /the `-Z` flag is only accepted on the nightly|the option `Z` is only accepted on the nightly|`#!\[feature\]` may not be used on the stable release channel|toolchain '(nightly[\w-]{0,40})' is not installed/,
    also: ['bpf|aya|build-std|core'],
    text: 'The eBPF part is compiled by nightly Rust, and another one is used here.',
    why: 'build-std, which makes core for the BPF target, is only in nightly.',
    help: 'rustup toolchain install nightly --component rust-src; build through the project’s own command (cargo xtask build-ebpf, cargo build), which calls cargo +nightly for that part.',
    lesson,
  },
  {
    id: 'rust-manifest',
    pattern: /no `?xtask`? (?:command|alias)|error: no such (?:sub)?command: `xtask`/,
    text: 'cargo does not know xtask here.',
    why: 'It is an alias in .cargo/config.toml of an older aya template, and counts only in that project; newer templates build all with cargo build.',
    help: 'Run it in the project’s root: cat .cargo/config.toml. With a newer template: cargo run --release.',
    lesson,
  },
  // libbpf-cargo: the skeleton is piped through rustfmt
  // libbpf-cargo, gen: by Debug and anyhow the error is in a line of its own
  {
    id: 'rust-skeleton-file',
    pattern: /Failed to generate skeleton for (\S{1,200})$/,
    also: ['No such file or directory \\(os error 2\\)'],
    text: 'The skeleton for $1 could not be made: a file is missing, and the text does not say which.',
    why: 'It is either the object itself, which must be compiled before, or rustfmt, which formats the code and may not be installed.',
    help: 'ls -l $1; which rustfmt (rustup component add rustfmt). If the project has a Makefile, its BPF part comes first: make ebpf, make bpf or plain make, then cargo build.',
    lesson,
  },
  {
    id: 'rust-skeleton-tool',
    pattern: /Failed to generate skeleton for (\S{1,200}): No such file or directory|Failed to spawn rustfmt/,
    text: 'libbpf-cargo cannot run a program that it needs to make the skeleton; mostly rustfmt is not installed.',
    why: 'It writes the Rust code and has rustfmt format it. clang, which compiles the object, has run by then.',
    help: 'rustup component add rustfmt, dnf install rustfmt, apt install rustfmt; which rustfmt clang.',
    lesson,
  },
  {
    id: 'rust-skeleton',
    pattern: /error: expected (?:one of )?`[^`]{1,20}`.{0,60}, found `\.`/,
    also: ['<stdin>|skel|libbpf'],
    text: 'The skeleton that libbpf-cargo wrote is not valid Rust: a name in it has a dot.',
    why: 'clang calls a static variable inside of a function FUNCTION.NAME (____fmt is that of bpf_printk), and older releases of libbpf-cargo take that name as it is.',
    help: 'Update libbpf-cargo and libbpf-rs. Until then: no static variables in functions, and no bpf_printk() in the program.',
    lesson,
  },
  // bcc
  {
    id: 'bcc-table-missing',
    pattern: /KeyError: b?'(\w{1,60})'/,
    also: ['bcc/(?:__init__|table)\\.py'],
    text: 'The C text of the script has no map called $1.',
    why: 'b["$1"] is looked up by name: the macro that makes it (BPF_HASH, BPF_PERF_OUTPUT …) is missing, misspelt, or inside an #ifdef that is off.',
    help: 'Compare the name with the C text of the script.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-bytes',
    pattern:
      /TypeError: (?:can only concatenate str|can't concat|must be str, not bytes|a bytes-like object is required|startswith first arg must be|bytes or integer address expected|cannot convert|argument of type).{0,120}|not a bytes object: |ctypes\.ArgumentError: argument (\d{1,2}): /,
    also: ['bcc/\\w+\\.py|/bcc|from bcc|bcc'],
    text: 'The Python part mixes text and bytes.',
    why: 'What comes from the kernel are bytes in Python 3; the script is older, or passes text where bcc wants bytes.',
    help: "b'name' instead of 'name' for what is passed to bcc, event.comm.decode('utf-8', 'replace') for what is printed. A newer release of the tool has that.",
    lesson: 'bcc/what-bcc-is',
  },
];

/** A tool that calls another one says mostly only how that ended. */
export const languagesWarnings: readonly Rule[] = [
  {
    id: 'command-failed',
    pattern: /"?Command execution (?:failed" cmd="[^"]{1,900}" error="|.{1,600} failed: )signal: (killed|terminated)\b/,
    also: ['bpf|BPF|\\btc\\b|xdp|clang'],
    text: 'A command that the tool runs was ended from outside (signal: $1) before it was done. Nothing is said against a program.',
    why: 'Mostly Kubernetes ended the container (a probe that failed, or another reason to stop it), or its memory ran out; the commands in it end with it.',
    help: 'kubectl describe pod: Last State, Reason (OOMKilled) and Exit Code (137), and the events of probes. sudo dmesg | grep -i "killed process". A longer startupProbe, or more memory.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'command-failed',
    pattern: /Command execution \/.{1,600} failed: exit status (\d{1,3})\b/,
    also: ['bpf|BPF|\\btc\\b|xdp|clang'],
    text: 'A command or script that the tool runs failed ($1). What it said itself is not in this line.',
    why: 'The tool only knows how the command ended; a script ends with the code of what failed in it. Its own words are mostly in the lines around it.',
    help: 'Read those lines; if they are not in what you pasted, paste them too, or run the command by hand. 127 means that a program is not installed, 126 that it may not be executed.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'command-failed',
    pattern:
      /(?:Command execution failed|Failed to compile obj=\S{1,200} with status=exit (?:status|code)|[Ff]ailed to (?:load|attach|replace|compile|run|generate) [^:"]{1,80}|running "?(?:tc|ip|clang|llc|bpftool|make|go)"?[^:"]{0,80}|(?:tc|clang|llc|bpftool|\/bin\/\w{1,10}) [^:"]{0,80}): (?:exit status (\d{1,3})|signal: (\w{1,20}))/,
    also: ['bpf|BPF|\\btc\\b|xdp|clang'],
    text: 'A command that the tool runs (tc, clang, bpftool) failed ($1$2). What that command itself said is not in this line.',
    why: 'The tool only knows how the command ended. Its own words are mostly in the lines around it, often as warnings.',
    help: 'Read those lines; if they are not in what you pasted, paste them too, or run the command that the log names by hand. exit status 127 means that it is not installed, 126 that it may not be executed.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'file-missing',
    pattern:
      /(?:open|opening|stat|lstat|read|reading|fork\/exec|exec|[Cc]ould not open|[Ff]ailed to open|[Cc]annot open)(?: file)?:? [`'"]?(\/[^\s:'"`]{1,200})[`'"]?: (?:no such file or directory|No such file or directory)/,
    also: ['[Bb]pf|BPF|xdp|XDP|[ku](?:ret)?probe|BTF'],
    text: 'The process that says this finds no file $1.',
    why: 'It is not installed, in another place, or not visible here: a container sees only what is mounted into it. The kernel’s BPF was not asked for it.',
    help: 'ls -l $1, also from inside of the container. Files of the host: docker run -v /sys:/sys -v /lib/modules:/lib/modules:ro …, in a pod a hostPath.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'earlier-failure',
    pattern:
      /Could not locate previously compiled BPF template|(?:BPF|bpf|eBPF) (?:template|object|program)s? (?:could not be|was not|were not) compiled/,
    text: 'The BPF object that is needed here was not compiled before: an earlier step failed.',
    why: 'This line only finds it missing.',
    help: 'Look further up, from the start of the process on, for the compiler’s words (“error:”, “exit status”), and for a full disk: df -h.',
    lesson: 'programs/loaders-and-links',
  },
];
