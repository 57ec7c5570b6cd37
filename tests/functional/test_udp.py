# SPDX-License-Identifier: GPL-2.0-only
"""UDP: length, checksum, ports, and silence unless a protocol answers."""

from scapy.layers.inet import UDP
from scapy.packet import Raw

from cases import both
from wire import broken, equal, need, payload

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@both
def test_ports(t):
    """Every port on both sides, 0 included."""
    for dport in (0, 1, 53, 80, 161, 24732, 65535):
        for sport in (0, 53, 13274, 65535):
            pkt = t.ask(t.udp(GET, dport, sport=sport))
            equal((pkt[UDP].sport, pkt[UDP].dport), (dport, sport), "ports")


@both
def test_unknown_content(t):
    for data in (b"", b"\0", b"hello", b"OPTIONS", b"\xff" * 100,
                 b"GET / HTTP/1.1\r\n", bytes(1400)):
        t.silent(t.udp(data))


@both
def test_bad_checksum(t):
    t.silent(broken(t.udp(GET), UDP))


@both
def test_zero_checksum(t):
    """Allowed over IPv4, not over IPv6 (RFC 8200 section 8.1)."""
    pkt = t.udp(GET)
    pkt[UDP].chksum = 0
    if t.fam == 4:
        need(b"401" in payload(t.ask(pkt)), "no page")
    else:
        t.silent(pkt)


@both
def test_length_field(t):
    """Below the header and beyond the packet: silence."""
    for length in (0, 1, 7, 8 + len(GET) + 1, 65535):
        pkt = t.udp(GET)
        pkt[UDP].len = length
        t.silent(pkt)


@both
def test_length_field_ends_the_datagram(t):
    """IP payload behind the datagram belongs to nobody."""
    good = bytes(t.udp(GET).payload.payload)
    field = {"proto": 17} if t.fam == 4 else {"nh": 17}
    need(b"401" in payload(t.ask(t.ip(**field) / Raw(good + b"tail"))),
         "trailing IP bytes hinder the answer")
    start = bytes(t.udp(GET[:-2]).payload.payload)
    t.silent(t.ip(**field) / Raw(start + GET[-2:]))


@both
def test_reply_draws_nothing(t):
    """What we send is no request: two sensors cannot loop."""
    for data in (GET, b"SSH-2.0-OpenSSH_9.2\r\n",
                 bytes.fromhex("000100002112a442") + bytes(range(12))):
        t.silent(t.udp(payload(t.ask(t.udp(data)))))


@both
def test_checksum_of_zero_is_sent_as_ffff(t):
    """A STUN reply repeats the identifier: choose it so that the sum is 0."""
    head = bytes.fromhex("00010000") + bytes(range(14))
    pkt = t.ask(t.udp(head + b"\0\0", 3478, sport=40000))
    word = pkt[UDP].chksum
    pkt = t.ask(t.udp(head + word.to_bytes(2, "big"), 3478, sport=40000))
    equal(pkt[UDP].chksum, 0xffff, "checksum")
