# A mmdebstrap hook: makes an ext4 image of the finished root ($1) in the file that is open as descriptor 9.
# A bind mount that is not recursive shows the root without the /proc, /sys and /dev that mmdebstrap has mounted in it;
# the mount namespace keeps it to ourselves, where / is a mount that can be made private (in a chroot it is not).
set -eu
exec unshare --mount --propagation unchanged sh -eu -c '
  mount --make-rprivate / 2>/dev/null || true
  mount --bind "$1" "$1/mnt"
  trap "umount \"\$1/mnt\"" EXIT
  mke2fs -q -F -t ext4 -O ^has_journal,^resize_inode -m 0 -E lazy_itable_init=0 -L hookpoint -d "$1/mnt" /proc/self/fd/9 2G
' pack "$1"
