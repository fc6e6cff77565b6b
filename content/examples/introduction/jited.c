/* Prints the machine code of a program, by its id, as bytes in hexadecimal: one line for `llvm-mc --disassemble`. */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	static unsigned char code[64 * 1024];
	struct bpf_prog_info info = { .jited_prog_insns = (unsigned long)code, .jited_prog_len = sizeof(code) };
	__u32 size = sizeof(info);
	int program = argc == 2 ? bpf_prog_get_fd_by_id(atoi(argv[1])) : -1;

	if (program < 0 || bpf_prog_get_info_by_fd(program, &info, &size) != 0)
		return 1;
	for (__u32 i = 0; i < info.jited_prog_len && i < sizeof(code); i++)
		printf("0x%02x ", code[i]);
	printf("\n");
	return 0;
}
