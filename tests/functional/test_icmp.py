# SPDX-License-Identifier: GPL-2.0-only
"""ICMP and ICMPv6 echo, and the silence about everything else."""

from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import (ICMPv6EchoReply, ICMPv6EchoRequest,
                                ICMPv6Unknown, IPv6)

from cases import both
from wire import MAC, broken, equal, need


def check(t, pkt, data, ident=77, seq=3):
    """The echo reply, and that it carries what was sent."""
    equal(pkt.dst, MAC, "Ethernet destination")
    if t.fam == 4:
        need(ICMP in pkt, f"no ICMP: {pkt.summary()}")
        got = pkt[ICMP]
        equal((got.type, got.code), (0, 0), "type and code")
        body = bytes(got.payload)[:pkt[IP].len - 28]
    else:
        need(ICMPv6EchoReply in pkt, f"no echo reply: {pkt.summary()}")
        got = pkt[ICMPv6EchoReply]
        equal((got.code, pkt[IPv6].hlim), (0, 64), "code and hop limit")
        body = got.data
    ip = pkt[IP] if t.fam == 4 else pkt[IPv6]
    equal((ip.src, ip.dst), (t.own, t.client), "addresses")
    equal((got.id, got.seq), (ident, seq), "identifier and sequence")
    equal(body, data, "echoed data")


@both
def test_echo(t):
    check(t, t.ask(t.echo(b"payload of the echo")), b"payload of the echo")


@both
def test_payload_of_any_length(t):
    """Up to the MTU, odd lengths among them."""
    head = 28 if t.fam == 4 else 48
    for length in (0, 1, 2, 55, 56, 57, 511, 1000, 1399, 1400, 1500 - head):
        data = bytes(i * 7 % 256 for i in range(length))
        check(t, t.ask(t.echo(data)), data)


@both
def test_identifier_and_sequence(t):
    for ident, seq in ((0, 0), (0xffff, 0xffff), (1, 0x8000)):
        check(t, t.ask(t.echo(b"x", ident=ident, seq=seq)), b"x", ident, seq)


@both
def test_bad_checksum(t):
    if t.fam == 4:
        t.silent(broken(t.echo(), ICMP))
    else:
        t.silent(broken(t.echo(), ICMPv6EchoRequest, "cksum"))


@both
def test_code(t):
    """Any code is answered, and comes back, as from Linux."""
    layer = ICMP if t.fam == 4 else ICMPv6EchoRequest
    reply = ICMP if t.fam == 4 else ICMPv6EchoReply
    for code in (1, 255):
        pkt = t.echo()
        pkt[layer].code = code
        equal(t.ask(pkt)[reply].code, code, "code of the reply")


@both
def test_other_types(t):
    """Every type but the request, replies and errors among them."""
    request = 8 if t.fam == 4 else 128
    skip = (request, 135)
    for first in range(0, 256, 32):
        kinds = [k for k in range(first, first + 32) if k not in skip]
        if t.fam == 4:
            t.silent(*[t.ip() / ICMP(type=k) / bytes(40) for k in kinds])
        else:
            t.silent(*[t.ip(hlim=255) / ICMPv6Unknown(
                type=k, msgbody=bytes(40)) for k in kinds])


@both
def test_truncated(t):
    """Less than type, code, checksum, identifier and sequence."""
    whole = bytes(t.echo(b""))[34 if t.fam == 4 else 54:]
    for length in range(8):
        head = t.ip(proto=1) if t.fam == 4 else t.ip(nh=58)
        t.silent(head / whole[:length])


@both
def test_other_address(t):
    other = "192.0.2.99" if t.fam == 4 else "2001:db8::99"
    t.silent(t.echo(dst=other))


def test_broadcast(t):
    """ping -b: neither from the broadcast address nor from another."""
    t.silent(*[t.echo(dst=dst, eth_dst="ff:ff:ff:ff:ff:ff") for dst in (
        "192.0.2.255", "255.255.255.255", "192.0.2.129")])
    t.silent(t.echo(dst="255.255.255.255"))


def test_multicast(t):
    t.silent(t.echo(dst="224.0.0.1", eth_dst="01:00:5e:00:00:01"),
             t.echo(dst="224.0.0.1"))


def test_multicast6(t):
    t.fam = 6
    t.silent(t.echo(dst="ff02::1", eth_dst="33:33:00:00:00:01"),
             t.echo(dst="ff02::1"),
             t.echo(dst="ff02::1:ff00:8001", eth_dst="33:33:ff:00:80:01"))


@both
def test_reply_draws_nothing(t):
    """Two sensors cannot be made to talk to each other."""
    reply = t.ask(t.echo())
    raw = bytearray(bytes(reply))
    raw[0:6], raw[6:12] = raw[6:12], raw[0:6]
    t.silent(bytes(raw))
    src, dst = (26, 30) if t.fam == 4 else (22, 38)
    size = 4 if t.fam == 4 else 16
    raw[src:src + size], raw[dst:dst + size] = \
        raw[dst:dst + size], raw[src:src + size]
    t.silent(bytes(raw))
