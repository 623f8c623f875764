#!/usr/bin/env python3
"""The Ansible role against four hosts of an inventory, by ssh.

    tests/fleet/ansible_test.py UNSTICK PROFILE_TOOL

Each host is a network namespace with a mount namespace (own /root, /home, /etc/passwd), a host name and an ssh server of
its own, in a private network that ends in this machine:
    stuck   Ann's Chromium has a stuck login         busy    the same, and her browser is open
    empty   Ann has no browser                       asleep  an address with nobody there
The site is a web server in that network. Needs root and what scripts/packages-test.txt lists; ends with 77 (skipped), and says
why, where namespaces cannot be made.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

FLEET = Path(__file__).resolve().parents[2] / 'fleet' / 'ansible'
NETWORK = '10.77.0.'
CONTROLLER = NETWORK + '1'
HOSTS = {'stuck': NETWORK + '11', 'busy': NETWORK + '12', 'empty': NETWORK + '13', 'asleep': NETWORK + '14'}
ANN = 20001
# Stands in for a browser that has a profile open: answers on its socket until it is asked to quit.
BROWSER = '''
import os, signal, socket, sys
folder = sys.argv[1]
server = socket.socket(socket.AF_UNIX)
os.chdir(folder)
server.bind('SingletonSocket')
server.listen()
os.symlink(sys.argv[2] + '-' + str(os.getpid()), 'SingletonLock')
def quit(*_):
    os.unlink('SingletonSocket'); os.unlink('SingletonLock'); sys.exit()
signal.signal(signal.SIGTERM, quit)
print('open', flush=True)
while True:
    server.accept()[0].close()
'''
SERVER = '''
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header('Content-Type', 'text/html'); self.end_headers()
        self.wfile.write(b'<title>Welcome</title>')
    def log_message(self, *_): pass
http.server.HTTPServer(('%s', 80), Handler).serve_forever()
''' % CONTROLLER


def skip(why):
    print('skipped: ' + why)
    sys.exit(77)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def enter_namespaces():
    """Starts this script again where nothing that it does reaches the rest of this machine."""
    if os.environ.get('FLEET_INSIDE'):
        return
    if os.geteuid() != 0:
        skip('not root: no namespaces can be made')
    for program in ('ansible-playbook', 'dropbear', 'ssh', 'ip', 'unshare', 'setpriv'):
        if not shutil.which(program):
            skip(f'there is no {program}; ./scripts/setup installs it')
    namespaces = ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child', '--propagation',
                  'private']
    if subprocess.run([*namespaces, 'ip', 'link', 'set', 'lo', 'up'], capture_output=True).returncode != 0:
        skip('this machine lets nobody make namespaces')
    os.environ['FLEET_INSIDE'] = '1'
    os.execvp(namespaces[0], [*namespaces, sys.executable, *sys.argv])


class Fleet:
    """The hosts. Everything ends with the process that made the namespaces."""

    def __init__(self, work, unstick, profile_tool):
        self.work, self.unstick, self.profile_tool = work, unstick, profile_tool
        self.processes = []

    def start(self, *command, **options):
        self.processes.append(subprocess.Popen([str(word) for word in command], **options))
        return self.processes[-1]

    def end(self):
        for process in self.processes:
            process.kill()

    def set_up(self):
        for line in ('link set lo up', 'link add bridge0 type bridge', f'addr add {CONTROLLER}/24 dev bridge0',
                     'link set bridge0 up'):
            run('ip', *line.split())
        run('mount', '-t', 'tmpfs', 'tmpfs', '/run')
        self.start(sys.executable, '-c', SERVER)
        run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.work / 'key')
        for name, address in HOSTS.items():
            if name != 'asleep':
                self.start_host(name, address)
        for name, address in HOSTS.items():
            if name != 'asleep':
                wait_for_port(address, 22)

    def home(self, name):
        return self.work / name / 'home' / 'ann'

    def start_host(self, name, address):
        own = self.work / name
        for folder in ('root/.ssh', 'home/ann', 'bin'):
            (own / folder).mkdir(parents=True)
        for folder in ('root', 'root/.ssh'):
            (own / folder).chmod(0o700)
        shutil.copy(self.work / 'key.pub', own / 'root/.ssh/authorized_keys')
        (own / 'passwd').write_text(f'root:x:0:0::/root:/bin/sh\nann:x:{ANN}:{ANN}::/home/ann:/bin/sh\n')
        if name in ('stuck', 'busy'):
            run(self.profile_tool, 'make', self.home(name))
            # With an order to use https only (HSTS) the site would be asked so, and our server has no certificate.
            next(Path(self.home(name)).rglob('TransportSecurity')).unlink()
            get_stuck(self.home(name) / '.config/chromium/Default/Cookies')
        run('chown', '-R', f'{ANN}:{ANN}', self.home(name))
        run('ip', 'netns', 'add', name)
        run('ip', 'link', 'add', 'to-' + name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
        run('ip', 'link', 'set', 'to-' + name, 'master', 'bridge0', 'up')
        run('ip', '-n', name, 'addr', 'add', address + '/24', 'dev', 'eth0')
        for link in ('eth0', 'lo'):
            run('ip', '-n', name, 'link', 'set', link, 'up')
        binds = [('root', '/root'), ('home', '/home'), ('bin', '/usr/local/bin'), ('passwd', '/etc/passwd')]
        script = [f'hostname {name}'] + [f'mount --bind {own / source} {target}' for source, target in binds]
        script.append(f'exec dropbear -F -E -R -s -P "" -r {own}/hostkey -p {address}:22')
        run('dropbearkey', '-t', 'ed25519', '-f', own / 'hostkey', capture_output=True)
        self.start('ip', 'netns', 'exec', name, 'unshare', '--mount', '--uts', '--propagation', 'private', 'sh', '-c',
                   ' && '.join(script), stderr=(own / 'log').open('w'))

    def open_browser(self, name):
        """Ann's browser on this host. Returns when the profile is open."""
        browser = self.start('setpriv', f'--reuid={ANN}', f'--regid={ANN}', '--clear-groups', '/usr/bin/python3', '-c',
                             BROWSER, self.home(name) / '.config/chromium', name, stdout=subprocess.PIPE)
        expect(browser.stdout.readline() == b'open\n', 'the browser is open')
        return browser

    def write_inventory(self):
        variables = {
            'ansible_user': 'root',
            'ansible_ssh_private_key_file': str(self.work / 'key'),
            'ansible_python_interpreter': '/usr/bin/python3',
            'ansible_ssh_common_args': '-o StrictHostKeyChecking=accept-new -o ConnectTimeout=3 '
                                       f'-o UserKnownHostsFile={self.work}/known',
        }
        hosts = {name: {'ansible_host': address} for name, address in HOSTS.items()}
        (self.work / 'inventory.yml').write_text(json.dumps({'all': {'vars': variables, 'hosts': hosts}}))

    def play(self, command, check=False, **variables):
        """Runs the playbook as an administrator would. Returns what it gathered, and what Ansible counted for each host."""
        results = self.work / 'results.json'
        results.unlink(missing_ok=True)
        variables = {'site': 'stuck.test', 'command': command, 'binary': str(self.unstick), 'results': str(results),
                     'options': ['--url', 'http://stuck.test/', '--resolve', f'stuck.test:80:{CONTROLLER}'],
                     **variables}
        line = ['ansible-playbook', '-i', 'inventory.yml', FLEET / 'unstick.yml', '--forks', '4', '-e',
                json.dumps({'unstick_' + name: value for name, value in variables.items()})]
        environment = {**os.environ, 'ANSIBLE_HOME': str(self.work / 'ansible'), 'ANSIBLE_NOCOLOR': '1',
                       'ANSIBLE_LOCAL_TEMP': str(self.work / 'temp'), 'LC_ALL': 'C.UTF-8',
                       'ANSIBLE_SSH_ARGS': '-o ControlMaster=auto -o ControlPersist=60s',
                       'ANSIBLE_SSH_CONTROL_PATH_DIR': str(self.work / 'control')}
        ended = subprocess.run([str(word) for word in line + (['--check'] if check else [])], cwd=self.work,
                               env=environment, capture_output=True, text=True)
        print(f"$ ansible-playbook unstick.yml{' --check' if check else ''} -e unstick_command={command} ...")
        print(recap_of(ended.stdout))
        if os.environ.get('FLEET_VERBOSE'):
            print(ended.stdout, ended.stderr)
        expect(results.exists(), 'the results are gathered')
        expect(results.stat().st_mode & 0o777 == 0o600, 'the results are for the administrator alone')
        gathered = json.loads(results.read_text())
        for name, result in gathered.items():
            print(f"  {name}: {result['state']}, exit code {result['exit_code']}")
        return gathered, counts_of(ended.stdout)


def get_stuck(cookies):
    """The same name on the site and below it, two days apart: servers differ in which one they take."""
    with closing(sqlite3.connect(cookies)) as database, database:
        database.executescript('''
            CREATE TEMP TABLE older AS SELECT * FROM cookies WHERE host_key = 'stuck.test' AND name = 'session';
            UPDATE older SET host_key = '.stuck.test', creation_utc = creation_utc - 172800000000;
            INSERT INTO cookies SELECT * FROM older;''')


def wait_for_port(address, port):
    for _ in range(200):
        try:
            socket.create_connection((address, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f'{address}:{port} does not answer')


def recap_of(output):
    return output[output.find('PLAY RECAP'):].strip()


def counts_of(output):
    counts = {}
    for line in recap_of(output).splitlines()[1:]:
        name, _, words = line.partition(':')
        counts[name.strip()] = {key: int(value) for key, value in (word.split('=') for word in words.split())}
    return counts


def expect(condition, what, *facts):
    if not condition:
        print('FAILED:', what, *facts)
        sys.exit(1)
    print('ok:', what)


def cookies_of(home, site):
    with closing(sqlite3.connect(home / '.config/chromium/Default/Cookies')) as database:
        return database.execute('SELECT count(*) FROM cookies WHERE host_key IN (?, ?)', (site, '.' + site)).fetchone()[0]


def reports_of(result):
    """The reports of the users of one host."""
    return {entry['user']: entry['report'] for entry in result['report']['users']}


def states(gathered):
    return {name: (result['state'], result['exit_code']) for name, result in gathered.items()}


def main():
    enter_namespaces()
    unstick, profile_tool = (Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix='unstick-fleet.', dir='/dev/shm' if os.path.isdir('/dev/shm') else None) as work:
        fleet = Fleet(Path(work), unstick, profile_tool)
        os.chmod(work, 0o755)
        try:
            fleet.set_up()
            fleet.write_inventory()
            check(fleet)
        finally:
            fleet.end()
    print('all is as it should be')


def check(fleet):
    stuck, busy = fleet.home('stuck'), fleet.home('busy')
    others = cookies_of(stuck, 'other.test')
    ours = cookies_of(stuck, 'stuck.test')
    expect(ours > 0 and others > 0, 'the profile holds data of two sites')
    browser = fleet.open_browser('busy')
    asleep = ('host-unreachable', None)

    gathered, counts = fleet.play('why')
    expect(states(gathered) == {'stuck': ('needs-fix', 10), 'busy': ('needs-fix', 10), 'empty': ('nothing-found', 9),
                                'asleep': asleep}, 'why: who needs a fix', states(gathered))
    expect(counts['stuck']['failed'] == counts['busy']['failed'] == 0, 'why: a finding is no failure', counts)
    findings = reports_of(gathered['stuck'])['ann']['findings']
    expect(findings[0]['rule'] == 'shadowed-cookie', 'why: it names the cause', findings)
    expect(cookies_of(stuck, 'stuck.test') == ours, 'why: nothing was changed')
    expect(counts['asleep']['ignored'] > 0, 'a computer that sleeps stops nobody', counts)

    gathered, counts = fleet.play('scan', options=[])
    expect(states(gathered)['stuck'] == ('needs-fix', 10), 'scan: who has a site that looks stuck', states(gathered))
    sites = [entry['site'] for entry in reports_of(gathered['stuck'])['ann']['sites']]
    expect('stuck.test' in sites, 'scan: which', sites)
    expect(counts['stuck']['changed'] == 0, 'scan: nothing was changed', counts)

    gathered, counts = fleet.play('fix', check=True)
    expect(states(gathered)['stuck'] == ('ok', 0) and reports_of(gathered['stuck'])['ann']['dry_run'],
           'check mode: a dry run', states(gathered))
    expect(counts['stuck']['changed'] == 1, 'check mode: something would change', counts)
    expect(cookies_of(stuck, 'stuck.test') == ours, 'check mode: nothing was changed')

    gathered, counts = fleet.play('fix')
    expect(states(gathered) == {'stuck': ('ok', 0), 'busy': ('in-use', 7), 'empty': ('nothing-found', 9),
                                'asleep': asleep}, 'fix: each host for itself', states(gathered))
    expect(counts['stuck']['changed'] == 1 and counts['stuck']['failed'] == 0, 'fix: changed', counts)
    expect(counts['busy']['failed'] == 1 and counts['empty']['failed'] == 0, 'fix: a profile in use is a failure', counts)
    report = reports_of(gathered['stuck'])['ann']
    expect(report['verdict']['code'] == 'site-answers', 'fix: the host has asked the site', report['verdict'])
    expect(cookies_of(stuck, 'stuck.test') == 0, 'fix: the site is gone')
    expect(cookies_of(stuck, 'other.test') == others, 'fix: the other site is as it was')
    expect(cookies_of(busy, 'stuck.test') == ours, 'fix: nothing was changed where the browser is open')
    problems = reports_of(gathered['busy'])['ann']['problems']
    expect([problem['code'] for problem in problems] == ['locked'], 'fix: and that is said', problems)
    expect(all(path.lstat().st_uid == ANN for path in stuck.rglob('*')),
           'fix: all files are still hers')

    gathered, counts = fleet.play('fix')
    expect(states(gathered)['stuck'] == ('nothing-found', 9), 'again: nothing is left to do', states(gathered))
    expect(counts['stuck']['changed'] == 0, 'again: nothing was changed', counts)

    gathered, counts = fleet.play('fix', close=True, stale=True)
    expect(states(gathered)['busy'] == ('ok', 0), 'close: fixed where the browser was open', states(gathered))
    expect(browser.wait(timeout=20) == 0, 'close: the browser was asked to quit')
    expect(counts['busy']['changed'] == 1, 'close: changed', counts)
    left = cookies_of(busy, 'stuck.test')
    expect(0 < left < ours, 'stale: only what findings name is gone', left, ours)


if __name__ == '__main__':
    main()
