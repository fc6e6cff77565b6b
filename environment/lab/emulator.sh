#!/bin/sh
# Builds the emulator: Bochs of Debian's source package, compiled to WebAssembly with Debian's emscripten.
#
#   environment/lab/emulator.sh OUTPUT_FOLDER
#
#   emulator.mjs   the module, and what it is linked with
#   emulator.wasm
#   sources/       what Debian's source package consists of, our patch and files, the commands, the packages' versions, the licences
#
# Needs mmdebstrap and, when not root, user namespaces with a range of ids (package uidmap); no root. mmdebstrap builds below TMPDIR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=$1
packages=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/emulator-packages.txt" | paste -sd, -)

# Hooks come as text in the environment: their files need not be readable for the users of a user namespace.
SOURCE=$(cat "$here/bochs-source.sh")
export SOURCE

work=$(mktemp -d "$output/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mmdebstrap --variant=apt --format=null --include="$packages" \
  --aptopt='Apt::Install-Recommends "false"' \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='mkdir -p "$1/build/ours" "$1/build/source"' \
  --customize-hook="copy-in $here/bochs.patch $here/bochsrc $here/machine.cc $here/reset.S $here/compile.sh /build/ours" \
  --customize-hook='sh -c "$SOURCE" source "$1"' \
  --customize-hook='chroot "$1" sh -eu /build/ours/compile.sh' \
  --customize-hook="copy-out /build/output $work" \
  trixie /dev/null
mv "$work"/output/* "$output/"
