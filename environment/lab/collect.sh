# Runs in the root that root.sh makes: compiles the grader's tools and collects the guest's files. What it leaves is in /build/output.
set -eu
export LC_ALL=C.UTF-8
tree=/build/tree tools=/usr/lib/hookpoint/toolkit
mkdir -p "$tree/usr/bin" "$tree/usr/sbin" "$tree/usr/lib64" "$tree$tools" "$tree/etc"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$tree/$folder"; done

# As grader/kit/guest/toolkit.ts has them compiled in a guest, for one that has no compiler for itself.
tool() {
  name=$1
  shift
  (cd /build/guest && gcc -O1 -Wall -Wextra -Werror -s -o "$tree$tools/$name" "$name.c" "$@")
}
tool loader loader-object.c loader-attach.c loader-links.c loader-maps.c loader-types.c loader-variables.c loader-run.c -lbpf -lelf
tool actor -lpthread
tool wire -lbpf -lelf
tool attached -lbpf -lelf
for name in reader spawner executor; do tool "$name" -lpthread; done
for name in network access filter apart dialer gate; do tool "$name"; done
gcc -O2 -Wall -Wextra -Werror -s -o "$tree/usr/lib/hookpoint/agent" /build/guest/agent.c

# A file with the libraries that it is linked with, where they are.
take() {
  mkdir -p "$tree$(dirname "$1")"
  cp -L "$1" "$tree$1"
  libraries "$1"
}
linked() {
  { ldd "$1" 2>/dev/null || true; } | sed -n 's,.* \(/[^ ]*\) (.*,\1,p; s,^[[:space:]]*\(/lib64/[^ ]*\) (.*,\1,p'
}
libraries() {
  linked "$1" | while read -r library; do
    place=/usr${library#/usr}
    [ -e "$tree$place" ] || { mkdir -p "$tree$(dirname "$place")" && cp -L "$library" "$tree$place"; }
  done
}
# Not busybox-static: its shell runs its own `ip` in place of iproute2's, and most commands without any execve for a program to see.
take /usr/bin/busybox
take /usr/sbin/bpftool
take /usr/bin/ip
# Checks start it under names of their own, by which busybox would not know what to do.
take /usr/bin/true
take /usr/bin/dash
ln -s dash "$tree/usr/bin/sh"
for file in "$tree$tools"/* "$tree"/usr/lib/hookpoint/agent; do libraries "$file"; done

# What compiles BPF programs is in a folder of its own, of which the state is saved apart (grader/machine/lab/set-up.ts): gcc's compiler
# proper, its assembler, and the libraries that nobody else needs.
compiler=/usr/lib/hookpoint/compiler
mkdir -p "$tree$compiler/lib"
for program in cc1 as; do
  file=$(bpf-gcc -print-prog-name=$program)
  cp -L "$file" "$tree$compiler/$program"
  linked "$file" | while read -r library; do
    [ -e "$tree/usr${library#/usr}" ] || cp -L "$library" "$tree$compiler/lib/"
  done
done
# Not in there: it is what says that the compiler is not there.
gcc -O2 -Wall -Wextra -Werror -s -o "$tree/usr/lib/hookpoint/types" /build/types/*.c
gcc -O2 -Wall -Wextra -Werror -s -o "$tree$compiler/unqualify" /build/unqualify.c
cp -a "$(bpf-gcc -print-file-name=include)" "$tree$compiler/include"
mkdir -p "$tree/usr/include" && cp -a /usr/include/bpf "$tree/usr/include/"
install -m 755 /build/clang "$tree/usr/bin/clang"

for applet in $(/usr/bin/busybox --list); do
  [ -e "$tree/usr/bin/$applet" ] || [ -e "$tree/usr/sbin/$applet" ] || ln -s busybox "$tree/usr/bin/$applet"
done
printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'nobody:x:65534:65534:nobody:/:/bin/false' >"$tree/etc/passwd"
printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$tree/etc/group"
install -m 755 /build/init "$tree/init"
(cd "$tree" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) >/build/output/initramfs
cp -a "$tree$compiler" /build/output/compiler
dpkg-query -W -f '${Package} ${Version}\n' >/build/output/packages
