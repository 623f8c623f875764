#!/usr/bin/env bash
# Builds the packages and tries them in a fresh Debian that has nothing else: the archive, then the .deb, installed,
# used, removed. Needs root and the network (Debian's); ends with 77 (skipped) without what it needs.
#     tests/packaging/packages.sh SOURCE PROFILE_TOOL
# UNSTICK_FRESH_ROOT: a file that keeps the fresh Debian, for the next time.
set -euo pipefail
source=$1 fixture=$2
[ "$(id -u)" = 0 ] || { echo "not root: packages were not tried"; exit 77; }
command -v apt-get >/dev/null || { echo "no Debian: packages were not tried"; exit 77; }

cd "$source"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
./scripts/package
deb=$(echo "$PWD"/build/packages/unstick_*.deb)
archive=$(echo "$PWD"/build/packages/unstick-*linux*.tar.xz)
version=$(build/release/unstick --version | head -1)

. tests/packaging/checks.sh
chmod 755 "$scratch"

echo "== the files"
check "lintian has no complaints" lintian --no-cfg --fail-on error,warning "$deb"
check "the same source gives the same .deb again" sh -c 'cd build/release && cpack && cmp "$0" packages/"$(basename "$0")"' "$deb"
only_usual_libraries() {
    nothing sh -c 'objdump -p "$0" | sed -n "s/^ *NEEDED *//p" | grep -vE "^(libc|libm|libpthread|libdl|ld-linux.*)\.so"' "$1"
}
# Of the C library's names none that is newer than 2.28 (RHEL 8, Debian 10).
only_old_names() {
    nothing sh -c '{ objdump -T "$0" | grep -o "GLIBC_[0-9.]*"; echo GLIBC_2.28; } | sort -Vu | sed "1,/^GLIBC_2.28\$/d"' "$1"
}
mkdir "$scratch/archive"
tar -xf "$archive" -C "$scratch/archive" --strip-components 1
check "the archive's program needs the C library only" only_usual_libraries "$scratch/archive/bin/unstick"
check "  of glibc 2.28" only_old_names "$scratch/archive/bin/unstick"
# What is exported is found before the C library's own: platform/linux/glibc_2_28.c would call itself.
check "  and its own exp, log and pow are not exported" nothing sh -c 'readelf --dyn-syms -W "$0" | grep -E " (exp|log|pow)\$"' \
    "$scratch/archive/bin/unstick"
check "  6 MB at most, packed" [ "$(stat -c %s "$archive")" -le 6291456 ]

# What is linked in has its notice there, and each artefact its list of parts.
noticed() {
    local part
    for part in Boost fmt LevelDB libidn2 libplist libpsl libunistring nlohmann-json OpenSSL "public suffix list" Snappy SQLite \
        SQLiteCpp tl::expected utf8proc curl "GCC's runtime libraries"; do
        grep -q "^  $part (.*): " "$1" || { echo "no notice of $part"; return 1; }
    done
    grep -q "How to link with changed parts" "$1" && grep -q "GNU LESSER GENERAL PUBLIC LICENSE" "$1"
}
check "the archive's notices are complete" noticed "$scratch/archive/share/doc/unstick/THIRD-PARTY"
check "the archive's list of parts names its sum" grep -q "$(sha256sum "$archive" | cut -d ' ' -f 1)" "$archive.cdx.json"
check "the .deb's, too" grep -q "$(sha256sum "$deb" | cut -d ' ' -f 1)" "$deb.cdx.json"

check "the archive's program is hardened" tests/packaging/hardening.sh "$scratch/archive/bin/unstick"
rpm=$(echo "$PWD"/build/packages/unstick-*.rpm)
check "the RPM's program is the archive's" sh -c 'cd "$1" && rpm2cpio "$0" | cpio -id --quiet && cmp usr/bin/unstick "$1/archive/bin/unstick"' \
    "$rpm" "$scratch"
check "the RPM needs the C library only" nothing sh -c 'rpm -qp --requires "$0" |
    grep -vE "^(libc|libm|libpthread|libdl|ld-linux-[a-z0-9-]+)\.so|^rpmlib|^rtld"' "$rpm"
check "the .deb depends on the libcurl that is loaded late" sh -c 'dpkg-deb -f "$0" Depends | grep -w libcurl4' "$deb"
check "the .deb has the notices of what is compiled into it" sh -c 'dpkg-deb -c "$0" | grep -q doc/unstick/THIRD-PARTY' "$deb"
check "the .deb's program is hardened" sh -c 'dpkg-deb -x "$0" "$1/deb" && tests/packaging/hardening.sh "$1/deb/usr/bin/unstick"' \
    "$deb" "$scratch"

DESTDIR=$scratch/stage cmake --install build/release --prefix /opt/unstick >/dev/null
installed() { [ -s "$scratch/stage/opt/unstick/$1" ]; }
for file in bin/unstick share/man/man1/unstick.1 share/bash-completion/completions/unstick \
    share/zsh/site-functions/_unstick share/fish/vendor_completions.d/unstick.fish share/doc/unstick/docs/cli.md; do
    check "cmake --install with a prefix and DESTDIR: $file" installed "$file"
done
check "  and nothing beside" nothing sh -c 'cd "$0" && find . -type f ! -path "./opt/unstick/*"' "$scratch/stage"

echo "== shells and man take what the program says"
share=$scratch/stage/opt/unstick/share
check "bash" bash -n "$share/bash-completion/completions/unstick"
check "zsh" zsh -n "$share/zsh/site-functions/_unstick"
check "fish" fish --no-execute "$share/fish/vendor_completions.d/unstick.fish"
completes() {
    bash -c 'source "$0" && COMP_WORDS=(unstick fix --dry) COMP_CWORD=2 && _unstick && [ "${COMPREPLY[*]}" = --dry-run ]' \
        "$share/bash-completion/completions/unstick"
}
check "bash completes --dry to --dry-run" completes
fish_completes() { fish -c "source '$1'; complete --do-complete 'unstick fix --dry'" | grep -q -- '^--dry-run'; }
check "fish does" fish_completes "$share/fish/vendor_completions.d/unstick.fish"
check "man has no complaints" nothing sh -c 'groff -man -Tutf8 -ww -z "$0" 2>&1' "$share/man/man1/unstick.1"

check "nor has mandoc" nothing mandoc -T lint -W warning "$share/man/man1/unstick.1"

echo "== a fresh Debian"
. tests/packaging/fresh.sh
make_fresh "$(. /etc/os-release && echo "${VERSION_CODENAME}")" "${UNSTICK_FRESH_ROOT:-}"
cp "$deb" "$root/tmp/unstick.deb"

cp -r "$scratch/archive" "$root/opt/unstick"
echo "the archive, with nothing else:"
tried /opt/unstick/bin/unstick
start_site
for file in etc/ssl/certs/ca-certificates.crt etc/pki/tls/certs/ca-bundle.crt etc/ssl/cert.pem; do
    asks_site "$file" /opt/unstick/bin/unstick
done
kill "$site_server"
rm -r "$root/opt/unstick"

apt update
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/lib -o -path ./var/cache -o -path ./var/log -o -path ./home \) -prune -o -print | sort); }
files >"$scratch/before"
apt install /tmp/unstick.deb
echo "the .deb, installed:"
tried unstick
check "  its manual page, completions and menu entry are there" inside sh -c 'cd /usr/share && ls man/man1/unstick.1.gz \
    bash-completion/completions/unstick zsh/vendor-completions/_unstick fish/vendor_completions.d/unstick.fish applications/unstick.desktop'
apt purge unstick
apt autoremove --purge
files >"$scratch/after"
check "purged, nothing is left" diff "$scratch/before" "$scratch/after"
exit $failed
