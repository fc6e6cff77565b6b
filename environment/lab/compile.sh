# Runs in the root that emulator.sh makes: unpacks, changes, configures and compiles Bochs. What it leaves is in /build/output.
set -eu
export HOME=/build/home LC_ALL=C.UTF-8 PATH="/build/bin:$PATH"
mkdir -p "$HOME" /build/bin /build/output/sources
mkdir /build/bochs
cd /build/bochs
tar -xf ../source/*.orig.tar.xz --strip-components=1
tar -xf ../source/*.debian.tar.xz
grep -v '^#' debian/patches/series | while read -r name; do patch -p1 <"debian/patches/$name"; done
patch -p1 <../ours/bochs.patch

# Its makefiles call ar by that name, and binutils' knows no WebAssembly.
printf '#!/bin/sh\nexec emar "$@"\n' >/build/bin/ar
chmod 755 /build/bin/ar

# One processor, no debugger, no screen, and devices that a kernel without a disk needs: a tenth of what Bochs can be.
# A guest's exception is a longjmp: as one of WebAssembly's own it costs a tenth of one by way of JavaScript.
# To configure it links 150 small programs, each of which would be optimized: until then -O0.
flags='-O0 -fno-exceptions -sSUPPORT_LONGJMP=wasm'
emconfigure ./configure --build=x86_64-linux-gnu --host=i686-linux-gnu \
  --enable-cpu-level=6 --enable-x86-64 --enable-repeat-speedups \
  --disable-large-ramfile --disable-show-ips --disable-stats --disable-cdrom --disable-perfmon --disable-monitor-mwait --disable-docbook \
  --with-nogui CFLAGS="$flags" CXXFLAGS="$flags -std=gnu++17 -include libgen.h" # one file uses basename() without it

find . -name Makefile -exec sed -i 's|-O0|-O2|g' {} +
flags="-O2 ${flags#-O0 }"
sed -i 's| -Wl,--export-dynamic||' Makefile # it would make an export of each function
as --32 -o reset.o ../ours/reset.S
ld -m elf_i386 -Ttext 0xfffff000 --oformat binary -o rom reset.o
em++ $flags -std=gnu++17 -I. -Iinstrument/stubs -c ../ours/machine.cc -o machine.o
link="machine.o $flags -sMODULARIZE -sEXPORT_ES6 -sENVIRONMENT=worker,node -sWASM_BIGINT -sINVOKE_RUN=0 -sSTACK_SIZE=1MB
  -sINITIAL_MEMORY=320MB -sEXPORTED_RUNTIME_METHODS=HEAPU8 -sEXPORTED_FUNCTIONS=_machine_start
  --embed-file rom@/rom --embed-file ../ours/bochsrc@/bochsrc -o /build/output/emulator.mjs"
emmake make -j"$(nproc)" bochs EXTRA_LINK_OPTS="$(echo $link)"

# Node's modules only where there is Node: a browser has none that it could import.
sed -i -e '/^import { createRequire } from .module.;$/d' \
  -e 's/^const require = createRequire(import.meta.url);$/const require = globalThis.process?.getBuiltinModule;/' /build/output/emulator.mjs
if grep -n createRequire /build/output/emulator.mjs; then exit 1; fi

cp ../source/* ../ours/* /build/output/sources/
cp COPYING /build/output/sources/
cp /usr/share/doc/emscripten/copyright /build/output/sources/emscripten.copyright
dpkg-query -W -f '${Package} ${Version}\n' >/build/output/sources/packages
