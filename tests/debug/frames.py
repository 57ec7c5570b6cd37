#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-only
"""Requests that are answered, for frames.c: KIND.frames in the directory given."""

import pathlib
import sys

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import (ICMPv6EchoRequest, ICMPv6ND_NS,
                                ICMPv6NDOptSrcLLAddr, IPv6)
from scapy.layers.l2 import ARP, Ether

ETH = Ether(src="02:00:00:00:00:50", dst="02:00:00:00:00:10")
OWN = {4: "198.51.100.129", 6: "2001:db8:1::8001"}
IP4 = ETH / IP(src="198.51.100.1", dst=OWN[4])
IP6 = ETH / IPv6(src="2001:db8:1::1", dst=OWN[6])
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"

FRAMES = {
    "arp": ETH / ARP(op=1, hwsrc=ETH.src, psrc="198.51.100.1", pdst=OWN[4]),
    "ndisc": ETH / IPv6(src="2001:db8:1::1", dst=OWN[6], hlim=255)
             / ICMPv6ND_NS(tgt=OWN[6]) / ICMPv6NDOptSrcLLAddr(lladdr=ETH.src),
    "icmp": IP4 / ICMP(id=1, seq=1) / bytes(56),
    "icmpv6": IP6 / ICMPv6EchoRequest(id=1, seq=1, data=bytes(56)),
    "tcp4": IP4 / TCP(sport=1024, dport=80, flags="S", options=[("MSS", 1460)]),
    "tcp6": IP6 / TCP(sport=1024, dport=80, flags="S", options=[("MSS", 1440)]),
    "udp4": IP4 / UDP(sport=1024, dport=80) / GET,
    "udp6": IP6 / UDP(sport=1024, dport=80) / GET,
}

for kind, frame in FRAMES.items():
    path = pathlib.Path(sys.argv[1], f"{kind}.frames")
    path.write_text(bytes(frame).hex() + "\n", encoding="ascii")
