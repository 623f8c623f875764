# shellcheck shell=bash
# A fresh Debian in $root, and what is tried in it. Sourced by packages.sh and releases.sh; $scratch is a folder of theirs,
# $fixture is profile_tool, check is their function, $version what the program says of itself.

make_fresh() {  # RELEASE FILE: FILE keeps it, if it is named
    local kept=${2:-$scratch/$1.tar}
    root=$scratch/$1
    [ -f "$kept" ] || mmdebstrap --quiet --variant=apt --mode=root "$1" "$kept"
    mkdir "$root"
    tar -xf "$kept" -C "$root"
    cp /etc/resolv.conf "$root/etc/"
    echo "ann:x:1000:1000::/home/ann:/bin/sh" >>"$root/etc/passwd"
    "$fixture" make "$root/home/ann"
    chown -R 1000:1000 "$root/home/ann"
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
as_ann() { chroot --userspec=1000:1000 "$root" env -i PATH=/usr/bin:/bin HOME=/home/ann LC_ALL=C.UTF-8 "$@"; }
apt() { inside apt-get -qq -o Dpkg::Use-Pty=0 --no-install-recommends -y "$@" >/dev/null; }
says() { [[ "$("${@:2}")" == "$1"* ]]; }
ends_with() { local code=0; "${@:2}" || code=$?; [ "$code" = "$1" ]; }
cookies() { sqlite3 "$root/home/ann/.config/chromium/Default/Cookies" "SELECT count(*) FROM cookies WHERE host_key = 'stuck.test'"; }
seen() { for folder in .config .cache; do "$fixture" seen "$root/home/ann/$folder"; done; }

tried() {  # PROGRAM [ARGUMENT...]: a whole round with a profile
    local before
    before=$(seen)
    check "  --version" says "$version" as_ann "$@" --version
    check "  help" says "Fixes a stuck login" as_ann "$@" help
    check "  a wrong option, which a library throws" ends_with 2 as_ann "$@" --no-such-option
    check "  profiles" as_ann "$@" profiles
    check "  fix" as_ann "$@" fix stuck.test --yes --retest none
    check "  the cookies are gone" [ "$(cookies)" = 0 ]
    check "  something was changed" [ "$(seen)" != "$before" ]
    check "  undo" as_ann "$@" undo --yes
    check "  all is as it was" [ "$(seen)" = "$before" ]
}

# A site with a certificate of an authority of its own, which only this Debian trusts and whose name only it knows.
start_site() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$scratch/key.pem" -out "$scratch/site.pem" -days 2 -subj /CN=login.example \
        -addext subjectAltName=DNS:login.example 2>/dev/null
    python3 -u - "$scratch" <<'PYTHON' &
import http.server, pathlib, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'welcome')
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/site.pem', sys.argv[1] + '/key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
pathlib.Path(sys.argv[1] + '/port').write_text(str(server.server_port))
server.serve_forever()
PYTHON
    site_server=$!
    while [ ! -s "$scratch/port" ]; do sleep 0.1; done
}

asks_site() {  # AUTHORITIES PROGRAM [ARGUMENT...]: trusted when that file of the system has them, refused when not
    local url
    url=https://login.example:$(cat "$scratch/port")/
    echo "127.0.0.1 login.example" >>"$root/etc/hosts"
    rm -f "$root"/etc/ssl/certs/ca-certificates.crt
    check "  no authorities: the site is not trusted" says_of_site "no secure connection" "$url" "${@:2}"
    mkdir -p "$(dirname "$root/$1")"
    cp "$scratch/site.pem" "$root/$1"
    check "  $1: it is, and its name is found in /etc/hosts" says_of_site '"status": 200' "$url" "${@:2}"
    rm "$root/$1"
}
says_of_site() {  # WORDS URL PROGRAM [ARGUMENT...]
    as_ann "${@:3}" test "$2" --json >"$scratch/said" || true
    grep -qF "$1" "$scratch/said" || { cat "$scratch/said"; false; }
}
