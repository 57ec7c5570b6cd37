# SPDX-License-Identifier: GPL-2.0-only
"""Neighbour discovery: RFC 4861 sections 7.1.1 and 7.2.4."""

import socket
import struct

from scapy.layers.inet6 import (ICMPv6ND_NA, ICMPv6ND_NS,
                                ICMPv6NDOptDstLLAddr, ICMPv6NDOptSrcLLAddr,
                                ICMPv6ND_RS, ICMPv6MLQuery, IPv6)
from scapy.packet import Raw
from scapy.utils import checksum

from wire import CLIENT, MAC, OTHER, OWN, OWN_LAST, broken, equal, need

ALL_NODES = "ff02::1"
ALL_NODES_MAC = "33:33:00:00:00:01"


def node(addr):
    """Solicited-node group of an address, and its MAC."""
    low = socket.inet_pton(socket.AF_INET6, addr)[13:]
    group = socket.inet_ntop(socket.AF_INET6, bytes(
        [0xff, 2] + [0] * 9 + [1, 0xff]) + low)
    return group, "33:33:ff:" + ":".join(f"{b:02x}" for b in low)


def solicit(t, target=OWN[6], link=None, options=True, **ip):
    """A neighbour solicitation as a host sends it."""
    group, mac = node(target)
    pkt = (t.wire.eth(**{"dst": mac, **(link or {})})
           / IPv6(**{"src": CLIENT[6], "dst": group, "hlim": 255, **ip})
           / ICMPv6ND_NS(tgt=target))
    return pkt / ICMPv6NDOptSrcLLAddr(lladdr=MAC) if options else pkt


def check(t, pkt, target=OWN[6], dad=False):
    """Every field of the advertisement."""
    need(ICMPv6ND_NA in pkt, f"no advertisement: {pkt.summary()}")
    na = pkt[ICMPv6ND_NA]
    equal(pkt.dst, ALL_NODES_MAC if dad else MAC, "Ethernet destination")
    equal((pkt[IPv6].src, pkt[IPv6].dst, pkt[IPv6].hlim),
          (target, ALL_NODES if dad else CLIENT[6], 255), "IPv6 header")
    equal((na.code, na.R, na.S, na.O, na.tgt),
          (0, 0, 0 if dad else 1, 1, target), "code, R, S, O, target")
    equal((na[ICMPv6NDOptDstLLAddr].len, na[ICMPv6NDOptDstLLAddr].lladdr),
          (1, t.wire.mac), "target link-layer address option")


def test_solicited_node(t):
    check(t, t.ask(solicit(t)))


def test_ways_to_ask(t):
    """Destination all-nodes in four kinds of frame, unicast, broadcast."""
    for mac in ("ff:ff:ff:ff:ff:ff", ALL_NODES_MAC, t.wire.mac,
                node(OWN[6])[1]):
        check(t, t.ask(solicit(t, link={"dst": mac}, dst=ALL_NODES)))
    check(t, t.ask(solicit(t, link={"dst": t.wire.mac}, dst=OWN[6])))
    check(t, t.ask(solicit(t, link={"dst": "ff:ff:ff:ff:ff:ff"})))


def test_edges_of_own_range(t):
    for target in ("2001:db8::8000", OWN_LAST[6]):
        check(t, t.ask(solicit(t, target)), target)
    t.silent(solicit(t, "2001:db8::7fff"), solicit(t, "2001:db8::1:0"))


def test_other_address(t):
    t.silent(solicit(t, OTHER[6]), solicit(t, "fe80::1"),
             solicit(t, OTHER[6], dst=ALL_NODES,
                     link={"dst": ALL_NODES_MAC}),
             solicit(t, OTHER[6], dst=OWN[6], link={"dst": t.wire.mac}))


def test_without_source_option(t):
    check(t, t.ask(solicit(t, options=False)))


def test_duplicate_address_detection(t):
    check(t, t.ask(solicit(t, options=False, src="::")), dad=True)


def test_duplicate_address_detection_malformed(t):
    """From ::, a source address option or another destination is invalid."""
    t.silent(solicit(t, src="::"),
             solicit(t, src="::", options=False, dst=OWN[6],
                     link={"dst": t.wire.mac}),
             solicit(t, src="::", options=False, dst=ALL_NODES,
                     link={"dst": ALL_NODES_MAC}))


def test_hop_limit(t):
    t.silent(*[solicit(t, hlim=h) for h in (0, 1, 64, 254)])


def test_code(t):
    pkt = solicit(t)
    pkt[ICMPv6ND_NS].code = 1
    t.silent(pkt)


def test_checksum(t):
    t.silent(broken(solicit(t), ICMPv6ND_NS, "cksum"))


def test_multicast_target(t):
    t.silent(solicit(t, ALL_NODES), solicit(t, node(OWN[6])[0]))


def test_too_short(t):
    """Shorter than a solicitation; the reference program dies of these."""
    src, dst = (socket.inet_pton(socket.AF_INET6, a)
                for a in (CLIENT[6], OWN[6]))
    for length in range(1, 24):
        body = (b"\x87" + bytes(7)
                + socket.inet_pton(socket.AF_INET6, OWN[6]))[:length]
        if length >= 4:
            pseudo = src + dst + struct.pack("!IHBB", length, 0, 0, 58)
            body = (body[:2] + struct.pack("!H", checksum(pseudo + body))
                    + body[4:])
        t.silent(t.wire.eth() / IPv6(src=CLIENT[6], dst=OWN[6], hlim=255,
                                     nh=58) / Raw(body))


def test_option_length(t):
    """Length zero, and an option longer than the message."""
    for length in (0, 2, 255):
        pkt = solicit(t)
        pkt[ICMPv6NDOptSrcLLAddr].len = length
        t.silent(pkt)


def test_wrong_group_mac(t):
    """A group MAC that is not the target's is somebody else's."""
    with t.lab.promiscuous():
        t.silent(*[solicit(t, link={"dst": mac}) for mac in (
            node(OTHER[6])[1], "33:33:ff:00:80:02", "33:33:00:00:80:01",
            "01:00:5e:00:80:01", "00:00:00:11:11:11")])
        check(t, t.ask(solicit(t)))


def test_bad_source(t):
    t.silent(solicit(t, src="ff02::1"), solicit(t, src="::1"),
             solicit(t, src="::ffff:192.0.2.50"), solicit(t, src=OWN[6]),
             solicit(t, src="2001:db8::8002"))


def test_multicast_source_mac(t):
    t.silent(solicit(t, link={"src": "33:33:00:00:00:50"}),
             solicit(t, link={"src": t.wire.mac}))


def test_advertisement_and_other_messages(t):
    head = t.wire.eth() / IPv6(src=CLIENT[6], dst=OWN[6], hlim=255)
    t.silent(head / ICMPv6ND_NA(tgt=OWN[6], S=1, O=1)
             / ICMPv6NDOptDstLLAddr(lladdr=MAC),
             head / ICMPv6ND_RS(), head / ICMPv6MLQuery())


def test_denied_client(t):
    with t.lab.set("deny", "2001:db8::50", undo=("deny", "none")):
        t.silent(solicit(t), solicit(t, dst=ALL_NODES))
        need(ICMPv6ND_NA in t.ask(solicit(t, src="2001:db8::4f")),
             "a client that is not denied gets no answer")
    check(t, t.ask(solicit(t)))
