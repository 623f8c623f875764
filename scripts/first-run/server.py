"""The site of scripts/first-run-macos: serves page.html and writes down what the browser has.

    server.py PORT PAGE RESULT

RESULT is written anew when a page has reported: one JSON object, { "cookie", "cached_file", ...: true, false or words }."""

import http.server
import json
import os
import sys

PORT, PAGE, RESULT = int(sys.argv[1]), sys.argv[2], sys.argv[3]
seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, kind='text/html; charset=utf-8', **headers):
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path in ('/plant', '/look'):
            seen.clear()
            seen['cookie'] = self.path == '/plant' or 'first_run=planted' in (self.headers['Cookie'] or '')
            seen['cached_file'] = self.path == '/look'  # until it is asked for
            cookie = {'Set_Cookie': 'first_run=planted; Max-Age=86400; Path=/; HttpOnly'} if self.path == '/plant' else {}
            with open(PAGE, 'rb') as page:
                self.answer(page.read(), Cache_Control='no-store', **cookie)
        elif self.path == '/cached':
            seen['cached_file'] = not seen.get('cached_file', False)
            self.answer(b'cached', 'text/plain', Cache_Control='max-age=86400')
        else:
            self.send_error(404)

    def do_POST(self):
        seen.update(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
        self.answer(b'')
        with open(RESULT + '.new', 'w') as result:
            json.dump(seen, result)
        os.replace(RESULT + '.new', RESULT)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler).serve_forever()
