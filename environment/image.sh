#!/bin/sh
# Builds the guest's root file system: Debian 13 from packages, as one ext4 image that every kernel shares.
#
#   environment/image.sh OUTPUT.ext4
#
# Needs mmdebstrap, e2fsprogs and, when not root, user namespaces with a range of ids (package uidmap). mmdebstrap
# builds below TMPDIR, which every user must be able to enter.
# Prints mmdebstrap's progress on stderr. OUTPUT is whole or absent: the caller names a staging file.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=$1
: >"$output"
chmod 666 "$output" # the hook that fills it runs as another user in a user namespace, and gets it as descriptor 9
packages=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/packages.txt" | paste -sd, -)

# /tmp of the new root is left alone: it holds mmdebstrap's apt configuration, and without it mmdebstrap's last step
# would clean the package lists of the machine that builds.
#
# Hooks come as text in the environment: their files need not be readable for the users of a user namespace.
PACK=$(cat "$here/pack.sh")
export PACK

# Go brings its libraries as source. Compiling what programs of exercises and of learners import takes minutes where instructions
# are emulated, so the image has it compiled, and a list of it for Go's compiler and linker (grader/kit/go/go.ts).
GO_PACKAGE='{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}'
GO_IMPORTS=$(sed -e 's/#.*//' "$here/go-imports.txt" | xargs)
export GO_PACKAGE GO_IMPORTS

# Documentation, translations and sanitizer archives are two fifths of the packages and no exercise reads them.
mmdebstrap --variant=essential --format=null --include="$packages" \
  --aptopt='Apt::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/i18n/*' \
  --dpkgopt='path-exclude=/usr/lib/x86_64-linux-gnu/gconv/*' \
  --dpkgopt='path-include=/usr/lib/x86_64-linux-gnu/gconv/UTF*' \
  --dpkgopt='path-include=/usr/lib/x86_64-linux-gnu/gconv/gconv-modules*' \
  --dpkgopt='path-exclude=/usr/share/go-*/test/*' \
  --dpkgopt='path-exclude=/usr/lib/llvm-*/lib/*.a' \
  --dpkgopt='path-exclude=/usr/lib/gcc/*/*/lib*san*' \
  --dpkgopt='path-exclude=/usr/lib/udev/hwdb.d/*' \
  --customize-hook='mkdir -p "$1/usr/lib/hookpoint" "$1/work" "$1/kernel"' \
  --customize-hook="copy-in $here/guest/agent.c /usr/lib/hookpoint" \
  --customize-hook='chroot "$1" gcc -O2 -Wall -Wextra -Werror -o /usr/lib/hookpoint/agent /usr/lib/hookpoint/agent.c' \
  --customize-hook='chroot "$1" env -i PATH=/usr/bin GOCACHE=/usr/lib/hookpoint/go GOPATH=/usr/share/gocode GO111MODULE=off CGO_ENABLED=0 GOTOOLCHAIN=local go list -trimpath -export -deps -f "$GO_PACKAGE" $GO_IMPORTS > "$1/usr/lib/hookpoint/importcfg"' \
  --customize-hook='chroot "$1" dpkg-query -W -f "\${Package} \${Version}\n" > "$1/usr/lib/hookpoint/packages"' \
  --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*' \
  --customize-hook='sh -c "$PACK" pack "$1"' \
  trixie /dev/null 9<>"$output"
