#!/usr/bin/env bash
# The .deb for Debian 13, built by ./scripts/package trixie and installed in a fresh Debian 13: used, undone, purged. Debian 12's,
# which the tests are run on, is packages.sh's. Needs root and the network (Debian's); ends with 77 (skipped) without.
#     tests/packaging/other_release.sh SOURCE PROFILE_TOOL
set -euo pipefail
fixture=$2
cd "$1"
[ "$(id -u)" = 0 ] || { echo "not root: no other release was tried"; exit 77; }
command -v mmdebstrap >/dev/null || { echo "no mmdebstrap: no other release was tried"; exit 77; }
. tests/packaging/checks.sh
chmod 755 "$scratch"
. tests/packaging/fresh.sh

./scripts/package trixie
deb=$(echo "$PWD"/build/packages/unstick_*+deb13_*.deb)
check "it names libraries of Debian 13" sh -c 'dpkg-deb -f "$0" Depends | grep -E "libfmt10.*libssl3t64|libssl3t64.*libfmt10"' "$deb"
check "its list of parts names its sum" grep -q "$(sha256sum "$deb" | cut -d ' ' -f 1)" "$deb.cdx.json"
make_fresh trixie "${UNSTICK_FRESH_ROOTS:+$UNSTICK_FRESH_ROOTS/trixie.tar}"
cp "$deb" "$root/tmp/unstick.deb"
apt update
apt install /tmp/unstick.deb
version=$(inside unstick --version | head -1)
echo "Debian 13, the .deb installed:"
tried unstick
check "  its manual page, completions and menu entry are there" inside sh -c 'cd /usr/share && ls man/man1/unstick.1.gz \
    bash-completion/completions/unstick zsh/vendor-completions/_unstick fish/vendor_completions.d/unstick.fish applications/unstick.desktop'
apt purge unstick
check "purged, the program is gone" [ ! -e "$root/usr/bin/unstick" ]
exit $failed
