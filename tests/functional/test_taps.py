# SPDX-License-Identifier: GPL-2.0-only
"""What a sniffer on the sensor sees: both directions, each frame once."""

from scapy.layers.l2 import ARP

from wire import CLIENT, MAC, OWN, equal, need

DUMP = "exec timeout 60 tcpdump -Z root -l -n -e -i {dev} {args}"


def capture(t, count, args, *frames, dev="eth0"):
    """Lines tcpdump prints for the frames and their replies."""
    dump = DUMP.format(dev=dev, args=f"-c {count} {args}")
    with t.lab.background(dump, "listening on") as tap:
        got = t.wire.talk(*frames)
        text = tap.wait()
    lines = [l for l in text.splitlines() if " > " in l or "who-has" in l]
    equal(len(lines), count, f"frames in {text!r}")
    return lines, got


def test_echo(t):
    for fam, word in ((4, "ICMP"), (6, "ICMP6,")):
        t.fam = fam
        lines, got = capture(t, 2, f"host {t.client}", t.echo())
        equal(len(got), 1, "replies")
        need(f"{word} echo request" in lines[0]
             and f"{word} echo reply" in lines[1], f"captured: {lines}")


def test_arp(t):
    """Of the client: own addresses are announced beside."""
    lines, _ = capture(t, 2, f"arp and host {CLIENT[4]}",
                       t.wire.eth(dst="ff:ff:ff:ff:ff:ff")
                       / ARP(hwsrc=MAC, psrc=CLIENT[4], pdst=OWN[4]))
    need("who-has" in lines[0] and f"is-at {t.wire.mac}" in lines[1],
         f"captured: {lines}")


def test_tcp(t):
    for t.fam in (4, 6):
        conn = t.tcp()
        lines, _ = capture(t, 2, f"tcp port {conn.sport}", conn.segment("S"))
        need("Flags [S]" in lines[0] and "Flags [S.]" in lines[1],
             f"captured: {lines}")
        conn.open()
        lines, _ = capture(t, 2, f"tcp port {conn.sport}", conn.segment(
            "PA", b"GET / HTTP/1.1\r\n\r\n"))
        need("HTTP: HTTP/1.1 401" in lines[1], f"captured: {lines}")


def test_directions(t):
    """Requests are incoming, replies outgoing."""
    for way, word in (("in", "request"), ("out", "reply")):
        lines, _ = capture(t, 3, f"-Q {way} host {t.client}",
                           t.echo(), t.echo(), t.echo())
        need(all(word in line for line in lines), f"{way}: {lines}")


def test_silent_frames_are_seen(t):
    lines, got = capture(t, 1, f"host {t.client}", t.tcp().segment("R"))
    need("Flags [R]" in lines[0] and not got, f"captured: {lines}")


def test_replies_do_not_need_a_tap(t):
    """Before, while and after a tap is open, each request has one reply."""
    t.alive()
    with t.lab.background(DUMP.format(dev="eth0", args="-c 100000"),
                          "listening on"):
        equal(len(t.wire.talk(*[t.echo() for _ in range(50)])), 50, "replies")
    equal(len(t.wire.talk(*[t.echo() for _ in range(50)])), 50, "replies")


def test_ingress(t):
    with t.lab.attached("via", "ingress"):
        lines, _ = capture(t, 2, f"host {t.client}", t.echo())
        need("request" in lines[0] and "reply" in lines[1],
             f"captured: {lines}")
