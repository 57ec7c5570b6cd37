# SPDX-License-Identifier: GPL-2.0-only
"""The host keeps what is its own: addresses it gets later, broadcast addresses,
gateways and neighbours, and what the administrator says of frames."""

import contextlib
import time

from scapy.layers.inet import TCP
from scapy.layers.inet6 import (ICMPv6ND_RA, ICMPv6NDOptPrefixInfo,
                                ICMPv6NDOptSrcLLAddr, IPv6)
from scapy.layers.l2 import Ether

from lab import DEV, OWN_RANGES
from test_config import load
from test_lifecycle import flood
from wire import CLIENT, MAC, equal, need, patience

LATE = {4: "192.0.2.150", 6: "2001:db8::8150"}
SIZE = {4: 24, 6: 64}
# What the guest makes of its MAC address and this prefix.
PREFIX = "2001:db8:77::"
SLAAC = "2001:db8:77:0:5054:ff:fe00:2"
VIA = ("rx-handler", "ingress")


def flags(t, fam, dst):
    """Flags of what a SYN to the address draws: ours S A, the host's R A."""
    t.fam = fam
    raw = t.wire.raw_talk(t.tcp(4242, dst=dst).segment("S"))
    return [str(p[TCP].flags) for p in map(Ether, raw) if TCP in p]


def within_a_second(t, fam, dst, want):
    """The address changes hands soon. A machine that is busy with eight others
    is given more time to notice than the guest takes."""
    begin = time.monotonic()
    while (got := flags(t, fam, dst)) != [want]:
        need(time.monotonic() - begin < patience(),
             f"SYN to {dst} draws {got}, not {want}")
    return time.monotonic() - begin


@contextlib.contextmanager
def neighbours(t):
    """The guest knows the client, which answers no ARP."""
    t.lab.sh("\n".join(f"ip neigh replace {CLIENT[f]} lladdr {MAC} dev {DEV} "
                       "nud permanent" for f in (4, 6)))
    try:
        yield
    finally:
        t.lab.sh(f"""ip address flush dev {DEV} scope global
            for f in 4 6; do ip -$f neigh flush dev {DEV} nud all; done
            ip neigh del {CLIENT[4]} dev {DEV}; ip neigh del {CLIENT[6]} dev {DEV}
            ip route del default; ip -6 route flush dev {DEV} proto ra; true""")


def said(t, addr, what):
    """Lines of the kernel's log about an address."""
    return sum(f"kmasscanned: {addr} is {what}" in line
               for line in t.lab.console().splitlines())


def test_address_added_later(t):
    """The host's from then on, until it is taken away; said once each."""
    for via in VIA:
        with t.lab.attached("via", via), neighbours(t), flood(t):
            for fam in (4, 6):
                addr, more = LATE[fam], "nodad" if fam == 6 else ""
                before = said(t, addr, "this host's now")
                equal(flags(t, fam, addr), ["SA"], f"{addr} before")
                t.lab.sh(f"ip address add {addr}/{SIZE[fam]} dev {DEV} {more}")
                within_a_second(t, fam, addr, "RA")
                need(addr in t.lab.show()["left-to-host"],
                     f"{addr} is not shown")
                equal(said(t, addr, "this host's now"), before + 1, "lines")
                t.lab.msdctl("set", DEV, "snap", 64)
                equal(flags(t, fam, addr), ["RA"], "after another setting")
                t.lab.refuse("set", DEV, *OWN_RANGES, said=addr)
                t.lab.sh(f"ip address del {addr}/{SIZE[fam]} dev {DEV}")
                within_a_second(t, fam, addr, "SA")
                need("left-to-host" not in t.lab.show(), "still shown")


def advertisement(lifetime):
    """A router's, with a prefix for hosts to make addresses of."""
    return (Ether(src=MAC, dst="33:33:00:00:00:01")
            / IPv6(src="fe80::50", dst="ff02::1", hlim=255)
            / ICMPv6ND_RA(routerlifetime=lifetime)
            / ICMPv6NDOptSrcLLAddr(lladdr=MAC)
            / ICMPv6NDOptPrefixInfo(prefix=PREFIX, prefixlen=64,
                                    validlifetime=3600,
                                    preferredlifetime=3600))


@contextlib.contextmanager
def autoconfiguration(t):
    """The guest makes addresses of what routers advertise, without probing."""
    conf = f"net.ipv6.conf.{DEV}"
    t.lab.sh(f"sysctl -q -w {conf}.accept_dad=0 {conf}.addr_gen_mode=0 "
             f"{conf}.accept_ra=1")
    try:
        yield
    finally:
        t.lab.sh(f"""sysctl -q -w {conf}.accept_ra=0 {conf}.addr_gen_mode=1 \
                {conf}.accept_dad=1
            ip -6 address flush dev {DEV}
            ip -6 route flush dev {DEV} proto ra; true""")


def test_address_made_of_an_advertisement(t):
    """README's own example, and a router advertises the prefix."""
    for via in VIA:
        own = (*OWN_RANGES, f"{PREFIX}/64")
        with t.lab.attached(*own, "via", via), neighbours(t), \
                autoconfiguration(t), flood(t):
            equal(flags(t, 6, SLAAC), ["SA"], "before")
            t.wire.send(advertisement(600))
            within_a_second(t, 6, SLAAC, "RA")
            equal(flags(t, 6, f"{PREFIX}9"), ["SA"], "its neighbour")
            t.lab.sh(f"ip -6 address flush dev {DEV} scope global")
            within_a_second(t, 6, SLAAC, "SA")


def refused(t, word, addr, *setup):
    """The usual own set, after some commands in the guest."""
    t.lab.sh("\n".join(setup))
    for args in (("set", DEV), ("attach", DEV)):
        if args[0] == "attach":
            t.lab.msdctl("detach", DEV)
        said_ = t.lab.refuse(*args, *OWN_RANGES, said=word)
        need(f"({addr})" in said_, f"{addr} is not named in {said_!r}")
        if args[0] == "attach":
            t.lab.msdctl("attach", DEV, "address", "192.0.2.129")


def test_what_is_not_ours_to_claim(t):
    t.lab.msdctl("set", DEV, "address", "192.0.2.129")
    try:
        with neighbours(t):
            refused(t, "broadcast", "192.0.2.255",
                    f"ip address add 192.0.2.100/24 dev {DEV}",
                    f"ip address add 2001:db8::100/64 dev {DEV} nodad")
            t.lab.sh(f"ip address del 192.0.2.100/24 dev {DEV}; "
                     f"ip address add 192.0.2.100/25 dev {DEV}; "
                     f"ip route add 192.0.2.128/25 dev {DEV}")
            refused(t, "gateway", "192.0.2.200",
                    "ip route add default via 192.0.2.200")
            t.lab.sh("ip route del default")
            refused(t, "gateway", "2001:db8::8200",
                    "ip route add default via 2001:db8::8200")
            t.lab.sh("ip -6 route del default")
            for addr in ("192.0.2.201", "2001:db8::8201"):
                refused(t, "neighbour", addr, f"ip neigh replace {addr} "
                        f"lladdr 02:00:00:00:00:77 dev {DEV} nud reachable")
                t.lab.sh(f"ip neigh del {addr} dev {DEV}")
    finally:
        t.lab.attach_default()
    t.alive()


def test_refused_edit_leaves_the_filter(t):
    """Two interfaces, refused at the second: the first one's groups go."""
    show = f"ip maddress show dev {DEV}"
    before = t.lab.sh(show).out
    with t.lab.peer():
        t.lab.sh("ip address add 203.0.113.9/32 dev v0")
        done = load(t, {DEV: {"own": ["192.0.2.129", "2001:db8::8abc"]},
                        "v0": {"own": ["203.0.113.9"]}}, ok=False)
        need(done.status == 1 and "203.0.113.9" in done.err, str(done))
    equal(t.lab.sh(show).out, before, "receive filter")
    t.alive()


def test_router_anycast(t):
    """Without a list: the address that all routers of a link have."""
    conf = "net.ipv6.conf.eth0.forwarding"
    t.lab.msdctl("detach", DEV)
    t.lab.msdctl("attach", DEV, "address", "any")
    try:
        with neighbours(t):
            t.lab.sh(f"sysctl -q -w {conf}=1; "
                     f"ip address add 2001:db8:9::1/64 dev {DEV} nodad")
            equal(flags(t, 6, "2001:db8:9::2"), ["SA"], "another address")
            equal(flags(t, 6, "2001:db8:9::"), [], "the routers' address")
    finally:
        t.lab.sh(f"sysctl -q -w {conf}=0")
        t.lab.attach_default()


def test_broadcast_address_without_a_list(t):
    t.lab.msdctl("detach", DEV)
    t.lab.msdctl("attach", DEV, "address", "any")
    try:
        with neighbours(t):
            t.lab.sh(f"ip address add 192.0.2.100/24 dev {DEV}")
            equal(flags(t, 4, "192.0.2.254"), ["SA"], "another address")
            equal(flags(t, 4, "192.0.2.255"), [], "the broadcast address")
    finally:
        t.lab.attach_default()
