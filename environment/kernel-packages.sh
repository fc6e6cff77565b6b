# A mmdebstrap hook: downloads the newest kernel of the series $SERIES, with its headers, into /packages of the
# root ($1). mmdebstrap has told apt the suite's mirror and keys; apt only downloads here and nothing is installed.
set -eu
series=$SERIES
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
mkdir "$1/packages"
cd "$1/packages"

release=$(apt-cache search --names-only "^linux-image-$series[.-][^ ]*-cloud-amd64\$" |
  sed -n "s/^linux-image-\([^ ]*\) .*/\1/p" | grep -v unsigned | sort -V | tail -n 1)
if [ -z "$release" ]; then
  echo "kernel-packages: this Debian release has no kernel of the series $series (any more)" >&2
  exit 1
fi

# Until 6.18 all of a kernel is in linux-image; from 6.19 on, linux-image only depends on its three parts.
# Of some kernels the archive keeps no headers: only BCC needs them, and its exercises say so then.
depends() { apt-cache depends --important "$1" | sed -n "s/^  Depends: \($2\)\$/\1/p"; }
image=linux-image-$release headers=linux-headers-$release
set -- "$image" $(depends "$image" 'linux-\(base\|binary\|modules\)-.*cloud-amd64')
if apt-cache show "$headers" >/dev/null 2>&1; then
  set -- "$@" "$headers" $(depends "$headers" 'linux-\(headers\|kbuild\)-[^ ]*')
fi
apt-get download -q -o APT::Sandbox::User=root "$@"
printf '%s\n' "$release" >release
