// Forms of WWW-Authenticate, one answer each: as servers send them, rightly or not. Each is a list of header lines.
export const forms = [
    // As they should be.
    ['Basic realm="zoo"'], ['Basic realm=zoo'], ['basic realm="zoo"'], ['BASIC REALM="zoo"'], ['Basic   realm="zoo"'],
    ['Basic realm="zoo", charset="UTF-8"'], ['Basic realm="zoo",charset=utf-8'], ['Basic charset="UTF-8", realm="zoo"'],
    ['Basic realm = "zoo"'], ['Basic realm="a \\"quoted\\" zoo"'], ['Basic realm="zoo, east"'], ['Basic realm="a=b"'],
    ['Digest realm="zoo", nonce="n"'], ['Digest realm="zoo", nonce="n", qop="auth"'],
    ['Digest realm="zoo", nonce="n", qop="auth,auth-int"'], ['Digest realm="zoo", nonce="n", algorithm=MD5-sess, qop="auth"'],
    ['Digest realm="zoo", nonce="n", algorithm=SHA-256, qop="auth"'], ['Digest realm="zoo", nonce="n", stale=true'],
    ['Digest realm="zoo", nonce="n", opaque="o", domain="/"'],
    ['Bearer'], ['Bearer realm="zoo"'], ['Bearer error="invalid_token"'], ['DPoP algs="ES256"'], ['AWS4-HMAC-SHA256'],
    ['NTLM'], ['ApiKey'],
    // Several of them, a line each.
    ['Basic realm="zoo"', 'Digest realm="zoo", nonce="n"'], ['Bearer', 'Basic realm="zoo"'],
    ['Newauth realm="apps"', 'Basic realm="simple"'], ['Basic realm="a"', 'Basic realm="b"'], ['NTLM', 'Basic realm="zoo"'],
    // Several of them in one line.
    ['Bearer, Basic realm="zoo"'], ['Bearer realm="zoo", Basic realm="zoo"'], ['Basic realm="zoo", Bearer'],
    ['Basic realm="zoo", Digest realm="other", nonce="n"'], ['Digest realm="zoo", nonce="n", Basic realm="other"'],
    ['Negotiate, Basic realm="zoo"'], ['Negotiate, NTLM'], ['Newauth realm="apps", type=1, title="Log in", Basic realm="simple"'],
    ['Basic realm="zoo", Bearer error="invalid_token"'], ['Basic, Basic realm="zoo"'],
    // Not as the grammar says.
    ['Basic'], ['Basic '], ['Basic realm'], ['Basic realm='], ['Basic realm=""'], ['Basic realm="zoo'], ["Basic realm='zoo'"],
    ['Basic realm="zoo" '], ['Basic realm=zoo east'], ['Basic realm="zoo" charset="UTF-8"'], ['Basic, realm="zoo"'],
    [', Basic realm="zoo"'], [',Basic realm="zoo"'], ['Basic ,realm="zoo"'], ['Basic realm="zoo",'], ['Basic realm="zoo",,charset=x'],
    ['Basic realm="a", realm="b"'], ['Basic foo="zoo"'], ['Basic =zoo'], ['Basic realm="zoo"; charset="UTF-8"'],
    ['Basic\trealm="zoo"'], ['Basic:realm="zoo"'], ['Basic realm="z\u00e4h"'], ['realm="zoo"'], ['"Basic" realm="zoo"'], ['Basic dG9rZW4='],
    [''], ['Digest'], ['Digest realm="zoo"'], ['Digest nonce="n"'], ['Digest realm="zoo", nonce=""'], ['Digest realm="zoo", nonce=n'],
    ['Digest realm="zoo", nonce="n", algorithm=SHA-512-256'], ['Digest realm="zoo", nonce="n", algorithm="MD5"'],
    ['Digest realm="zoo", nonce="n", algorithm=token'], ['Digest realm="zoo", nonce="n", qop="auth-int"'],
    ['Digest realm="zoo", nonce="n", qop="other"'], ['Digest realm="zoo", nonce="n", qop'], ['Digest realm="a", realm="b", nonce="n"'],
    ['Digest realm="zoo", nonce="n", qop=auth,auth-int'], ['Digest realm="zoo" nonce="n"'], ['NTLM TlRMTVNTUAA='], ['NTLM realm="zoo"'],
];
