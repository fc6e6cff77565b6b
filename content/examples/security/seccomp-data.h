/* From the kernel's interface, linux/seccomp.h: what a filter reads in place of a packet. */
// #region data
struct seccomp_data {
	int nr;                    /* number of the system call */
	__u32 arch;                /* AUDIT_ARCH_X86_64 and the like */
	__u64 instruction_pointer; /* where the call was made */
	__u64 args[6];
};
// #endregion
