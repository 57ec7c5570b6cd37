# SPDX-License-Identifier: GPL-2.0-only
"""IPv4 and IPv6: whose packet, sound or not, options, fragments, headers."""

import struct

from scapy.layers.inet import (ICMP, IP, IPOption_NOP, IPOption_RR,
                               IPOption_Router_Alert, UDP)
from scapy.layers.inet6 import (ICMPv6EchoRequest, IPv6, IPv6ExtHdrDestOpt,
                                IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
                                IPv6ExtHdrRouting, PadN, HBHOptUnknown)
from scapy.packet import Raw

from cases import both
from wire import OTHER, OWN, broken, equal, need

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def v6(t, *headers, data=b"walk"):
    """An echo request behind extension headers."""
    t.fam = 6
    pkt = t.ip()
    for header in headers:
        pkt = pkt / header
    return pkt / ICMPv6EchoRequest(id=9, seq=9, data=data)


def test_header_of_reply(t):
    """IP id 0, DF, TTL 64, checksum: wire.sound() checks every reply."""
    pkt = t.ask(t.echo(id=0x1337, tos=0xb8, ttl=7))
    equal((pkt[IP].id, str(pkt[IP].flags), pkt[IP].ttl, pkt[IP].tos),
          (0, "DF", 64, 0xb8), "id, flags, TTL, TOS")
    equal(t.tcp(tos=0xb8).syn()[IP].tos, 0, "TOS of a SYN-ACK")


def test_header_of_reply6(t):
    t.fam = 6
    pkt = t.ask(t.echo(tc=0x30, fl=0x12345, hlim=3))
    equal((pkt[IPv6].tc, pkt[IPv6].fl, pkt[IPv6].hlim), (0x30, 0, 64),
          "class, flow label, hop limit")


@both
def test_other_mac(t):
    with t.lab.promiscuous():
        t.silent(*[t.echo(eth_dst=mac) for mac in (
            "00:00:00:11:11:11", "01:00:5e:00:00:01", "33:33:00:00:00:02",
            "01:80:c2:00:00:0e")])
        t.alive()


@both
def test_other_address(t):
    t.silent(t.echo(dst=OTHER[t.fam]), t.tcp(dst=OTHER[t.fam]).segment("S"))
    if t.fam == 4:
        t.silent(t.echo(dst="1.2.3.4"), t.echo(dst="192.0.2.127"),
                 t.echo(dst="192.0.3.0"))
    else:
        t.silent(t.echo(dst="2001:db8::7fff"), t.echo(dst="2001:db8::1:0"))


@both
def test_edges_of_own_range(t):
    edges = ("192.0.2.128", "192.0.2.255") if t.fam == 4 else \
        ("2001:db8::8000", "2001:db8::ffff")
    for dst in edges:
        layer = IP if t.fam == 4 else IPv6
        equal(t.ask(t.echo(dst=dst))[layer].src, dst, "source of the reply")


def test_rfc1112_mac(t):
    """The group MAC of an own address is ours for that address only."""
    t.ask(t.echo(eth_dst="01:00:5e:00:02:81"))
    t.ask(t.echo(dst="192.0.2.200", eth_dst="01:00:5e:00:02:c8"))
    with t.lab.promiscuous():
        t.silent(t.echo(eth_dst="01:00:5e:00:02:82"),
                 t.echo(eth_dst="01:00:5e:80:02:81"),
                 t.echo(eth_dst="01:00:5e:00:01:81"),
                 t.echo(eth_dst="33:33:ff:00:02:81"),
                 t.echo(dst="192.0.2.99", eth_dst="01:00:5e:00:02:63"))


def test_solicited_node_mac(t):
    """For a packet to the unicast address as well; all-nodes is none's."""
    t.fam = 6
    t.ask(t.echo(eth_dst="33:33:ff:00:80:01"))
    t.silent(t.echo(eth_dst="33:33:00:00:00:01"))
    with t.lab.promiscuous():
        t.silent(t.echo(eth_dst="33:33:ff:00:80:02"),
                 t.echo(eth_dst="33:33:00:00:80:01"),
                 t.echo(eth_dst="33:33:ff:00:81:01"),
                 t.echo(eth_dst="01:00:5e:00:80:01"))


@both
def test_bad_source(t):
    bad = {4: ("0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1",
               "239.1.2.3", "240.0.0.1", "127.0.0.1", OWN[4], "192.0.2.254"),
           6: ("::", "::1", "ff02::1", "ff0e::1", "::ffff:192.0.2.50",
               OWN[6], "2001:db8::fffe")}[t.fam]
    for src in bad:
        t.silent(t.echo(src=src), t.tcp(src=src).segment("S"),
                 t.udp(GET, src=src))


@both
def test_multicast_source_mac(t):
    for mac in ("01:00:5e:00:00:50", "33:33:00:00:00:50",
                "ff:ff:ff:ff:ff:ff", t.wire.mac):
        t.silent(t.echo(eth_src=mac), t.tcp(eth_src=mac).segment("S"),
                 t.udp(GET, eth_src=mac))


@both
def test_denied_client(t):
    with t.lab.set("deny", "192.0.2.49-192.0.2.50", "2001:db8::50",
                   undo=("deny", "none")):
        t.silent(t.echo(), t.tcp().segment("S"), t.udp(GET))
        friend = "192.0.2.52" if t.fam == 4 else "2001:db8::51"
        t.ask(t.echo(src=friend))
    t.alive()


@both
def test_protocols_not_spoken(t):
    protos = [p for p in (0, 2, 4, 17, 33, 41, 47, 50, 51, 58, 59, 89, 103,
                          132, 136, 253, 255)
              if p not in ((17,) if t.fam == 4 else (17, 58))]
    for proto in protos:
        field = {"proto": proto} if t.fam == 4 else {"nh": proto}
        t.silent(t.ip(**field) / Raw(bytes(40)))


@both
def test_no_layer_four(t):
    """TCP and UDP without, or with less than, a header."""
    for proto, size in ((6, 20), (17, 8)):
        field = {"proto": proto} if t.fam == 4 else {"nh": proto}
        for length in range(size):
            t.silent(t.ip(**field) / Raw(bytes(length)))


def test_options(t):
    for options in ([IPOption_NOP()] * 4, [IPOption_Router_Alert()],
                    [IPOption_RR(length=39, pointer=4,
                                 routers=["0.0.0.0"] * 9)]):
        pkt = t.ask(t.echo(b"behind options", options=options))
        equal((pkt[IP].ihl, bytes(pkt[ICMP].payload)),
              (5, b"behind options"), "header length and data")


def test_header_length(t):
    """Below five words, and beyond the packet."""
    t.silent(*[t.echo(ihl=ihl) for ihl in (0, 1, 4, 15)])


def test_version(t):
    t.silent(t.echo(version=6), t.echo(version=0), t.echo(version=15))
    t.fam = 6
    t.silent(t.echo(version=4), t.echo(version=0))


@both
def test_length(t):
    """Padding is ignored; a length beyond the frame or the header is bad."""
    if t.fam == 4:
        size, field = len(t.echo(b"")[IP]), "len"
        bad = (0, 19, size + 1, size + 100, 0xffff)
    else:
        size, field = 8, "plen"
        bad = (size + 1, size + 100, 0xffff)
    pkt = t.ask(bytes(t.echo(b"")) + b"\xaa" * 20)
    need(b"\xaa" not in bytes(pkt), "padding of the frame came back")
    for length in bad:
        t.silent(t.echo(b"", **{field: length}))


def test_header_checksum(t):
    t.silent(broken(t.echo(), IP), broken(t.tcp().segment("S"), IP),
             broken(t.udp(GET), IP), t.echo(chksum=0))


def test_ttl_of_zero(t):
    """A host takes what arrives (RFC 1122 section 3.2.1.7)."""
    t.ask(t.echo(ttl=0))


def test_fragments(t):
    """First, middle and last, of all protocols; the whole is never built."""
    for flags, frag in (("MF", 0), ("MF", 5), (0, 5), (0, 8191)):
        t.silent(t.echo(flags=flags, frag=frag),
                 t.tcp(flags=flags, frag=frag).segment("S"),
                 t.udp(GET, flags=flags, frag=frag))
    t.ask(t.echo(flags="DF"))


def test_fragments6(t):
    for m, offset in ((1, 0), (1, 5), (0, 5), (0, 0)):
        t.silent(v6(t, IPv6ExtHdrFragment(m=m, offset=offset, id=7)))
        t.silent(v6(t, IPv6ExtHdrHopByHop(options=[PadN()]),
                    IPv6ExtHdrFragment(m=m, offset=offset, id=7)))


def test_extension_headers(t):
    pad = [PadN(optdata=b"\0" * 4)]
    for headers in ([IPv6ExtHdrHopByHop(options=pad)],
                    [IPv6ExtHdrDestOpt(options=pad)],
                    [IPv6ExtHdrRouting(segleft=0)],
                    [IPv6ExtHdrHopByHop(options=pad),
                     IPv6ExtHdrDestOpt(options=pad),
                     IPv6ExtHdrRouting(segleft=0),
                     IPv6ExtHdrDestOpt(options=pad)]):
        pkt = t.ask(v6(t, *headers))
        equal((pkt[IPv6].nh, pkt[IPv6].plen), (58, 12),
              "next header and length of the reply")


def test_extension_headers_before_tcp_and_udp(t):
    t.fam = 6
    for layer in (t.tcp().segment("S").payload.payload,
                  t.udp(GET).payload.payload):
        t.ask(t.ip() / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 4)])
              / layer)


def test_extension_headers_malformed(t):
    """Running past the packet, routed on, discard-when-unknown, endless."""
    pad = [PadN(optdata=b"\0" * 4)]
    t.silent(v6(t, IPv6ExtHdrDestOpt(options=pad, len=200)),
             v6(t, IPv6ExtHdrRouting(segleft=1, addresses=[OTHER[6]])),
             v6(t, IPv6ExtHdrDestOpt(options=[
                 HBHOptUnknown(otype=0x80, optdata=b"\0" * 4)])),
             v6(t, IPv6ExtHdrDestOpt(options=[
                 HBHOptUnknown(otype=0x1e, optlen=200, optdata=b"")])),
             v6(t, *[IPv6ExtHdrDestOpt(options=pad)] * 12))
    t.silent(t.ip(nh=59))
    t.silent(t.ip(nh=60) / Raw(b"\x3a"))
    # An unknown option that says "skip over me" is skipped.
    t.ask(v6(t, IPv6ExtHdrDestOpt(options=[
        HBHOptUnknown(otype=0x1e, optdata=b"\0" * 4)])))


@both
def test_truncated_header(t):
    """Frames that end inside the IP header."""
    whole = bytes(t.echo())
    head = 34 if t.fam == 4 else 54
    t.silent(*[whole[:length] for length in range(14, head)])


def test_ethertypes(t):
    body = bytes(t.echo())[14:]
    t.silent(*[t.wire.eth(type=kind) / Raw(body) for kind in (
        0, 0x0026, 0x05dc, 0x0801, 0x8035, 0x8863, 0x88cc, 0xffff)])


def test_ipv4_in_ipv6_frame(t):
    four = bytes(t.echo())[14:]
    t.fam = 6
    six = bytes(t.echo())[14:]
    t.silent(t.wire.eth(type=0x86dd) / Raw(four + bytes(20)),
             t.wire.eth(type=0x0800) / Raw(six))


def test_land(t):
    """Source and destination the same, ports too."""
    for fam in (4, 6):
        t.fam = fam
        pkt = t.tcp(src=t.own).segment("S")
        pkt.sport = pkt.dport = 80
        t.silent(pkt)


def test_udp_behind_options(t):
    pkt = t.ask(t.udp(GET, options=[IPOption_NOP()] * 4))
    need(UDP in pkt and b"401" in bytes(pkt), "no page behind IP options")
    equal(struct.unpack("!H", bytes(pkt[UDP])[0:2])[0], 80, "source port")
