/** What a build says that misses a tool, a library or a file which another step makes. No line of the program is to blame. */
import type { Rule } from '../../rule.ts';

const lesson = 'setup/reference-environment';

/** Both compilers word it, with a place in a source file and without. */
export const skeletonMissing: Rule = {
  id: 'skeleton-missing',
  pattern: /'?([\w./-]{1,200}\.skel\.h)'?(?: file not found|: No such file)/,
  text: 'The skeleton $1 is not there: the build has to make it first.',
  why: 'bpftool writes it from the compiled BPF object. A source tree, or a Go module that was only fetched, does not have it.',
  help: 'Run the project’s own build (make, cargo build). By hand: bpftool gen skeleton FILE.bpf.o > FILE.skel.h. If the file is there but empty, that step failed: build again from the start and read its first error.',
  lesson: 'programs/loaders-and-links',
};

export const buildRules: readonly Rule[] = [
  // exec.ErrNotFound of Go; dash, bash and make
  {
    id: 'tool-missing',
    pattern:
      /exec: "?((?:\/[\w./-]{0,60}\/)?(?:clang|llc|llvm|opt|bpf|pahole|gcc|cc|g\+\+|make|cargo|rustfmt|tc|ip|xdp|iptables|docker|git|stringer|go)(?![a-z])[\w.+-]{0,40}|(?:llvm|bpf|xdp|clang)[\w.+-]{0,40})"?: executable file not found in|(?:\/(?:usr\/)?bin\/)?(?:sh|bash|dash|zsh)(?:: (?:line )?\d+)?: ((?:\/[\w./-]{0,60}\/)?(?:clang|llc|llvm|opt|bpf|pahole|gcc|cargo|ninja|meson|xxd|jq|protoc)[\w.+-]{0,40}): (?:command )?not found|make(?:\[\d+\])?: ((?:\/[\w./-]{0,60}\/)?(?:clang|llc|llvm|opt|bpf|pahole)[\w.+-]{0,40}): (?:Command not found|No such file or directory)|^((?:clang|llc|llvm|bpf|pahole)[\w.+-]{0,40}): (?:command )?not found|linker [`'"](bpf-linker)[`'"] not found|([\w.+-]{2,30}) is required to compile libbpf-sys|(?:[Ff]ailed|[Uu]nable) to (?:execute|exec|run|spawn|start|invoke) [`'"]?((?:clang|llc|llvm|bpf|pahole|xdp)[\w.+-]{0,40})[`'"]?(?: command)?: (?:No such file or directory|entity not found|not found|cannot find binary path)/,
    text: 'The program $1$2$3$4$5$6$7 is not installed, or not in PATH.',
    why: 'The build, or the tool, calls it. On some systems it only exists with a version in its name, such as clang-14 or llvm-strip-14.',
    help: 'clang, llc, llvm-strip and the like: sudo apt install clang llvm, dnf install clang llvm. bpftool: linux-tools-$(uname -r) on Ubuntu, bpftool elsewhere. pahole: dwarves. bpf-linker: cargo install bpf-linker. A versioned name: make CLANG=clang-14 LLC=llc-14, bpf2go -cc clang-14 -strip llvm-strip-14.',
    lesson,
  },
  // cmd/bpf2go of cilium/ebpf
  {
    id: 'bpf2go-compiler',
    pattern: /(?:Error: )?no compiler specified/,
    text: 'bpf2go has not been told which compiler to use.',
    why: 'Its option -cc is empty: mostly the line go:generate says -cc $BPF_CLANG, and that variable is not set.',
    help: 'export BPF_CLANG=clang (and BPF_CFLAGS="-O2 -g -Wall"), then go generate again; or leave -cc out: newer releases take clang by themselves.',
    lesson,
  },
  {
    id: 'gcc-not-clang',
    pattern:
      /(?:\S{0,100}gcc(?:-\d+)?|\S{0,100}cc1?|g\+\+): error: unrecognized (?:command[- ]line )?option '?(--?target\S*?|-mcpu=\S{1,20}?|-emit-llvm)'?(?:$|;|,| )/,
    text: 'gcc was called with an option of clang ($1).',
    why: 'BPF programs are compiled by clang here; gcc only knows BPF as a cross compiler of its own (bpf-unknown-none-gcc).',
    help: 'clang -O2 -g -target bpf -c FILE.bpf.c -o FILE.bpf.o; in a Makefile CLANG ?= clang, and no CC for this step. sudo apt install clang llvm.',
    lesson,
  },
  skeletonMissing,
  {
    id: 'library-missing',
    pattern:
      /(?:clang|gcc|cc|clang\+\+|g\+\+): error: (?:no such file or directory: '?|)([\w./-]{1,200}\/lib\w{1,40}\.(?:a|so)[\w.]{0,20})(?:'|: No such file)|(?:cannot f[io]u?nd|unable to find library) (-l(?:bpf|elf|z|xdp|bcc|zstd|pcap|cap|mnl|LLVM\S{0,20}|clang\S{0,20}))\b|Package '?(libbpf|libelf|libxdp|zlib|libbcc|libcap)'?(?:, required by [^,]{1,60},|(?: was)?) not found|could not find native static library `(bpf|elf|z|zstd|xdp|bcc)`|No package '(libbpf|libelf|libxdp|zlib|libbcc|libcap)' found|(lib(?:bpf|bcc|elf|xdp|clang|LLVM|bfd|opcodes)[\w.+-]{0,40}\.so[\w.]{0,12}): cannot open shared object file/,
    text: 'The library $1$2$3$4$5$6 is not on this machine, or not where it is looked for.',
    why: 'To build, the package with -dev or -devel in its name is needed, for a static build also the .a file. To run, the same major version of the .so as the program was linked with.',
    help: 'sudo apt install libbpf-dev libelf-dev zlib1g-dev; dnf install libbpf-devel elfutils-libelf-devel zlib-devel (libbpf.a: libbpf-static). ldconfig -p | grep NAME shows what there is; after make install run sudo ldconfig. Or build libbpf from its source: make -C libbpf/src install.',
    lesson,
  },
  // ld.so
  {
    id: 'library-too-old',
    pattern:
      /symbol lookup error: .{0,200}undefined symbol: ((?:bpf|btf|libbpf|ring_buffer|perf_buffer|xsk|xdp|libxdp)_\w{1,100}|btf__\w{1,100}|LIBBPF_[\d.]+)|version `?'?(LIBBPF_[\d.]+)'? not found|symbol (?:btf__|bpf_|libbpf_)(\w{1,80}) version LIBBPF/,
    text: 'The libbpf (or libxdp) that the program finds when it starts is older than the one it was built with: $1$2$3 is missing.',
    why: 'Several are installed, mostly the distribution’s in /usr/lib and one from source in /usr/local/lib or /usr/lib64; ld.so takes the first that it finds.',
    help: 'ldd PROGRAM | grep -E "bpf|xdp"; ldconfig -p | grep -E "libbpf|libxdp". sudo ldconfig after make install; LD_LIBRARY_PATH=/usr/local/lib64; or build against the one that is found, or statically (libbpf.a).',
    lesson,
  },
  {
    id: 'glibc-too-old',
    pattern: /version `?'?(GLIBC(?:XX)?_[\d.]{1,10})'? not found/,
    also: ['bpf|BPF|xdp|XDP|tracee|tetragon|falco|scx'],
    text: 'The program was built on a newer system: it wants $1, and this one’s C library is older.',
    why: 'A binary runs with the glibc that it was linked with, and with newer ones. The kernel and BPF have nothing to do with it.',
    help: 'ldd --version. Build it on this system (or an older one), take a release for this distribution, a static one, or run it from its container image.',
    lesson,
  },
  {
    id: 'cmake-missing',
    pattern:
      /Could NOT find (Lib(?:Elf|Bpf|Bcc|Bfd|Opcodes|Dw|Pcap|Cereal|LLDB|Debuginfod|PkgConfig)|LLVM|Clang|FLEX|BISON)\b|Could not find a package configuration file provided by "(LLVM|Clang|LibBpf|cereal)"|^\s*(LIB(?:ELF|BPF|BCC|BFD|OPCODES|PCAP)_(?:LIBRARIES|INCLUDE_DIRS?)|LLVM_DIR|CLANG_\w{1,20}) \(ADVANCED\)/,
    text: 'CMake does not find $1$2$3, which this build needs.',
    why: 'A library’s headers are in a package of its own, with -dev or -devel in its name; LLVM and Clang must be development packages of one version.',
    help: 'Debian, Ubuntu: sudo apt install libelf-dev libbpf-dev llvm-dev libclang-dev zlib1g-dev flex bison. Fedora: elfutils-libelf-devel libbpf-devel llvm-devel clang-devel. Then delete CMakeCache.txt (or the build folder) and call cmake again; -DLLVM_DIR=$(llvm-config --cmakedir) chooses one of several LLVMs.',
    lesson,
  },
  // git clone without --recurse-submodules
  {
    id: 'submodule-missing',
    pattern:
      /(?:make(?:\[\d+\])?: \*\*\* )?No rule to make target '?([\w./-]{0,80}(?:libbpf|bpftool|blazesym|vmlinux|headers)[\w./-]{0,120})'?|(?:make(?:\[\d+\])?: \*\*\* )?([\w./-]{0,80}(?:libbpf|bpftool|blazesym)[\w./-]{0,80}): No such file or directory\.? {1,3}Stop|(?:make(?:\[\d+\])?: \*\*\* )?No rule to make target '(install|all|libbpf|bpftool)'\.? {1,3}Stop|CMake Error.{0,80}(libbpf|bpftool|blazesym)\S{0,80} does not (?:exist|contain)/,
    also: ['bpf|xdp|BPF'],
    text: 'A part of the source tree is missing: $1$2$3$4.',
    why: 'Many projects have libbpf and bpftool as git submodules, which git clone does not fetch by itself; other files are made by an earlier step of the build.',
    help: 'git submodule update --init --recursive, then build again from the project’s root, as its README says. An archive (.zip) has no submodules: clone the repository.',
    lesson,
  },
  // make shows the shell's 128 + signal 11
  {
    id: 'bpftool-crash',
    pattern: /make(?:\[\d+\])?: \*\*\* \[(?:\S{1,100}: )?(\S{1,120}\.skel\.h)\] Error 139/,
    text: 'bpftool crashed when it should write the skeleton $1 (error 139 is a segmentation fault).',
    why: 'Nothing is wrong with your program as such: this bpftool, or the libbpf in it, stumbles over what this clang wrote; mostly one of the two is much older than the other.',
    help: 'bpftool version; clang --version. Update bpftool (git submodule update --init --recursive; a release of github.com/libbpf/bpftool), or use clang 12 or newer. By hand: bpftool -d gen skeleton FILE.bpf.o.',
    lesson,
  },
  // Rust
  {
    id: 'rust-core',
    pattern:
      /(?:error(?:\[E0463\])?: )?can't find crate for `(?:core|alloc)`|component 'rust-std' for target '(bpfe[lb]-unknown-none)' is unavailable|the `(bpfe[lb]-unknown-none)` target may not be installed|[`"]?\S{0,120}library\/Cargo\.lock"? does not exist, unable to build with the standard library/,
    also: ['bpf'],
    text: 'Rust has no ready-made core library for the BPF target; it is built along with the program.',
    why: 'That takes the nightly toolchain, its component rust-src, and the option build-std.',
    help: 'rustup toolchain install nightly --component rust-src; cargo +nightly build --target bpfel-unknown-none -Z build-std=core, or [unstable] build-std = ["core"] in .cargo/config.toml of the eBPF crate. Build from the project’s root with cargo xtask or cargo build, as aya’s template does.',
    lesson,
  },
  // llvm-sys, build.rs: one major version of it for each of LLVM
  {
    id: 'llvm-sys',
    pattern: /No suitable version of LLVM was found system-wide|Can not use LLVM(\d{1,2}) with Rust >= ([\d.]{1,8})/,
    also: ['bpf'],
    text: 'The LLVM that this Rust tool is built with is not the right one, or is not found.',
    why: 'bpf-linker and cargo-bpf link LLVM in: it must be exactly the major version that their llvm-sys names (160 is LLVM 16), with its headers; and not older than the LLVM in rustc, whose bitcode they read.',
    help: 'rustc -vV | grep LLVM; llvm-config --version. Install that llvm-dev, set LLVM_SYS_160_PREFIX=/usr/lib/llvm-16 (the number as in the message), or choose the feature: cargo install bpf-linker --no-default-features --features llvm-NN. cargo install bpf-linker without more uses rustc’s own.',
    lesson,
  },
  {
    id: 'llvm-bitcode',
    pattern:
      /(?:couldn't process IR file: \S{1,300}: error: Invalid record|(?:Unknown attribute kind \(\d{1,4}\)|Not an int attribute|Invalid record|Invalid attribute group entry) \((Producer: '[^']{1,30}' Reader: '[^']{1,30}')\)|Opaque pointers are only supported in -opaque-pointers mode)/,
    also: ['bpf'],
    text: 'The bitcode was written by a newer LLVM than the tool that reads it has ($1).',
    why: 'LLVM reads bitcode of its own and older versions only. clang, llc, opt, rustc and bpf-linker each may have another one.',
    help: 'Compare: clang --version; llc --version; rustc -vV | grep LLVM; bpf-linker --version. Take all of them from one release, or compile in one step: clang --target=bpf -O2 -c.',
    lesson,
  },
  {
    id: 'bpf-linker',
    pattern: /linking with `bpf-linker` failed: (exit (?:status|code): (?!101)\d{1,3})/,
    text: 'bpf-linker refused what it was given, and ended with $1; why is in its own lines below this one (“error:”, “ERROR llvm:”).',
    why: 'It can be an option for another linker that reaches it (mold or lld by RUSTFLAGS or .cargo/config.toml), bitcode of a newer LLVM than its own, or code that BPF cannot do: a call that may panic, 128-bit numbers.',
    help: 'Read the lines below. env | grep RUSTFLAGS; cat .cargo/config.toml ~/.cargo/config.toml. rustc +nightly -vV | grep LLVM, and bpf-linker --version: they should agree; cargo install bpf-linker --force.',
    lesson,
  },
  {
    id: 'bpf-linker',
    pattern: /linking with `bpf-linker` failed: (.{1,80})|(?:note: )?[Uu]nable to open LLVM shared lib/,
    text: 'bpf-linker failed ($1).',
    why: 'A crash, or an exit without words of its own, is mostly a bpf-linker that was built with another LLVM than rustc’s. Otherwise LLVM cannot compile this code for BPF: a call that may panic, 128-bit numbers, or a bug of it.',
    help: 'rustc +nightly -vV | grep LLVM, and bpf-linker --version: they should agree. rustup update nightly; cargo install bpf-linker --force. If they do, read the lines “ERROR llvm:”, and take the program apart until it links.',
    lesson,
  },
];
