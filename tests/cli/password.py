#!/usr/bin/env python3
"""`unstick test URL --user NAME` on a terminal of its own: the password is not shown, comes with no newline, and the
terminal shows again what is typed, however the question ends. Argument: the program."""
import base64
import http.server
import os
import pty
import select
import signal
import sys
import termios
import threading
import time

PROGRAM = sys.argv[1]
PASSWORD = "typed-and-never-shown"
asked = []


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        field = self.headers.get("Authorization", "")
        asked.append(field)
        right = field == "Basic " + base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
        self.send_response(200 if right else 401)
        if not right:
            self.send_header("WWW-Authenticate", 'Basic realm="Staff"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{site.server_port}/"


def shows_typing(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def session(act):
    """Runs the program, acts when it asks: its exit code and all that the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(PROGRAM, [PROGRAM, "test", url, "--user", "ann", "--no-color"])
    shown = b""
    acted = False
    end = time.monotonic() + 60
    status = None
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                part = b""
            shown += part
            if not part:
                break
        if not acted and b"Staff: " in shown:
            acted = True
            assert not shows_typing(terminal), "what is typed can be seen"
            act(pid, terminal)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode(errors="replace")


def check(name, is_right, shown):
    print(("ok: " if is_right else "FAILED: ") + name)
    if not is_right:
        print(shown)
        sys.exit(1)


def typed(text):
    return lambda _, terminal: os.write(terminal, text.encode())


code, shown = session(typed(PASSWORD + "\n"))
check("a password that is right", code == 0 and "takes this name and password" in shown, shown)
check("it was not shown", PASSWORD not in shown, shown)

code, shown = session(typed("wrong\n"))
check("a password that is wrong", code == 4 and "wrong\r\n" not in shown, shown)

sent = len([field for field in asked if field])
code, shown = session(typed("half\x03"))
check("Ctrl-C breaks off, and nothing is sent", code == 130, shown)
code, shown = session(typed("\x04"))
check("Ctrl-D breaks off, and nothing is sent", code == 130, shown)
check("nothing was sent", len([field for field in asked if field]) == sent, "")

seen = []


def end_it(pid, terminal):
    """Asked to end, the program first makes the terminal show again what is typed."""
    os.kill(pid, signal.SIGTERM)
    for _ in range(1200):
        if shows_typing(terminal):
            seen.append(True)
            return
        time.sleep(0.05)


code, shown = session(end_it)
check("asked to end, it leaves the terminal as it was", code == -signal.SIGTERM and seen == [True], f"{code} {shown}")
