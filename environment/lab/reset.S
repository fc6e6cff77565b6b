/* The machine has no BIOS: this is all of its ROM. The processor begins at the last 16 bytes and goes where Linux's 32-bit boot
 * protocol wants it (Documentation/arch/x86/boot.rst): protected mode, flat segments, boot_params in esi. grader/machine/lab/boot.ts
 * has put the kernel and boot_params where this says. Linked at 0xfffff000, 4,096 bytes. */
	.set boot_params, 0x10000
	.set kernel, 0x100000

	.code16
	.globl _start
_start:
	cli
	lgdtl %cs:descriptors_at - _start + 0xf000
	mov %cr0, %eax
	or $1, %al
	mov %eax, %cr0
	ljmpl $0x10, $protected

	.code32
protected:
	mov $0x18, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %fs
	mov %eax, %gs
	mov %eax, %ss
	xor %ebx, %ebx
	xor %ebp, %ebp
	xor %edi, %edi
	mov $boot_params, %esi
	mov $kernel, %eax
	jmp *%eax

	.balign 8
descriptors:
	.quad 0, 0
	.quad 0x00cf9b000000ffff        /* 0x10: code, 4 GiB */
	.quad 0x00cf93000000ffff        /* 0x18: data, 4 GiB */
descriptors_at:
	.word . - descriptors - 1
	.long descriptors

	.org 0xff0, 0xff
	.code16
	jmp _start
	.org 0x1000, 0xff
