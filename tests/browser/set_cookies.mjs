// Forms of Set-Cookie, one answer each: [field, host that sets it]. The host is app.cookies.test where none is named.
const long = (size) => 'x'.repeat(size);

export const usual = 'app.cookies.test';
export const forms = [
    ['a=1'], ['a=1; Path=/'], ['a=1; Secure'], ['a=1; HttpOnly'], ['a=1; Max-Age=60'], ['a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT'],
    ['a=1; Expires=soon'], ['a=1; Max-Age=soon'], ['a=1; Priority=High'], ['a=1; Unknown=attribute'], ['a=1;;; ;'], ['  a  =  1  '],
    ['a="quoted"'], ['a=b=c'], ['a=b,c'], ['a=with space'], ['a=\u00fc'], ['\u00fc=1'], ['a=tab\there'], ['a\tb=1'], ['a=\t1'], ['a=1\t'], ['a=1;\tSecure'], ['a=1; Path=/\t'], ['a=1; Comment=x\ty'],
    // Who may have it.
    ['a=1; Domain=cookies.test'], ['a=1; Domain=.cookies.test'], ['a=1; Domain=app.cookies.test'], ['a=1; Domain=APP.Cookies.TEST'],
    ['a=1; Domain=other.app.cookies.test'], ['a=1; Domain=other.test'], ['a=1; Domain=test'], ['a=1; Domain=.test'], ['a=1; Domain='],
    ['a=1; Domain'], ['a=1; Domain=ookies.test'], ['a=1; Domain=cookies.test; Domain=other.test'], ['a=1; Domain=other.test; Domain=cookies.test'],
    ['a=1; Domain=cookies.test.'], ['a=1; Domain=..cookies.test'], ['a=1; Domain=https://cookies.test'],
    ['a=1; Domain=co.uk', 'shop.co.uk'], ['a=1; Domain=shop.co.uk', 'www.shop.co.uk'], ['a=1; Domain=github.io', 'ann.github.io'],
    ['a=1; Domain=localhost', 'localhost'], ['a=1; Domain=localhost', 'app.localhost'],
    ['a=1; Domain=127.0.0.1', '127.0.0.1'], ['a=1; Domain=0.0.1', '127.0.0.1'], ['a=1; Secure', 'localhost'], ['a=1; Secure', '127.0.0.1'],
    // Where it goes.
    ['a=1; SameSite=Lax'], ['a=1; SameSite=Strict'], ['a=1; SameSite=None'], ['a=1; SameSite=None; Secure'], ['a=1; SameSite=none'],
    ['a=1; SameSite=other'], ['a=1; SameSite='], ['a=1; SameSite=None; SameSite=Lax'], ['a=1; SameSite=None', 'localhost'],
    ['a=1; Partitioned'], ['a=1; Partitioned; Secure'], ['a=1; Partitioned; Secure; SameSite=None'], ['a=1; partitioned=x; Secure; Path=/'],
    ['a=1; Partitioned', 'localhost'], ['__Host-a=1; Partitioned; Secure; Path=/; SameSite=None'],
    // Prefixes.
    ['__Secure-a=1'], ['__Secure-a=1; Secure'], ['__secure-a=1'], ['__SECURE-a=1; Secure'], ['__Host-a=1'], ['__Host-a=1; Secure'],
    ['__Host-a=1; Secure; Path=/'], ['__host-a=1; Secure; Path=/'], ['__host-a=1; Secure'], ['__Host-a=1; Secure; Path=/; Domain=app.cookies.test'],
    ['__Host-a=1; Secure; Path=/b'], ['__Host-a=1; Secure; Path=/; Domain='], ['__Host-a=1; Secure; Path=/', 'localhost'],
    ['__Http-a=1; Secure'], ['__Http-a=1; Secure; HttpOnly'], ['__Http-a=1; HttpOnly'], ['__http-a=1; Secure'],
    ['__Host-Http-a=1; Secure; Path=/'], ['__Host-Http-a=1; Secure; Path=/; HttpOnly'], ['__Host-Http-a=1; Secure; HttpOnly'],
    ['__Host-Http-a=1; Secure; Path=/; HttpOnly; Domain=app.cookies.test'], ['__Hosta=1'], ['a__Host-=1'],
    ['=__Host-a=1'], ['=__Secure-a'], ['__Host-a'], ['=__Http-a'], ['__Secure-'], ['=__Secure-a; Secure'], ['=__Host-a; Secure; Path=/'],
    // Hardly a cookie.
    [''], ['='], [';'], ['; Path=/'], ['=value'], ['value'], ['name='], ['Secure'], [' ; Secure'], ['==a'], ['=a=b'],
    // Size.
    [`a=${long(4095)}`], [`a=${long(4096)}`], [`${long(4095)}=a`], [`${long(4096)}=a`], [`=${long(4096)}`], [`=${long(4097)}`], [long(4097)],
    [`a=1; Path=/${long(1022)}`], [`a=1; Path=/${long(1030)}`], [`a=1; Domain=${long(1030)}`], [`a=1; Comment=${long(5000)}`],
];
