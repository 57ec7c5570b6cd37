# SPDX-License-Identifier: GPL-2.0-only
"""An own address looks like a Linux server: what the tools that tell systems
apart look at is what the guest's own stack says on an address of its own."""

import contextlib
import shutil

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether

from cases import both
from lab import DEV, run
from test_clients import DEV as TAP
from wire import CLIENT, LINUX, MAC, OWN, PLAIN, equal, need

# An address of the guest's, with a listener; no own one.
REAL = {4: "192.0.2.20", 6: "2001:db8::20"}
PORT = 4711
OFFERS = (
    LINUX, PLAIN, [],
    [("MSS", 1460), ("NOP", None), ("WScale", 8), ("NOP", None),
     ("NOP", None), ("SAckOK", b"")],
    [("WScale", 10), ("NOP", None), ("MSS", 1460),
     ("Timestamp", (0xffffffff, 0)), ("SAckOK", b"")],
    [("MSS", 265), ("SAckOK", b""), ("Timestamp", (0xffffffff, 0))],
    [("MSS", 1400), ("WScale", 0)],
    [("MSS", 1460), ("SAckOK", b"")],
    [("Timestamp", (5, 0)), ("NOP", None), ("NOP", None)],
)
# Milliseconds of the clock that timestamps show.
CLOSE = 1000 * 1000


@contextlib.contextmanager
def listener(t):
    """A server of the guest's own, which knows the client."""
    t.lab.sh(f"""set -e
        ip address add {REAL[4]}/24 dev {DEV}
        ip -6 address add {REAL[6]}/64 dev {DEV} nodad
        sysctl -qw net.ipv4.tcp_rmem='4096 131072 6291456'
        for pair in {CLIENT[4]} {CLIENT[6]}; do
            ip neigh replace $pair lladdr {MAC} dev {DEV} nud permanent
        done""")
    try:
        with t.lab.background(f"exec busybox nc -ll -p {PORT} -e cat"):
            t.lab.sh(f"""i=0
                until grep -qi :{PORT:04x} /proc/net/tcp /proc/net/tcp6; do
                    i=$((i + 1)); [ $i -lt 200 ] && usleep 50000 || exit 1
                done""")
            yield
    finally:
        t.lab.sh(f"""ip neigh del {CLIENT[4]} dev {DEV}
            ip neigh del {CLIENT[6]} dev {DEV}
            ip address del {REAL[4]}/24 dev {DEV}
            ip -6 address del {REAL[6]}/64 dev {DEV}; true""")


def options(pkt):
    """As they stand, in order; a clock only whether it runs."""
    return [(name, (value[0] != 0, value[1]) if name == "Timestamp" else value)
            for name, value in pkt[TCP].options]


def signature(pkt):
    """What p0f makes its signature of, and more."""
    if IP in pkt:
        ip = pkt[IP]
        head = (ip.version, ip.ihl, ip.tos, ip.len, ip.id, str(ip.flags),
                ip.frag, ip.ttl)
    else:
        # The label is not compared: Linux's is a hash, ours is 0.
        ip = pkt[IPv6]
        head = (ip.version, ip.tc, ip.plen, ip.nh, ip.hlim)
    tcp = pkt[TCP]
    return head, (str(tcp.flags), tcp.dataofs, tcp.reserved, tcp.window,
                  tcp.urgptr, options(pkt), len(bytes(tcp)))


def asked(t, dst, offer, flags, ip):
    """The SYN-ACK that a SYN draws; the half-open connection is taken back."""
    conn = t.tcp(PORT, options=offer, dst=dst, **ip)
    got = [pkt for pkt in map(Ether, t.wire.raw_talk(conn.segment(
        flags, options=offer, ack=0, window=29200)))
        if TCP in pkt and pkt[TCP].dport == conn.sport]
    need(got, f"SYN to {dst} draws nothing")
    t.wire.send(conn.segment("R", seq=conn.seq + 1))
    return signature(got[0])


@both
def test_synack(t):
    """Options and their order, window, TTL, DF, ECN are a real listener's."""
    field = "tos" if t.fam == 4 else "tc"
    with listener(t):
        for offer in OFFERS:
            for flags, tos in (("S", 0), ("SEC", 0), ("SEC", 2), ("S", 0xb8)):
                want = asked(t, REAL[t.fam], offer, flags, {field: tos})
                got = asked(t, OWN[t.fam], offer, flags, {field: tos})
                equal(got, want, f"answer to {flags} with {offer}, TOS {tos}")


def clock(t, dst):
    """The timestamp of an own address."""
    pkt = t.tcp(options=LINUX, dst=dst).syn()
    return dict(pkt[TCP].options)["Timestamp"][0]


def test_clocks(t):
    """Each address has its own. By chance one pair in 2,000 is closer than
    1,000 s, which 64 addresses are likely to have; eight they have not."""
    clocks = sorted(clock(t, f"192.0.2.{host}") for host in range(129, 193))
    close = sum((b - a) % 2**32 < CLOSE
                for i, a in enumerate(clocks) for b in clocks[i + 1:])
    need(close < 8, f"{close} pairs of 64 clocks within 1,000 s: {clocks}")
    first = clock(t, OWN[4])
    t.lab.sh("sleep 2")
    need(2000 <= (clock(t, OWN[4]) - first) % 2**32 < 60000,
         "a clock that does not run in milliseconds")


@pytest.mark.skipif(not shutil.which("arp-fingerprint"),
                    reason="arp-scan is missing")
def test_arp_fingerprint(t):
    """It says Linux, in the words it has for the guest's own address."""
    def said(addr):
        done = run(["arp-fingerprint", "-o", f"-I {TAP}", addr], timeout=120)
        equal(done.status, 0, str(done))
        return done.out.split(maxsplit=1)[1].strip()

    own = said(OWN[4])
    with listener(t):
        equal(own, said(REAL[4]), "fingerprint, and the guest's own")
    need("Linux" in own, own)
