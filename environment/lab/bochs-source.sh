# A mmdebstrap hook: downloads Debian's source package of Bochs into /build/source of the root ($1). mmdebstrap has told apt the suite's
# mirror and keys; sources are where packages are. apt checks the two archives against the signed index, so their .dsc, which some
# mirrors do not keep, has nothing to add.
set -eu
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
for list in "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*.list; do
  [ ! -f "$list" ] || sed -n 's/^deb /deb-src /p' "$list"
done | sort -u >"$1/tmp/source.list"
mv "$1/tmp/source.list" "$1/etc/apt/sources.list.d/source.list"
apt-get update -q
cd "$1/build/source"
for part in tar diff; do
  apt-get source -q --download-only "--$part-only" -o APT::Sandbox::User=root bochs
done
