#!/usr/bin/env bash
# What CPack makes of packaging/: archive, .deb and RPM, of a program that stands in for unstick, so that it takes seconds. The
# same files, packed at another place with another umask and later, are the same bytes. Ends with 77 (skipped) without cmake's
# friends. The real program is packed by packages.sh.
#     tests/packaging/cpack.sh SOURCE
set -euo pipefail
source=$(cd "$1" && pwd)
for program in cpack ninja cc rpmbuild rpm dpkg-deb; do
    command -v $program >/dev/null || { echo "no $program: nothing was packed"; exit 77; }
done
. "$source/tests/packaging/checks.sh"
export SOURCE_DATE_EPOCH=1764000000
make_packages() {  # PLACE UMASK: packages of both kinds of build are then in PLACE/out
    local place=$scratch/$1 file
    mkdir -p "$place/source" "$place/out"
    umask "$2"
    cp -R "$source"/{README.md,CHANGELOG.md,LICENSE,docs} "$place/source/"
    ln -s "$source/packaging" "$source/scripts" "$place/source/"
    printf '%s\n' '#include <stdio.h>' 'int main(void) { return fflush(stdout); }' >"$place/source/main.c"
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(unstick VERSION 1.2.3 LANGUAGES C)' \
        'add_executable(unstick main.c)' 'add_subdirectory(packaging)' >"$place/source/CMakeLists.txt"
    for kind in OFF ON; do
        cmake -G Ninja -S "$place/source" -B "$place/build-$kind" -DCMAKE_BUILD_TYPE=Release -DUNSTICK_STATIC=$kind -DUNSTICK_NOTICES=ON \
            -DUNSTICK_MAINTAINER="Ann <ann@example.org>" >/dev/null
        cmake --build "$place/build-$kind" >/dev/null
        # The heads of a .deb's own members have the umask of who packs: ./scripts/package sets it.
        (cd "$place/build-$kind" && if [ $kind = OFF ]; then umask 022; fi && cpack >"$place/log" 2>&1) || { cat "$place/log"; exit 1; }
        cp "$place/build-$kind"/packages/unstick[-_]* "$place/out/"
    done
}
(make_packages first 022)
(make_packages some/other/place 077)
cd "$scratch/first/out"
ls
for file in *; do
    check "the same bytes again: $file" cmp "$file" "$scratch/some/other/place/out/$file"
done
rpm=$(echo unstick-1.2.3-*.rpm)
says() { [ "$(rpm -qp --qf "$2" "$rpm")" = "$1" ] || { rpm -qp --qf "$2\n" "$rpm"; false; }; }
check "the RPM is an RPM" rpm -Kv --nosignature "$rpm"
check "  its name" says "unstick 1.2.3 1" '%{NAME} %{VERSION} %{RELEASE}'
check "  its licence" says "Apache-2.0 AND LGPL-2.1-or-later AND LGPL-3.0-or-later" '%{LICENSE}'
check "  who answers for it" says "Ann <ann@example.org>" '%{PACKAGER}'
check "  its day" says 1764000000 '%{BUILDTIME}'
check "  it names no computer" says localhost '%{BUILDHOST}'
requires() { rpm -qp --requires "$rpm" | grep -qF -- "$1"; }
needs_no_libcurl() { ! requires libcurl; }
check "  it needs no libcurl" needs_no_libcurl
check "  but the C library" requires 'libc.so.6'
rpm -qpl "$rpm" >"$scratch/files"
for file in /usr/bin/unstick /usr/share/man/man1/unstick.1 /usr/share/bash-completion/completions/unstick \
    /usr/share/zsh/site-functions/_unstick /usr/share/fish/vendor_completions.d/unstick.fish /usr/share/doc/unstick/LICENSE; do
    check "  $file" grep -qE "^$file(\.gz)?\$" "$scratch/files"
done
owns_no_folder_of_the_system() { ! grep -xE '/usr|/usr/bin|/usr/share|/usr/share/man(/man1)?|/usr/share/zsh|/usr/share/doc' "$scratch/files"; }
check "  it owns no folder of the system" owns_no_folder_of_the_system
modes() { rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$rpm"; }
check "  all may read it" sh -c '! grep -vE "^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x) " "$0"' <(modes)
deb=$(echo unstick_1.2.3*.deb)
check "the .deb: who answers for it" [ "$(dpkg-deb -f "$deb" Maintainer)" = "Ann <ann@example.org>" ]
release=$(. /etc/os-release && [ -z "${VERSION_ID:-}" ] || echo "+${ID/debian/deb}$VERSION_ID")
check "  its version names the release that it is for" [ "$(dpkg-deb -f "$deb" Version)" = "1.2.3$release" ]
check "  completions of three shells" [ "$(dpkg-deb -c "$deb" | grep -cE 'completions/unstick$|vendor-completions/_unstick$|unstick\.fish$')" = 3 ]
archive=$(echo unstick-1.2.3-linux-*.tar.xz)
check "the archive: completions of three shells" [ "$(tar -tf "$archive" | grep -cE 'completions/unstick$|site-functions/_unstick$|unstick\.fish$')" = 3 ]
check "  all may read it" sh -c '! tar -tvf "$0" | grep -vE "^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x) "' "$archive"
check "  the notices" [ "$(tar -tf "$archive" | grep -c doc/unstick/THIRD-PARTY)" = 1 ]

# For Windows: what the program for this computer says is in the archive, too.
if command -v x86_64-w64-mingw32-gcc-posix >/dev/null; then
    first=$scratch/first
    sed -i 's/LANGUAGES C/LANGUAGES C CXX/' "$first/source/CMakeLists.txt"
    cmake -G Ninja -S "$first/source" -B "$first/build-windows" -DCMAKE_TOOLCHAIN_FILE="$source/scripts/windows/mingw.cmake" \
        -DUNSTICK_HELP_PROGRAM="$first/build-ON/unstick" >/dev/null
    cmake --build "$first/build-windows" >/dev/null
    (cd "$first/build-windows" && cpack >/dev/null)
    cmake -E tar tf "$first"/build-windows/packages/unstick-1.2.3-windows-x86_64.zip >"$scratch/zip"
    for file in bin/unstick.exe share/powershell/unstick.ps1 share/bash-completion/completions/unstick \
        share/zsh/site-functions/_unstick share/fish/vendor_completions.d/unstick.fish share/man/man1/unstick.1; do
        check "the archive for Windows: $file" grep -qx "$file" "$scratch/zip"
    done
else
    echo "no compiler for Windows: its archive was not packed"
fi

# Somebody includes a library that nobody knows: no package is made any more. Debian's libpng-dev or zlib1g-dev serve as such.
header=$(find /usr/include -maxdepth 1 -name 'zlib.h' -o -maxdepth 1 -name 'expat.h' -o -maxdepth 1 -name 'png.h' | head -1)
if [ -n "$header" ]; then
    echo "#include <$(basename "$header")>" >>"$scratch/first/source/main.c"
    cmake --build "$scratch/first/build-ON" >/dev/null
    refused() { ! (cd "$scratch/first/build-ON" && cpack) >"$scratch/log" 2>&1 && grep -E "third-party: /usr/include/.* is of .*third-party.json does not know" "$scratch/log"; }
    check "a library without a notice: nothing is packed, and it is named" refused
else
    echo "no header to be tried: a library without a notice was not tried"
fi
exit $failed
