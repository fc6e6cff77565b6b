/** What clang is told for BPF, of a learner's program as of the kernel's types. */

const architectures: Record<string, { target: string; triple: string }> = {
  x86_64: { target: 'x86', triple: 'x86_64-linux-gnu' },
  aarch64: { target: 'arm64', triple: 'aarch64-linux-gnu' },
};

/** The flags of every compile. The module of vmlinux.h must be made with the very same ones. */
export function compileFlags(arch: string, headers: string): string[] {
  const known = architectures[arch];
  if (!known) throw new Error(`No compiler flags are known for the architecture '${arch}'.`);
  return [
    '-g',
    '-O2',
    '-target',
    'bpf',
    `-D__TARGET_ARCH_${known.target}`,
    '-mcpu=v3',
    '-Wall',
    '-Werror=implicit-function-declaration',
    '-I',
    headers,
    // <linux/bpf.h> needs <asm/types.h>, which Debian keeps here
    '-idirafter',
    `/usr/include/${known.triple}`,
  ];
}
