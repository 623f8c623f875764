#!/usr/bin/env python3
"""What unstick says where the network is to blame: offline, no route, a name that nobody knows, a proxy that is dead or
refuses, a network that wants a sign-in of its own first (captive portal). In network namespaces of its own.

    network_faults.py UNSTICK

Needs root; ends with 77 (skipped) without it. Nobody outside is asked.
"""
import http.server
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

from checks import check, failed

UNSTICK = str(pathlib.Path(sys.argv[1]).resolve())
UNREACHABLE, REFUSED = 6, 4
LONGEST = 120  # seconds; only what hangs lasts so long

# Once in a network namespace (and a mount namespace, for resolv.conf): its loopback interface is up, and nothing else.
OFFLINE = 'ip link set lo up; echo nameserver 127.0.0.1 >"$SCRATCH/resolv.conf"; mount --bind "$SCRATCH/resolv.conf" /etc/resolv.conf'
# With a way out that leads nowhere, and places to which there is none.
WAY_OUT = OFFLINE + '''; ip addr add 198.51.100.2/24 dev lo; ip route add default via 198.51.100.1 dev lo
ip route add unreachable 203.0.113.0/24'''

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-network-'))


class Portal(http.server.BaseHTTPRequestHandler):
    """The page of the network, whatever is asked for."""
    def do_GET(self):
        self.send_response(511)
        self.send_header('Content-Type', 'text/html')
        self.end_headers()
        self.wfile.write(b'<form action=/sign-in><input name=room></form>')

    def do_CONNECT(self):
        self.send_error(403)

    def log_message(self, *_):
        pass


def leading_to(place):
    """A portal that leads there, whatever is asked for."""
    class Leading(Portal):
        def do_GET(self):
            self.send_response(302)
            self.send_header('Location', place)
            self.end_headers()

    return Leading


def serve(certificate=None, portal=Portal):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), portal)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def said_by(network, *args, **variables):
    """Exit code, and all that it says, as one line."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith('_proxy')}
    command = [UNSTICK, 'test', *args, '--retries', '0', '--timeout', '5']
    if network:
        command = ['unshare', '-n', '-m', 'sh', '-ec', network + '\nexec "$@"', 'sh', *command]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
                         env={**clean, 'SCRATCH': str(scratch), 'HOME': str(scratch), **variables})
    return ran.returncode, ' '.join((ran.stdout + ran.stderr).split())


def expect(what, code, words, network, *args, **variables):
    ended, said = said_by(network, *args, **variables)
    check(what, ended == code and words in said, f'{ended}: {said}')


if os.geteuid() != 0 or not shutil.which('unshare'):
    print('not root, or no unshare: networks with faults were not tried')
    sys.exit(77)
try:
    expect('offline, by name', UNREACHABLE, 'this computer has no way to the internet; it may be offline', OFFLINE, 'https://far.example/')
    expect('offline, by address', UNREACHABLE, 'this computer has no way to the internet; it may be offline', OFFLINE, 'https://203.0.113.7/')
    expect('a name that nobody here knows', UNREACHABLE, 'its name cannot be looked up (DNS); it may be mistyped, or need a VPN',
           WAY_OUT, 'https://intranet.example/')
    expect('a place to which there is no route', UNREACHABLE, 'there is no way to it from here (no route); it may need a VPN',
           WAY_OUT, 'https://intranet.example/', '--resolve', 'intranet.example:443:203.0.113.7')
    here = ['https://far.example/', '--resolve', 'far.example:443:127.0.0.1']
    expect('nobody listens at the site: no word about the internet', UNREACHABLE, 'no connection', OFFLINE, *here)
    expect('a dead proxy of the environment, by its name', UNREACHABLE, 'the proxy 127.0.0.1:9 (variable https_proxy) does not answer',
           '', 'https://far.example/', https_proxy='http://user:secret@127.0.0.1:9')
    check('  without its password', 'secret' not in said_by('', 'https://far.example/', https_proxy='http://user:secret@127.0.0.1:9')[1])
    expect('a dead proxy of --proxy', UNREACHABLE, 'the proxy does not answer', '', 'https://far.example/', '--proxy', 'http://127.0.0.1:9')
    plain = serve()
    expect('a proxy that refuses', UNREACHABLE, 'the proxy does not let it through', '', 'https://far.example/', '--proxy', f'http://127.0.0.1:{plain}')
    expect('a network that wants a sign-in of its own, by its status', UNREACHABLE, 'this network wants a sign-in of its own first',
           '', f'http://far.example:{plain}/', '--resolve', f'far.example:{plain}:127.0.0.1')
    # https fails there: it speaks plain http only, at the same port.
    wants = 'this network seems to want a sign-in of its own first'
    for what, portal, words in [
            ('to its page', leading_to('http://portal.example/sign-in?from=x'), f'By plain http something leads to portal.example: {wants}'),
            ('to its page, by https', leading_to('https://portal.example/'), f'By plain http something leads to portal.example: {wants}'),
            ('to a private address', leading_to('http://10.0.0.1:8080/'), f'By plain http something leads to 10.0.0.1: {wants}'),
            ('to nowhere, but answers 511', Portal, f'By plain http something answers 511: {wants}')]:
        port = serve(portal=portal)
        here = [f'https://far.example:{port}/', '--resolve', f'far.example:{port}:127.0.0.1']
        expect(f'https fails, and http leads {what}', UNREACHABLE, words, '', *here)
        expect('  and what to do', UNREACHABLE, 'if the network asks for a sign-in, sign in there', '', *here)
    port = serve(portal=leading_to('https://www.far.example/'))
    said = said_by('', f'https://far.example:{port}/', '--resolve', f'far.example:{port}:127.0.0.1')[1]
    check('http leads to the site itself: no word about the network', 'By plain http' in said and 'sign-in' not in said, said)
    pem = scratch / 'portal.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=portal.example', '-addext',
                    'subjectAltName=DNS:portal.example', '-keyout', str(scratch / 'key.pem'), '-out', str(pem)], check=True, capture_output=True)
    authorities = scratch / 'cacert.pem'
    shutil.copy(pem, authorities)
    pem.write_text(pem.read_text() + (scratch / 'key.pem').read_text())
    secure = serve(pem)
    expect('such a network that answers https with its own certificate', UNREACHABLE,
           'its certificate is for another name; a network that wants a sign-in of its own first', '', f'https://far.example:{secure}/',
           '--resolve', f'far.example:{secure}:127.0.0.1', '--cacert', str(authorities))
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(1 if failed else 0)
