#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region kprobe
SEC("kprobe/vfs_fsync_range")
int BPF_KPROBE(kprobe_in, struct file *file, loff_t start, loff_t end, int datasync)
{
	const unsigned char *name = BPF_CORE_READ(file, f_path.dentry, d_name.name);
	char text[32];

	bpf_probe_read_kernel_str(text, sizeof(text), name);
	bpf_printk("kprobe: fsync of %s", text);
	return 0;
}

SEC("kretprobe/vfs_fsync_range")
int BPF_KRETPROBE(kretprobe_out, int ret)
{
	bpf_printk("kretprobe: returned %d", ret);
	return 0;
}
// #endregion

// #region fentry
SEC("fentry/vfs_fsync_range")
int BPF_PROG(fentry_in, struct file *file, loff_t start, loff_t end, int datasync)
{
	bpf_printk("fentry: fsync of %s", file->f_path.dentry->d_name.name);
	return 0;
}

SEC("fexit/vfs_fsync_range")
int BPF_PROG(fexit_out, struct file *file, loff_t start, loff_t end, int datasync, int ret)
{
	bpf_printk("fexit: fsync of %s returned %d", file->f_path.dentry->d_name.name, ret);
	return 0;
}
// #endregion
