# SPDX-License-Identifier: GPL-2.0-only
"""STUN: RFC 8489/5389 with the magic cookie, RFC 3489 without."""

import os
import socket
import struct

from scapy.layers.inet import UDP

from cases import both
from wire import CLIENT, equal, fresh_port, payload

COOKIE = bytes.fromhex("2112a442")
PORTS = (3478, 5349, 80, 53228)


def request(ident, attrs=b"", kind=1):
    """A Binding request; @ident is cookie and transaction, 16 bytes."""
    return struct.pack("!HH", kind, len(attrs)) + ident + attrs


def ident(cookie=True):
    """Sixteen fresh bytes, with the cookie in front or not."""
    return (COOKIE if cookie else os.urandom(3) + b"\0") + os.urandom(12)


def address(fam, port, mark=None):
    """Value of (XOR-)MAPPED-ADDRESS of the client."""
    kind = socket.AF_INET if fam == 4 else socket.AF_INET6
    raw = struct.pack("!H", port) + socket.inet_pton(kind, CLIENT[fam])
    if mark:
        pad = mark[:2] + mark
        raw = bytes(a ^ b for a, b in zip(raw, pad))
    return bytes([0, 1 if fam == 4 else 2]) + raw


def check(fam, data, mark, port, cookie=True):
    """A Binding success response that holds the client's address alone."""
    kind, length = struct.unpack("!HH", data[:4])
    equal((kind, length, data[4:20]), (0x0101, len(data) - 20, mark),
          "type, length, transaction")
    value = address(fam, port, mark if cookie else None)
    equal(data[20:], struct.pack("!HH", 0x20 if cookie else 1, len(value))
          + value, "address attribute")


@both
def test_cookie(t):
    for port in PORTS:
        mark, sport = ident(), fresh_port()
        pkt = t.ask(t.udp(request(mark), port, sport=sport))
        equal(pkt[UDP].sport, port, "source port")
        check(t.fam, payload(pkt), mark, sport)


@both
def test_rfc3489(t):
    """Without the cookie the address comes in clear."""
    nothing = bytes.fromhex("0003000400000000")
    for port, attrs in ((3478, b""), *((port, nothing) for port in PORTS)):
        mark, sport = ident(False), fresh_port()
        pkt = t.ask(t.udp(request(mark, attrs), port, sport=sport))
        check(t.fam, payload(pkt), mark, sport, cookie=False)


@both
def test_rfc3489_without_attributes(t):
    """Twenty bytes that others send as well, but for STUN's port."""
    t.silent(*(t.udp(request(ident(False)), port) for port in PORTS
               if port != 3478))


@both
def test_change_port(t):
    """The reply comes from the next port; from 1 behind 65535."""
    attr = bytes.fromhex("0003000400000002")
    for cookie in (True, False):
        for port, source in ((3478, 3479), (80, 81), (65534, 65535),
                             (65535, 1)):
            mark, sport = ident(cookie), fresh_port()
            pkt = t.ask(t.udp(request(mark, attr), port, sport=sport))
            equal(pkt[UDP].sport, source, "source port")
            check(t.fam, payload(pkt), mark, sport, cookie)


@both
def test_change_request_twice(t):
    """Asking twice is asking once."""
    attr = bytes.fromhex("0003000400000002") * 2
    equal(t.ask(t.udp(request(ident(), attr), 3478))[UDP].sport, 3479,
          "source port")


@both
def test_attributes_of_any_length(t):
    """The reference program misses lengths 1 to 255."""
    for length in (1, 2, 3, 4, 7, 100, 255):
        mark, sport = ident(), fresh_port()
        attr = struct.pack("!HH", 0x8022, length) + bytes(length)
        attr += bytes(-length % 4)
        pkt = t.ask(t.udp(request(mark, attr), 3478, sport=sport))
        check(t.fam, payload(pkt), mark, sport)


@both
def test_unknown_attribute(t):
    """420 with the list of what was not understood."""
    mark = ident()
    attr = struct.pack("!HH", 0x7abc, 4) + bytes(4)
    data = payload(t.ask(t.udp(request(mark, attr), 3478)))
    equal((data[:2], data[4:20]), (b"\x01\x11", mark), "type, transaction")
    equal(data[20:28], bytes.fromhex("0009") + struct.pack("!H", 24)
          + bytes.fromhex("00000414"), "ERROR-CODE 420")
    equal(data[48:54], bytes.fromhex("000a00027abc"), "UNKNOWN-ATTRIBUTES")


@both
def test_malformed(t):
    """Each of these ends the reference program, or is no request."""
    mark = ident()
    for text in (request(mark, struct.pack("!HH", 0x8022, 300) + bytes(8)),
                 request(mark, struct.pack("!HH", 3, 2) + bytes(4)),
                 request(mark, struct.pack("!HH", 3, 0xffff)),
                 request(mark)[:-1], request(mark)[:8],
                 request(mark) + b"tail", request(mark, b"\x80\x22"),
                 request(mark, kind=0x0101), request(mark, kind=0x0011),
                 request(mark, kind=0x0111), request(mark, kind=0x0002)):
        t.silent(t.udp(text, 3478))


@both
def test_over_tcp(t):
    for port in PORTS:
        mark, conn = ident(), t.tcp(port).open()
        data = conn.fetch(request(mark))
        check(t.fam, data, mark, conn.sport)


@both
def test_over_tcp_split(t):
    whole = request(ident(), struct.pack("!HH", 0x8022, 4) + b"test")
    for cut in range(1, len(whole)):
        conn = t.tcp(3478).open()
        conn.tell(whole[:cut])
        check(t.fam, conn.fetch(whole[cut:]), whole[4:20], conn.sport)
