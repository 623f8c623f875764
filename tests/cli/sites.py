#!/usr/bin/env python3
"""Only the site: names without a registrable domain, ports, sites that answer by http alone.

    sites.py UNSTICK PROFILE_TOOL

A server on this computer that knows no TLS, and profiles made for it. Ends with 1 if anything was not as it should be.
"""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

from checks import check, failed

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
OK, USAGE, UNREACHABLE, NOTHING_FOUND = 0, 2, 6, 9
LONGEST = 120  # seconds; only a run that hangs lasts so long

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-sites-'))
environment = {name: value for name, value in os.environ.items()
               if not name.startswith(('UNSTICK_', 'XDG_')) and not name.lower().endswith('_proxy')}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def made(name, *hosts):
    home = scratch / name
    subprocess.run([TOOL, 'make', str(home), *hosts], check=True)
    return home


def seen(home):
    """What independent readers see, a line each."""
    ran = subprocess.run([TOOL, 'list', str(home)], check=True, capture_output=True)
    return set(ran.stdout.decode().splitlines())


def unstick(home, *args):
    """Exit code and report."""
    ran = subprocess.run([UNSTICK, *args, '--json', '--home', str(home), '--os', 'linux', '--state-dir',
                          str(scratch / (home.name + '-state'))],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST, env=environment)
    return ran.returncode, json.loads(ran.stdout)


def gone(home, *args):
    """The lines that a run without a re-test removed, its exit code, and its report."""
    before = seen(home)
    code, report = unstick(home, 'fix', *args, '--yes', '--retest', 'none')
    return before - seen(home), code, report


def of(lines, *names):
    return [line for line in lines if any(name in line for name in names)]


def labels():
    home = made('labels', 'test', 'alpha.test', 'beta.test')
    lines, code, _ = gone(home, 'test')
    check('a single label is that host alone', code == OK and lines and not of(lines, 'alpha.test', 'beta.test'),
          of(lines, 'alpha.test', 'beta.test'))
    lines, code, _ = gone(home, 'test', '--subdomains')
    check('  with --subdomains, the names below it too', code == OK and of(lines, 'alpha.test') and of(lines, 'beta.test'))
    home = made('suffixes', 'wiki', 'some.wiki')
    lines, code, _ = gone(home, 'wiki', '--dry-run')
    check('a label that is a suffix elsewhere is a host if a profile has something of it', code == OK)
    check('  not where none has', unstick(home, 'fix', 'support', '--yes', '--retest', 'none')[0] == USAGE)
    check('  but with its scheme', unstick(home, 'fix', 'http://support/', '--yes', '--retest', 'none')[0] == NOTHING_FOUND)
    check('  or its port', unstick(home, 'fix', 'cloud:8080', '--yes', '--retest', 'none')[0] == NOTHING_FOUND)
    for suffix in ('com', 'co.uk', 'https://github.io/'):
        check(f'  {suffix} stays refused', unstick(home, 'fix', suffix, '--yes', '--retest', 'none')[0] == USAGE)
    check('  and nothing below it goes along', unstick(home, 'fix', 'http://wiki/', '--subdomains', '--yes')[0] == USAGE)
    lines, code, _ = gone(home, 'wiki')
    check('  it goes, and some.wiki stays', code == OK and lines and not of(lines, 'some.wiki'), of(lines, 'some.wiki'))


def ports(port):
    home = made('ports', f'127.0.0.1:{port}', '127.0.0.1:9', f'localhost:{port}')
    before = seen(home)
    ours = (f'127.0.0.1:{port}', f'127.0.0.1_{port}')
    code, report = unstick(home, 'fix', f'127.0.0.1:{port}', '--yes')
    lines = before - seen(home)
    check('a port is taken alone', code == OK and of(lines, *ours), report['problems'])
    check("  another port's and another host's things stay",
          not of(lines, '127.0.0.1:9"', '127.0.0.1:9/', '127.0.0.1:9-', '127.0.0.1_9', 'localhost'), lines)
    check('  so do the cookies', not of(lines, 'Cookies'), of(lines, 'Cookies'))
    said = ' '.join(report['next'])
    check('  the report says so, and how to take them', '--only cookies --all-ports' in said, said)
    check('https is tried, http asked and named', report['target'] == f'http://127.0.0.1:{port}/'
          and report['retest']['after']['final_url'] == f'http://127.0.0.1:{port}/'
          and f'so http://127.0.0.1:{port}/ was asked' in said, report['retest'])
    lines, code, _ = gone(home, f'127.0.0.1:{port}', '--only', 'cookies', '--all-ports')
    check('  that command takes them, and nothing else', code == OK and of(lines, 'Cookies')
          and len(of(lines, 'Cookies')) == len(lines), lines)


def orders(port):
    home = made('orders', 'stuck.test', f'localhost:{port}')  # with orders to use https only for both
    for command in (['test'], ['fix', '--yes']):
        for typed in ('http://stuck.test/', 'stuck.test'):  # which nobody can resolve
            code, report = unstick(home, *command, typed, '--retries', '0')
            said = ' '.join(report['next'])
            check(f'{command[0]} {typed}: with an order to use https (HSTS), http is not asked', code == UNREACHABLE
                  and report['target'] == 'https://stuck.test/' and ('HSTS' in said or typed == 'stuck.test'),
                  (code, report['target'], said))
        code, report = unstick(home, *command, f'localhost:{port}', '--retries', '0')
        check(f'{command[0]}: a browser does not obey one for localhost', code == OK
              and report['target'] == f'http://localhost:{port}/' and 'HSTS' not in ' '.join(report['next']), report)
    code, report = unstick(home, 'test', 'https://stuck.test/', '--browser', 'firefox', '--retries', '0')
    check('test looks into no profile if https was typed', code == UNREACHABLE, (code, report))
    lines, code, _ = gone(home, 'stuck.test', '--only', 'network')
    check('the order can be removed', code == OK and of(lines, 'TransportSecurity'), lines)


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
try:
    labels()
    ports(server.server_port)
    orders(server.server_port)
finally:
    server.shutdown()
    shutil.rmtree(scratch)
sys.exit(1 if failed else 0)
