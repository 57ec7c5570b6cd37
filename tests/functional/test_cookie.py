# SPDX-License-Identifier: GPL-2.0-only
"""The SYN cookie: what proves a handshake, for how long, under which key."""

import os

from scapy.layers.inet import TCP

from cases import both
from wire import PLAIN, Tcp, equal, need

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
KEY = "00112233445566778899aabbccddeeff"


def isn(t, sport):
    """Sequence number of the SYN-ACK for one fixed 4-tuple."""
    conn = Tcp(t.wire, t.fam)
    conn.sport = sport
    return conn.syn()[TCP].seq


@both
def test_forged_data(t):
    """Without a handshake, whatever the acknowledgment number."""
    for ack in (0, 1, 0x7fffffff, 0xffffffff):
        for flags in ("PA", "A", "PAU", "FA", "FPA"):
            t.silent(t.tcp().segment(flags, GET, ack=ack),
                     t.tcp().segment(flags, ack=ack))


@both
def test_forged_in_a_living_connection(t):
    """Every data segment and FIN is verified, not the first alone."""
    conn = t.tcp().open()
    conn.fetch(GET)
    for ack in (conn.ack - 100000, conn.ack + 1000000, 0, ~conn.ack):
        t.silent(conn.segment("PA", GET, ack=ack),
                 conn.segment("FA", ack=ack))
    need(b"401" in conn.fetch(GET), "no page on the true connection")


@both
def test_cookie_is_of_this_connection(t):
    """Another port or client cannot use it."""
    conn = t.tcp().open()
    other = t.tcp()
    t.silent(other.segment("PA", GET, ack=conn.ack))
    conn.dport = 81
    t.silent(conn.segment("PA", GET))
    conn.dport = 80
    conn.ip = {"src": "192.0.2.49" if t.fam == 4 else "2001:db8::49"}
    t.silent(conn.segment("PA", GET))


@both
def test_without_the_third_packet(t):
    """Data right behind the SYN-ACK is as good."""
    conn = t.tcp()
    pkt = conn.syn()
    conn.seq, conn.ack = conn.seq + 1, (pkt[TCP].seq + 1) % 2**32
    need(b"401" in conn.fetch(GET), "no page")


def test_isn_differs_between_attaches(t):
    """The key is random each time: no two attaches agree."""
    seen = {4: set(), 6: set()}
    for _ in range(3):
        with t.lab.attached():
            for t.fam in (4, 6):
                seen[t.fam].add(isn(t, 40001))
    equal([len(s) for s in seen.values()], [3, 3],
          "different sequence numbers over three attaches")


def test_isn_follows_the_key(t):
    """Same key, same number, within an epoch; another key, another."""
    for t.fam in (4, 6):
        for _ in range(3):  # an epoch may end between the two
            numbers = []
            for key in (KEY, KEY, KEY[::-1]):
                with t.lab.attached("key", key):
                    numbers.append(isn(t, 40002))
            need(numbers[2] != numbers[0], "the key does not matter")
            if numbers[0] == numbers[1]:
                break
        equal(numbers[0], numbers[1], "numbers of two attaches with one key")


def test_key_is_never_shown(t):
    with t.lab.attached("key", KEY):
        shown = t.lab.sh("msdctl show; msdctl -j show; msdctl -j stats").out
        need(KEY not in shown, "the key is printed")
        equal(t.lab.show()["key"], "given", "key in show")
    equal(t.lab.show()["key"], "random", "key in show")


def test_set_key_ends_old_cookies(t):
    conn = t.tcp().open()
    t.lab.msdctl("set", "eth0", "key", KEY)
    t.silent(conn.segment("PA", GET))
    need(b"401" in t.tcp().open().fetch(GET), "no page with the new key")
    t.lab.msdctl("set", "eth0", "key", "random")


def test_cookie_lifetime(t):
    """A cookie is good for a while, and past its life draws nothing."""
    conns = {}
    for fam in (4, 6):
        t.fam = fam
        conns[fam] = [t.tcp().open() for _ in range(2)]
        need(b"401" in conns[fam][0].fetch(GET), "no page")
    now = int(t.lab.sh("date +%s").out)
    try:
        t.lab.sh(f"date -s @{now + 3600}")
        for fam, pair in conns.items():
            t.fam = fam
            for conn in pair:
                t.silent(conn.segment("PA", GET), conn.segment("FA"))
            need(b"401" in t.tcp().open().fetch(GET),
                 "no page on a connection of the new hour")
    finally:
        t.lab.sh(f"date -s @{now + 5}")


@both
def test_isn_depends_on_everything(t):
    """Ports and both addresses change the number."""
    numbers = set()
    port = int.from_bytes(os.urandom(2), "big") % 20000 + 20000
    own = ("192.0.2.129", "192.0.2.130") if t.fam == 4 else \
        ("2001:db8::8001", "2001:db8::8002")
    peers = ("192.0.2.50", "192.0.2.49") if t.fam == 4 else \
        ("2001:db8::50", "2001:db8::49")
    for src in peers:
        for dst in own:
            for sport in (port, port + 1):
                for dport in (80, 81):
                    conn = Tcp(t.wire, t.fam, dport, PLAIN, src=src, dst=dst)
                    conn.sport = sport
                    numbers.add(conn.syn()[TCP].seq)
    equal(len(numbers), 16, "different sequence numbers")
