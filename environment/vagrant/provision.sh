#!/bin/sh
# Turns a fresh Debian 13 into a machine for the course: all that the guest has, BCC's tools, manual pages, the headers of the kernel,
# and BPF among its security modules.
#
#   sudo sh environment/vagrant/provision.sh [FOLDER OF THE COURSE]
#
# `vagrant up` runs it in its machine; any other Debian 13 will do as well. You can run it again. It ends with what this Linux can do.
set -eu

course=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
packages=$(sed -e 's/#.*//' "$course/environment/packages.txt")
architecture=$(dpkg --print-architecture)
kernel=$(uname -r)
modules=$(cat /sys/kernel/security/lsm 2>/dev/null || true)
restart=
export DEBIAN_FRONTEND=noninteractive

apt-get update
# BCC needs the headers of the running kernel. Debian keeps those of the newest one only, so an older kernel is replaced.
if apt-cache show "linux-headers-$kernel" >/dev/null 2>&1; then
	headers=linux-headers-$kernel
else
	headers="linux-image-$architecture linux-headers-$architecture"
fi
# shellcheck disable=SC2086 # lists of packages
apt-get install --yes --no-install-recommends $packages $headers bpfcc-tools git man-db manpages-dev

# Debian compiles BPF LSM in, and does not switch it on. Only a boot does.
case ,$modules, in
,, | *,bpf,*) ;;
*)
	mkdir -p /etc/default/grub.d
	echo "GRUB_CMDLINE_LINUX=\"\$GRUB_CMDLINE_LINUX lsm=$modules,bpf\"" >/etc/default/grub.d/bpf-lsm.cfg
	if command -v update-grub >/dev/null; then update-grub; fi
	restart=yes
	;;
esac

bash "$course/content/examples/setup/ready.sh"
[ -e "/lib/modules/$kernel/build" ] || restart=yes
if [ -n "$restart" ]; then
	echo 'Restart the machine for the rest: vagrant reload, or sudo reboot'
fi
