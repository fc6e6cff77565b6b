#!/bin/sh
# Makes the initramfs of the lab's guest from Debian 13 packages: a few programs, what they are linked with, and the grader's tools.
#
#   environment/lab/root.sh OUTPUT_FOLDER
#
#   initramfs      a cpio archive, not compressed: it is unpacked by an emulated processor
#   compiler/      what of it compiles BPF programs
#   packages       the packages and their versions
#
# Needs mmdebstrap and, when not root, user namespaces with a range of ids (package uidmap); no root. mmdebstrap builds below TMPDIR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=$1
packages=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/root-packages.txt" | paste -sd, -)

work=$(mktemp -d "$output/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mmdebstrap --variant=essential --format=null --include="$packages" \
  --aptopt='Apt::Install-Recommends "false"' \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='mkdir -p "$1/build/output"' \
  --customize-hook="copy-in $here/../guest $here/collect.sh $here/init $here/clang $here/types $here/unqualify.c /build" \
  --customize-hook='chroot "$1" sh -eu /build/collect.sh' \
  --customize-hook="copy-out /build/output $work" \
  trixie /dev/null
mv "$work"/output/* "$output/"
