#!/bin/sh
# Fetches one Debian cloud kernel and makes of it what the machine boots:
#
#   environment/kernel.sh SUITE SERIES ROOT_IMAGE OUTPUT_FOLDER
#
#   vmlinuz        the kernel
#   initramfs.gz   busybox, the drivers for QEMU's virtio devices, environment/guest/init
#   layer.ext4     /usr/lib/modules and /usr/src (headers, which BCC compiles against), a layer over the root image
#   release        what `uname -r` will say
#
# SUITE is Debian's name of a release, SERIES a version such as 6.12; busybox is taken out of ROOT_IMAGE.
# Needs mmdebstrap, e2fsprogs, kmod, cpio, xz and dpkg-deb; no root.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
suite=$1 series=$2 root_image=$3 output=$4

work=$(mktemp -d "$output/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mkdir "$work/tree" "$work/initramfs" "$work/layer"
SERIES=$series PACKAGES=$(cat "$here/kernel-packages.sh")
export SERIES PACKAGES
mmdebstrap --variant=custom --format=null \
  --customize-hook='sh -c "$PACKAGES" kernel-packages "$1"' \
  --customize-hook="copy-out /packages $work" "$suite" /dev/null

for package in "$work"/packages/*.deb; do dpkg-deb --extract "$package" "$work/tree"; done
release=$(cat "$work/packages/release")
tree=$work/tree
[ -d "$tree/usr/lib/modules" ] || { mkdir -p "$tree/usr/lib" && mv "$tree/lib/modules" "$tree/usr/lib/"; } # before Debian 13
modules=$tree/usr/lib/modules/$release
# Until 6.18 the kernel and its configuration are in /boot, from 6.19 on beside its modules.
if [ -f "$tree/boot/vmlinuz-$release" ]; then
  mv "$tree/boot/vmlinuz-$release" "$modules/vmlinuz"
  mv "$tree/boot/config-$release" "$modules/config"
fi
mv "$modules/vmlinuz" "$output/vmlinuz"
mkdir -p "$tree/usr/src"
mkdir -p "$work/layer/usr/lib"
mv "$tree/usr/lib/modules" "$work/layer/usr/lib/"
mv "$tree/usr/src" "$work/layer/usr/"
for kbuild in "$tree"/usr/lib/linux-kbuild-*; do
  if [ -d "$kbuild" ]; then mv "$kbuild" "$work/layer/usr/lib/"; fi
done

# The boot needs these drivers and what they depend on; what is built into this kernel is not among its modules.
# A dependency stands in modules.dep only after depmod, which the package's installation would have run.
modules=$work/layer/usr/lib/modules/$release
mkdir "$work/depmod" "$work/depmod/lib" && ln -s "$work/layer/usr/lib/modules" "$work/depmod/lib/modules"
PATH=$PATH:/usr/sbin:/sbin depmod -b "$work/depmod" "$release"
mkdir -p "$work/initramfs/bin" "$work/initramfs/modules"
for wanted in virtio_pci virtio_blk virtio_console ext4 overlay; do
  PATH=$PATH:/usr/sbin:/sbin modprobe -d "$work/depmod" -S "$release" --show-depends "$wanted"
done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' >"$work/wanted"
while read -r file; do
  name=$(basename "$file" .xz)
  case $file in *.xz) xz -dc "$file" ;; *) cat "$file" ;; esac >"$work/initramfs/modules/$name"
  echo "$name" >>"$work/initramfs/modules/order"
done <"$work/wanted"

debugfs -R "dump /usr/bin/busybox $work/initramfs/bin/busybox" "$root_image" 2>/dev/null
[ -s "$work/initramfs/bin/busybox" ] || { echo "kernel: no busybox in $root_image" >&2; exit 1; }
cp "$here/guest/init" "$work/initramfs/init"
chmod 755 "$work/initramfs/bin/busybox" "$work/initramfs/init"
(cd "$work/initramfs" && mkdir dev proc sys && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | gzip -1 >"$output/initramfs.gz"

mke2fs -q -t ext4 -O ^has_journal,^resize_inode -m 0 -E lazy_itable_init=0,root_owner=0:0 -L kernel -d "$work/layer" "$output/layer.ext4" 400M
printf '%s\n' "$release" >"$output/release"
