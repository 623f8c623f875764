#!/usr/bin/env bash
# Builds the packages and tries them in a fresh Debian that has nothing else: the archive, then the .deb, installed,
# used, removed. Needs root and the network (Debian's); ends with 77 (skipped) without what it needs.
#     tests/packages.sh SOURCE PROFILE_TOOL
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
archive=$(echo "$PWD"/build/packages/unstick-*.tar.gz)
version=$(build/release/unstick --version | head -1)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
failed=0
check() {  # WHAT COMMAND...
    if "${@:2}" >"$scratch/output" 2>&1; then echo "ok: $1"; else echo "FAILED: $1"; sed 's/^/    /' "$scratch/output"; failed=1; fi
}
nothing() { [ -z "$("$@" | tee /dev/stderr)" ]; }

echo "== the files"
check "lintian has no complaints" lintian --no-cfg --fail-on error,warning "$deb"
check "the same source gives the same .deb again" sh -c 'cd build/release && cpack && cmp "$0" packages/"$(basename "$0")"' "$deb"
only_usual_libraries() {
    nothing sh -c 'objdump -p "$0" | sed -n "s/^ *NEEDED *//p" | grep -vE "^(libcurl|libc|libm|ld-linux.*)\.so"' "$1"
}
mkdir "$scratch/archive"
tar -xzf "$archive" -C "$scratch/archive" --strip-components 1
check "the archive's program needs libcurl and the C library only" only_usual_libraries "$scratch/archive/bin/unstick"

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

echo "== a fresh Debian"
root=$scratch/root
fresh=${UNSTICK_FRESH_ROOT:-$scratch/root.tar}
[ -f "$fresh" ] || mmdebstrap --quiet --variant=apt --mode=root "$(. /etc/os-release && echo "${VERSION_CODENAME}")" "$fresh"
mkdir "$root"
tar -xf "$fresh" -C "$root"
cp /etc/resolv.conf "$root/etc/"
cp "$deb" "$root/tmp/unstick.deb"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
as_ann() { chroot --userspec=1000:1000 "$root" env -i PATH=/usr/bin:/bin HOME=/home/ann LC_ALL=C.UTF-8 "$@"; }
apt() { inside apt-get -qq -o Dpkg::Use-Pty=0 --no-install-recommends -y "$@" >/dev/null; }
echo "ann:x:1000:1000::/home/ann:/bin/sh" >>"$root/etc/passwd"
"$fixture" make "$root/home/ann"
chown -R 1000:1000 "$root/home/ann"
says() { [[ "$("${@:2}")" == "$1"* ]]; }
cookies() { sqlite3 "$root/home/ann/.config/chromium/Default/Cookies" "SELECT count(*) FROM cookies WHERE host_key = 'stuck.test'"; }
seen() { for folder in .config .cache; do "$fixture" seen "$root/home/ann/$folder"; done; }
tried() {  # PROGRAM: a whole round with a profile
    local before
    before=$(seen)
    check "  --version" says "$version" as_ann "$1" --version
    check "  help" says "Fixes a stuck login" as_ann "$1" help
    check "  profiles" as_ann "$1" profiles
    check "  fix" as_ann "$1" fix stuck.test --yes --retest none
    check "  the cookies are gone" [ "$(cookies)" = 0 ]
    check "  something was changed" [ "$(seen)" != "$before" ]
    check "  undo" as_ann "$1" undo --yes
    check "  all is as it was" [ "$(seen)" = "$before" ]
}

apt update
apt install libcurl4
cp -r "$scratch/archive" "$root/opt/unstick"
echo "the archive, with libcurl4 alone:"
tried /opt/unstick/bin/unstick
rm -r "$root/opt/unstick"
apt purge libcurl4
apt autoremove --purge

files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/lib -o -path ./var/cache -o -path ./var/log -o -path ./home \) -prune -o -print | sort); }
files >"$scratch/before"
apt install /tmp/unstick.deb
echo "the .deb, installed:"
tried unstick
check "  its manual page and completions are there" inside sh -c 'cd /usr/share && ls man/man1/unstick.1.gz \
    bash-completion/completions/unstick zsh/vendor-completions/_unstick fish/vendor_completions.d/unstick.fish'
apt purge unstick
apt autoremove --purge
files >"$scratch/after"
check "purged, nothing is left" diff "$scratch/before" "$scratch/after"
exit $failed
