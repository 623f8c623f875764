#!/usr/bin/python3
"""A WebKitGTK browser with its own data and cache folders. Steps come as a JSON array on standard input, what they gave
goes as a JSON array to standard output: {"value": ...} or {"error": ...} for each.

    webkit.py API DATA CACHE PROXY     API is 6.0 or 4.1: it decides in which form WebKit keeps storage

A step {"url": URL, "script": BODY} loads a page and runs BODY, the body of an async function, in its innermost frame.
A step {"cookies": URL} gives the cookies that would be sent there. A step {"asks": URL} gives
the scheme ("basic") of the password that WebKit asks for there, or null; {"stores": URL}, whether one cookie is there after the page,
and none before. A step {"rest": SECONDS} waits: WebKit writes its cache
and local storage some seconds later.
"""
import json
import os
import sys

import gi

api, data, cache, proxy = sys.argv[1:]
is_new = api == '6.0'
gi.require_version('Gtk', '4.0' if is_new else '3.0')
gi.require_version('WebKit' if is_new else 'WebKit2', api)
from gi.repository import GLib, Gtk  # noqa: E402
if is_new:
    from gi.repository import WebKit
else:
    from gi.repository import WebKit2 as WebKit

STEP_SECONDS = 120
# Not in every build on by default; Safari has them.
FEATURES = ('AccessHandle', 'FileSystem', 'FileSystemWritableStream', 'StorageAPI')


def wait_for(start, seconds):
    """Runs start(done) and returns what it calls done with; an error after so many seconds."""
    loop = GLib.MainLoop()
    answers = []

    def done(answer):
        answers.append(answer)
        loop.quit()

    timer = GLib.timeout_add_seconds(seconds, lambda: done({'error': 'no answer in time'}) or True)
    start(done)
    if not answers:
        loop.run()
    GLib.source_remove(timer)
    return answers[0]


def open_browser():
    """The view and its cookie manager, in a window."""
    settings = WebKit.NetworkProxySettings.new(proxy, None)
    content = WebKit.UserContentManager()
    if is_new:
        session = WebKit.NetworkSession.new(data, cache)
        session.set_proxy_settings(WebKit.NetworkProxyMode.CUSTOM, settings)
        view = WebKit.WebView(network_session=session, user_content_manager=content)
        content.register_script_message_handler('done', None)
    else:
        session = WebKit.WebsiteDataManager(base_data_directory=data, base_cache_directory=cache)
        session.set_network_proxy_settings(WebKit.NetworkProxyMode.CUSTOM, settings)
        context = WebKit.WebContext.new_with_website_data_manager(session)
        view = WebKit.WebView(web_context=context, user_content_manager=content)
        content.register_script_message_handler('done')
    session.set_tls_errors_policy(WebKit.TLSErrorsPolicy.IGNORE)
    session.set_itp_enabled(True)
    cookies = session.get_cookie_manager()
    cookies.set_persistent_storage(os.path.join(data, 'cookies.sqlite'), WebKit.CookiePersistentStorage.SQLITE)
    cookies.set_accept_policy(WebKit.CookieAcceptPolicy.ALWAYS)
    features = WebKit.Settings.get_all_features()
    for feature in (features.get(i) for i in range(features.get_length())):
        if feature.get_identifier() in FEATURES:
            view.get_settings().set_feature_enabled(feature, True)
    window = Gtk.Window()
    window.set_child(view) if is_new else window.add(view)
    window.present() if is_new else window.show_all()
    return view, cookies


def run_script(view, url, script):
    content = view.get_user_content_manager()

    def start(done):
        def received(_, message):
            value = message if is_new else message.get_js_value()
            done(json.loads(value.to_string()))

        def failed(_view, _event, address, error):
            done({'error': f'{address}: {error.message}'})

        signals = [(content, content.connect('script-message-received::done', received)),
                   (view, view.connect('load-failed', failed))]
        content.add_script(WebKit.UserScript.new(
            """(async () => {
                if (document.querySelector('iframe')) return;
                const answer = {};
                try { answer.value = await (async () => {%s})() ?? null; } catch (error) { answer.error = `${error}`; }
                webkit.messageHandlers.done.postMessage(JSON.stringify(answer));
            })()""" % script, WebKit.UserContentInjectedFrames.ALL_FRAMES, WebKit.UserScriptInjectionTime.END, None, None))
        view.load_uri(url)
        return signals

    connected = []
    answer = wait_for(lambda done: connected.extend(start(done)), STEP_SECONDS)
    for emitter, signal in connected:
        emitter.disconnect(signal)
    content.remove_all_scripts()
    return answer


def cookies_for(manager, url):
    def described(cookie):
        expires = cookie.get_expires()
        return {'domain': cookie.get_domain(), 'path': cookie.get_path(), 'name': cookie.get_name(),
                'value': cookie.get_value(), 'secure': cookie.get_secure(), 'http_only': cookie.get_http_only(),
                'same_site': int(cookie.get_same_site_policy()), 'expires': expires.to_unix() if expires else None}

    def start(done):
        manager.get_cookies(url, None, lambda _, result: done(
            {'value': [described(cookie) for cookie in manager.get_cookies_finish(result)]}))

    return wait_for(start, STEP_SECONDS)


def load(view, url, *more):
    """Loads a page to its end, whatever that is."""
    def start(done):
        def changed(_, event):
            if event == WebKit.LoadEvent.FINISHED:
                done({})
        connected.append(view.connect('load-changed', changed))
        connected.extend(view.connect(*one) for one in more)
        view.load_uri(url)

    connected = []
    answer = wait_for(start, STEP_SECONDS)
    for signal in connected:
        view.disconnect(signal)
    return answer


def asks(view, url):
    asked = []

    def question(_, request):
        asked.append(request.get_scheme().value_nick.removeprefix('http-'))
        request.cancel()
        return True

    return {**load(view, url, ('authenticate', question)), 'value': asked[0] if asked else None}


def all_cookies(manager):
    return wait_for(lambda done: manager.get_all_cookies(None, lambda _, result: done(
        manager.get_all_cookies_finish(result))), STEP_SECONDS)


def stores(view, manager, url):
    for cookie in all_cookies(manager):
        wait_for(lambda done: manager.delete_cookie(cookie, None, lambda _, result: done(manager.delete_cookie_finish(result))),
                 STEP_SECONDS)
    before = len(all_cookies(manager))
    return {**load(view, url), 'value': len(all_cookies(manager)) == before + 1}


def rest(seconds):
    return wait_for(lambda done: GLib.timeout_add_seconds(seconds, lambda: done({'value': None})), 2 * seconds)


def main():
    if is_new:
        Gtk.init()
    view, manager = open_browser()

    def take(step):
        if 'cookies' in step:
            return cookies_for(manager, step['cookies'])
        if 'asks' in step:
            return asks(view, step['asks'])
        if 'stores' in step:
            return stores(view, manager, step['stores'])
        return rest(step['rest']) if 'rest' in step else run_script(view, step['url'], step['script'])

    json.dump([take(step) for step in json.load(sys.stdin)], sys.stdout)


main()
