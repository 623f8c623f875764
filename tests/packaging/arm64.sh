#!/usr/bin/env bash
# Builds the archive and the RPM for arm64 on this computer, and tries the program in them by qemu-user: a profile is fixed, and
# that undone. No real processor of that kind has run it. Needs the network (Debian's); ends with 77 (skipped) on an arm64,
# or without a Debian, cross compiler and qemu.
#     tests/packaging/arm64.sh SOURCE PROFILE_TOOL
set -euo pipefail
fixture=$2
cd "$1"
[ "$(uname -m)" != aarch64 ] || { echo "this is an arm64: packages.sh tries it"; exit 77; }
for program in apt-get aarch64-linux-gnu-g++ qemu-aarch64; do
    command -v $program >/dev/null || { echo "no $program (./scripts/setup arm64): nothing was built for arm64"; exit 77; }
done
. tests/packaging/checks.sh

./scripts/package arm64
archive=$(echo "$PWD"/build/packages/unstick-*-linux-aarch64.tar.xz)
rpm=$(echo "$PWD"/build/packages/unstick-*.aarch64.rpm)
mkdir "$scratch/archive"
tar -xf "$archive" -C "$scratch/archive" --strip-components 1
program=$scratch/archive/bin/unstick

echo "== the files"
check "the program is one for arm64" sh -c 'readelf -h "$0" | grep -q "Machine: *AArch64"' "$program"
check "it needs the C library only" nothing sh -c 'readelf -d "$0" | sed -n "s/.*NEEDED.*\[\(.*\)\]/\1/p" |
    grep -vE "^(libc|libm|libpthread|libdl|ld-linux-aarch64)\.so"' "$program"
check "  of glibc 2.28" nothing sh -c '{ readelf --dyn-syms -W "$0" | grep -o "GLIBC_[0-9.]*"; echo GLIBC_2.28; } | sort -Vu |
    sed "1,/^GLIBC_2.28\$/d"' "$program"
check "  and its own exp, log and pow are not exported" nothing sh -c 'readelf --dyn-syms -W "$0" | grep -E " (exp|log|pow)\$"' "$program"
check "it is hardened" tests/packaging/hardening.sh "$program"
check "  6 MB at most, packed" [ "$(stat -c %s "$archive")" -le 6291456 ]
for file in man/man1/unstick.1 bash-completion/completions/unstick zsh/site-functions/_unstick fish/vendor_completions.d/unstick.fish; do
    check "$file" [ -s "$scratch/archive/share/$file" ]
done
# As many parts as the archive for this computer has, by scripts/third-party: each with its notice.
for part in Boost fmt LevelDB libidn2 libplist libpsl libunistring nlohmann-json OpenSSL "public suffix list" Snappy SQLite \
    SQLiteCpp tl::expected utf8proc curl "GCC's runtime libraries"; do
    check "a notice of $part" grep -q "^  $part (.*): " "$scratch/archive/share/doc/unstick/THIRD-PARTY"
done
for file in "$archive" "$rpm"; do
    check "its list of parts names its sum: $(basename "$file")" grep -q "$(sha256sum "$file" | cut -d ' ' -f 1)" "$file.cdx.json"
done
check "the RPM is for arm64" [ "$(rpm -qp --qf '%{ARCH}' "$rpm")" = aarch64 ]
check "  and its program the archive's" sh -c 'cd "$1" && rpm2cpio "$0" | cpio -id --quiet && cmp usr/bin/unstick "$2"' "$rpm" "$scratch" "$program"

echo "== the program, by qemu-user"
. tests/packaging/fresh.sh
root=$scratch/root system=$PWD/build/root-arm64
mkdir -p "$root/home"
"$fixture" make "$root/home/ann"
as_ann() { env -i PATH=/usr/bin:/bin HOME="$root/home/ann" LC_ALL=C.UTF-8 qemu-aarch64 -L "$system" "$@"; }
version="unstick $(sed -n 's/^project(unstick VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)"
tried "$program"
check "  doctor" as_ann "$program" doctor
exit $failed
