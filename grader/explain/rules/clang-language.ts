/** What clang and gcc say of C itself, whatever the program is for, and of their own options. After the rules that know BPF. */
import type { Rule } from '../rule.ts';

const lesson = 'introduction/life-of-a-program';

export const clangLanguageRules: readonly Rule[] = [
  {
    id: 'clang-werror',
    pattern: /(.{1,160}?) \[-Werror(?:,|=)-?W?([\w-]{1,40})\]/,
    text: 'A warning ends the build here, because of -Werror: $1.',
    why: 'Mostly the code was written for another version of the compiler, which did not warn of it.',
    help: 'Fix what it warns of, or let it be a warning: -Wno-error=$2 in CFLAGS (make CFLAGS="… -Wno-error"); without -Werror the rest is built.',
    lesson,
  },
  {
    id: 'clang-conditional',
    pattern: /unterminated conditional directive|#(?:endif|else|elif) without #if|unterminated #\w{2,6}/,
    text: 'An #if and its #endif do not belong together.',
    why: 'One of the two is missing, or the file is cut off: a header that a script writes may have ended early, because that script failed.',
    help: 'Go to the end of the file that is named: each #if, #ifdef and #ifndef needs one #endif. If a tool generates the file, delete it and run that step again, and read its own errors.',
    lesson,
  },
  {
    id: 'clang-argument-count',
    pattern:
      /too (few|many) arguments (?:to|provided to) (?:function call|function|function-like macro invocation)(?:,? .{0,60})?/,
    text: 'A function or macro is called with too $1 arguments.',
    why: 'The declaration that is found has another number of them. For functions of libbpf or the kernel that is a matter of versions.',
    help: 'Look at the “note: declared here” below it. If it is a library’s function, compare its version with the one that the program was written for (pkg-config --modversion libbpf).',
    lesson,
  },
  {
    id: 'clang-types-differ',
    pattern:
      /(?:incompatible (?:pointer to integer|integer to pointer|pointer) (?:conversion|types)|passing '[^']{1,100}' to parameter of incompatible type|assigning to '[^']{1,100}' from incompatible type|initializing '[^']{1,100}' with an expression of incompatible type|passing argument \d+ of '[^']{1,60}' (?:from incompatible pointer type|makes \w+ from \w+ without a cast)|returning '[^']{1,60}' from a function with incompatible result type|incompatible types when \w+).{0,120}/,
    text: 'A value of another type is given than is wanted here.',
    why: 'Newer compilers refuse what older ones only warned of. In BPF programs it is often the context (void *ctx instead of the type’s structure), or a callback with other parameters.',
    help: 'Compare both types in the message; give the variable the type that is wanted, or cast it if you know that it is right. A number that is a pointer: (void *)(long)value.',
    lesson,
  },
  {
    id: 'clang-arrow',
    pattern:
      /member reference type '([^']{1,100})' is (a pointer|not a pointer|not a structure or union)|request for member '([^']{1,60})' in something not a structure/,
    text: 'A field is read with . or -> where the other one, or neither, fits ($1 is $2).',
    why: '-> follows a pointer, . reads a structure itself; a number has no fields, and a type that is not known counts as a number.',
    help: 'Use -> for pointers. If it should be a structure: include the header that declares it.',
    lesson,
  },
  {
    id: 'clang-declared-twice',
    pattern:
      /static declaration of '(\w{1,80})' follows non-static|non-static declaration of '(\w{1,80})' follows static/,
    text: '$1$2 is declared in two ways.',
    why: 'Two headers, or a header and the program, declare it differently: mostly headers of different versions (the kernel’s, libbpf’s, the project’s own copy), or both vmlinux.h and <linux/…>.',
    help: 'The note below it says where the other declaration is. Leave one of the two headers out, or take both from one version.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-operands',
    pattern:
      /invalid operands to binary (?:expression|\S{1,3})|indirection requires pointer operand|subscripted value is (?:not an array|neither array)|invalid argument type '[^']{1,60}' to unary expression|used type '[^']{1,80}' where/,
    text: 'These types cannot be combined in this way.',
    why: 'A structure, or a pointer, is used where a number is needed, or the reverse.',
    help: 'Read the field that you mean, dereference the pointer with *, or cast to a number with (long).',
    lesson,
  },
  {
    id: 'clang-not-constant',
    pattern:
      /initializer element is not (?:a compile-time )?constant|expression is not (?:an integer )?(?:a )?constant(?: expression)?|case (?:value|label) (?:is not|does not reduce to) (?:a|an) .{0,20}constant|cannot take (?:the )?address of bit-field/,
    text: 'A constant is needed here, and this is not one.',
    why: 'The initial value of a global variable, the size of an array, a case and an argument of __uint() must be known when it is compiled. A bit field has no address.',
    help: 'Use #define, an enum or sizeof; set the variable at run time; for a bit field use BPF_CORE_READ_BITFIELD().',
    lesson,
  },
  {
    id: 'clang-syntax',
    pattern:
      /expected (?:identifier(?: or '\(')?|parameter declarator|declaration specifiers|function body after function declarator|statement|expression|'[^']{1,3}'.{0,40})|extraneous closing brace|(?:stray|unexpected) .{1,30} in program|missing terminating .{1,10} character|type specifier missing, defaults to 'int'|a type specifier is required for all declarations|unknown type name '(?:static|extern|SEC)'/,
    text: 'The compiler does not understand the text here: something before this place is missing, too much, or not known.',
    why: 'Mostly a ; or a bracket is missing a line before, or a macro such as SEC() or a type is not known because its header is not included.',
    help: 'Look at the line that is named and the one above it. Is #include <bpf/bpf_helpers.h> there, after "vmlinux.h" or <linux/bpf.h>?',
    lesson,
  },
];

/** What the compiler says before it reads a line: these have no place in a file. */
export const compilerRules: readonly Rule[] = [
  {
    id: 'clang-option-joined',
    pattern: /error: unknown argument:? '(-{1,2}[\w-]{1,30}) ([^']{1,80})'/,
    text: 'The compiler was given “$1 $2” as one word, and it knows no such option.',
    why: 'An option and its value are two arguments: quotes around both, or a list with one entry for both, make one of them. Without that option, what follows is compiled for this machine and not for BPF.',
    help: 'Pass "$1" and "$2" separately, or as one word with =: --target=bpf. Errors below this one mostly follow from it.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-option',
    pattern:
      /(?:(?:clang|gcc|cc|c\+\+|g\+\+)\S{0,10}: |^)error: (?:unknown argument:? '?([^'\s]{1,80})|unsupported option '?([^'\s]{1,80})'? (?:for target|specified)?|unrecognized (?:command[- ]line )?option '?([^'\s]{1,80})|unsupported argument '?([^'\s]{1,40})'? to option)|unknown target CPU '([^']{1,40})'/,
    text: 'The compiler does not know the option $1$2$3$4$5.',
    why: 'It belongs to another compiler (gcc and clang differ), to a newer version, or to this machine’s target and not to BPF: flags for user space (CFLAGS, CGO_CFLAGS) must not reach clang -target bpf.',
    help: 'clang --version. Take the option out for the BPF object, or use the compiler that the project asks for (CC=clang, CLANG=clang-14).',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-no-input',
    pattern:
      /(?:clang|gcc|cc)\S{0,10}: error: (?:no such file or directory: '?([^'\s]{1,200})|no input files|(\S{1,200}\.c): No such file)|cannot specify -o when generating multiple output files/,
    text: 'The compiler does not find the file to compile ($1$2).',
    why: 'The path counts from the folder in which the command runs.',
    help: 'ls the file from there; run make in the project’s own folder.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-too-old',
    passing: true,
    pattern: /'(probe|v[1-4]|generic)' is not a recognized processor for this target/,
    text: 'This clang is too old to know -mcpu=$1 for BPF, and ignores it.',
    why: 'probe came with LLVM 6, v3 with LLVM 9, v4 with LLVM 18. That is a warning: it compiles for the oldest BPF, which may be too little for the program.',
    help: 'clang --version; install a newer one (14 or newer for today’s projects): apt.llvm.org has packages.',
    lesson: 'setup/reference-environment',
  },
];
