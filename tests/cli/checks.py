"""What the tests here say of each thing they look at."""

failed = []


def check(what, condition, shown=''):
    print(('ok: ' if condition else 'FAILED: ') + what)
    if not condition:
        failed.append(what)
        print(shown if isinstance(shown, str) else repr(shown))
