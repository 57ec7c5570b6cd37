# SPDX-License-Identifier: GPL-2.0-only
"""HTTP: a server that wants a password, over TCP and UDP."""

import email.utils
import time

from scapy.layers.inet import TCP

from cases import both
from wire import equal, need, payload

PORTS = (80, 443, 5000, 53228)
METHODS = ("GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "PATCH")
REFUSED = ("CONNECT", "TRACE")
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def parse(page):
    """Status line, fields and body of a reply whose form must be right."""
    head, sep, body = page.partition(b"\r\n\r\n")
    need(sep, f"no blank line in {page!r}")
    need(b"\n" not in head.replace(b"\r\n", b""), f"bare LF in {head!r}")
    lines = head.decode("ascii").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    equal(len(fields), len(lines) - 1, "fields that occur once")
    return lines[0], fields, body


def check_page(page, status="401 Unauthorized", head=False):
    """A whole, well-formed page with this status."""
    line, fields, body = parse(page)
    equal(line, f"HTTP/1.1 {status}", "status line")
    length = int(fields["Content-Length"])
    equal(len(body), 0 if head else length, "bytes of the body")
    need(length > 0, "empty page")
    need(fields["Content-Type"].startswith("text/html"), "Content-Type")
    equal(fields["Server"], "nginx/1.22.1", "Server")
    need(head or body.endswith(b"<hr><center>nginx/1.22.1</center>\r\n"
                               b"</body>\r\n</html>\r\n"), "foot of the page")
    if status.startswith("401"):
        need(fields["WWW-Authenticate"].startswith("Basic realm="),
             "WWW-Authenticate")
    date = fields["Date"]
    stamp = email.utils.parsedate_to_datetime(date).timestamp()
    equal(time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(stamp)),
          date, "Date in IMF-fixdate form")
    return fields


@both
def test_page_on_every_port(t):
    for port in PORTS:
        check_page(t.tcp(port).open().fetch(GET))


@both
def test_methods(t):
    for method in METHODS:
        page = t.tcp().open().fetch(GET.replace(b"GET", method.encode()))
        check_page(page, head=method == "HEAD")
    for method in REFUSED:
        got = t.tcp().open().say(GET.replace(b"GET", method.encode()))
        check_page(b"".join(payload(p) for p in got), "405 Not Allowed")
        need("F" in got[-1][TCP].flags, "a 405 ends the connection")


@both
def test_registered_methods(t):
    """WebDAV and the others of IANA's registry."""
    for method in ("PROPFIND", "MKCOL", "LOCK", "UNLOCK", "REPORT", "SEARCH",
                   "VERSION-CONTROL", "UPDATEREDIRECTREF", "ACL", "QUERY",
                   "SUBSCRIBE", "RPC_IN_DATA", "TRACK", "M-SEARCH"):
        check_page(t.tcp().open().fetch(
            GET.replace(b"GET", method.encode())))


@both
def test_targets(t):
    for line in (b"GET http://a.example/x?y=%20 HTTP/1.1",
                 b"GET /" + b"a" * 1000 + b" HTTP/1.1", b"GET / HTTP/1.0",
                 b"GET /\xff\xfe HTTP/1.1"):
        check_page(t.tcp().open().fetch(line + b"\r\nHost: a\r\n\r\n"))


@both
def test_line_ends(t):
    """Bare LF ends lines too; empty lines before the request are skipped."""
    for text in (b"GET / HTTP/1.1\n\n", b"GET / HTTP/1.1\nHost: a\n\n",
                 b"\r\nGET / HTTP/1.1\r\n\r\n"):
        check_page(t.tcp().open().fetch(text))


@both
def test_incomplete(t):
    """Acknowledged, and nothing else, as long as the blank line lacks."""
    for text in (b"G", b"OPTIONS", b"GET / HTTP/1.1\r\n",
                 b"GET / HTTP/1.1\r\nHost: a\r\n"):
        t.tcp().open().tell(text)


@both
def test_not_http(t):
    for text in (b"hello\r\n\r\n", b"GET SERVER INFO\r\n",
                 b"OPTIONS / RTSP/1.0\r\n\r\n", b"\r\nEHLO a\r\n"):
        t.tcp().open().tell(text)


@both
def test_body_in_the_request(t):
    post = (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n"
            + b"x" * 500)
    check_page(t.tcp().open().fetch(post))


@both
def test_bad_request(t):
    conn = t.tcp().open()
    got = conn.say(b"GET / HTTP/9.9\r\n\r\n")
    check_page(b"".join(payload(p) for p in got),
               "505 HTTP Version Not Supported")
    need("F" in got[-1][TCP].flags, "an error does not end the connection")
    for text in (b"GET / x HTTP/1.1\r\n", b"get / http/1.1\r\n", b"GET\r\n",
                 b"GET/ HTTP/1.1\r\n", b"GET \n", b"GET / HTTX/1.1\r\n",
                 b"OPTIONS * HTTP/1.1\r\n", b"GET /../a HTTP/1.1\r\n",
                 b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                 b"GET / HTTP/1.1\r\nX: y\r\n\r\n"):
        got = t.tcp().open().say(text)
        check_page(b"".join(payload(p) for p in got), "400 Bad Request")
        need("F" in got[-1][TCP].flags, f"{text!r} does not end it")


@both
def test_keep_alive(t):
    """Second and third request on one connection; repeated fields aside."""
    conn = t.tcp().open()
    for _ in range(3):
        got = conn.say(GET)
        check_page(b"".join(payload(p) for p in got))
        need("F" not in got[-1][TCP].flags, "connection ended")


@both
def test_connection_close(t):
    conn = t.tcp().open()
    got = conn.say(GET[:-2] + b"Connection: close\r\n\r\n")
    fields = check_page(b"".join(payload(p) for p in got))
    equal(fields["Connection"], "close", "Connection")
    equal(str(got[-1][TCP].flags), "FPA", "flags of the last segment")


@both
def test_over_udp(t):
    for port in PORTS:
        check_page(payload(t.ask(t.udp(GET, port))))
    check_page(payload(t.ask(t.udp(GET.replace(b"GET", b"HEAD")))),
               head=True)


@both
def test_over_udp_incomplete(t):
    t.silent(t.udp(b"OPTIONS"), t.udp(b"GET / HTTP/1.1\r\n"), t.udp(b"G"),
             t.udp(GET[:-1]), t.udp(b"hello"))


@both
def test_over_udp_only_the_401(t):
    """What else would be said is larger than what drew it, and is not."""
    t.silent(t.udp(b"GET\n"), t.udp(b"GET /\r\n"), t.udp(b"GET / HTTP/2.0\n"),
             t.udp(b"M-SEARCH * HTTP/1.1\r\nHost: a\r\n\r\n"))
    check_page(payload(t.ask(t.udp(GET.replace(b"/ ", b"/version ")))))


@both
def test_pages_without_a_password(t):
    for path, key in ((b"/version", b'"ApiVersion":"1.41"'),
                      (b"/containers/json?all=1", b"[]\n"),
                      (b"/_cat/indices", b'"docs.count"')):
        line, fields, body = parse(t.tcp().open().fetch(
            GET.replace(b"/ ", path + b" ")))
        equal(line, "HTTP/1.1 200 OK", f"status line of {path!r}")
        equal(len(body), int(fields["Content-Length"]), "bytes of the body")
        need(key in body, f"{path!r} drew {body!r}")


def test_clock(t):
    """Date is the sensor's clock."""
    before = int(t.lab.sh("date +%s").out)
    fields = check_page(t.tcp().open().fetch(GET))
    after = int(t.lab.sh("date +%s").out)
    stamp = email.utils.parsedate_to_datetime(fields["Date"]).timestamp()
    need(before <= stamp <= after, f"Date {fields['Date']} is not between "
         f"{before} and {after}")


def test_switched_off(t):
    with t.lab.set("proto", "http", "off", undo=("proto", "http", "on")):
        t.tcp().open().tell(GET)
        t.silent(t.udp(GET))
    check_page(t.tcp().open().fetch(GET))
