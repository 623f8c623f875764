#!/usr/bin/env bash
# The archive of ./scripts/package on Debian 11, 12 and 13, with nothing but itself. Needs root, the network (Debian's) and what
# packages.sh has built; ends with 77 (skipped) without.
#     tests/packaging/releases.sh SOURCE PROFILE_TOOL
# UNSTICK_FRESH_ROOTS: a folder that keeps them, for the next time.
set -euo pipefail
fixture=$2
cd "$1"
[ "$(id -u)" = 0 ] || { echo "not root: the archive was not tried"; exit 77; }
command -v mmdebstrap >/dev/null || { echo "no mmdebstrap: the archive was not tried"; exit 77; }
archive=$(echo "$PWD"/build/packages/unstick-*-linux-"$(uname -m)".tar.xz)
[ -f "$archive" ] || { echo "no archive (./scripts/package): it was not tried"; exit 77; }

. tests/packaging/checks.sh
site_server=
trap '[ -z "$site_server" ] || kill "$site_server"; rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
. tests/packaging/fresh.sh
unpack() { mkdir -p "$root/opt/unstick" && tar -xf "$1" -C "$root/opt/unstick" --strip-components 1; }
start_site

for release in bullseye bookworm trixie; do
    make_fresh "$release" "${UNSTICK_FRESH_ROOTS:+$UNSTICK_FRESH_ROOTS/$release.tar}"
    echo "$release, glibc $(inside ldd --version | sed -n '1s/.* //p'):"
    unpack "$archive"
    version=$("$root/opt/unstick/bin/unstick" --version | head -1)
    tried /opt/unstick/bin/unstick
    asks_site etc/ssl/certs/ca-certificates.crt /opt/unstick/bin/unstick
    asks_site etc/pki/tls/certs/ca-bundle.crt /opt/unstick/bin/unstick
    rm -rf "$root"
done

exit $failed
