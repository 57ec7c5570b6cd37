# SPDX-License-Identifier: GPL-2.0-only
"""VLAN tags come back as they came, in the frame or taken off by hardware.

QEMU's card filters VLAN ids that nobody added: hence promiscuous mode.
"""

import struct
import time

from scapy.layers.inet import ICMP
from scapy.layers.l2 import ARP

from test_ndisc import solicit
from wire import CLIENT, MAC, OWN, equal, need, patience, sound, tagged

Q, AD = 0x8100, 0x88a8


def probes(t):
    """One frame of each kind that is answered."""
    yield (t.wire.eth(dst="ff:ff:ff:ff:ff:ff")
           / ARP(hwsrc=MAC, psrc=CLIENT[4], pdst=OWN[4]))
    yield solicit(t)
    for t.fam in (4, 6):
        yield t.echo(b"tagged")
        yield t.tcp().segment("S")
        yield t.udp(b"GET / HTTP/1.1\r\n\r\n")


def come_back(t, *tags):
    """Each probe is answered once, under the same tags."""
    want = b"".join(struct.pack("!HH", kind, tci) for kind, tci in tags)
    for probe in probes(t):
        got = t.wire.raw_talk(tagged(probe, *tags))
        equal(len(got), 1, f"replies to {probe.summary()} under {tags}")
        head = got[0][12:12 + len(want)]
        equal(head.hex(), want.hex(), f"tags of {probe.summary()}")
        sound(got[0][:12] + got[0][12 + len(want):], t.wire.mac)


def test_one_tag(t):
    with t.lab.promiscuous():
        for tci in (1, 100, 4094):
            come_back(t, (Q, tci))


def test_listed(t):
    """Frames of listed VLANs are answered, others are left to the host."""
    with t.lab.promiscuous(), t.lab.set("vlan", "0", "7", "100-102",
                                        undo=("vlan", "any")):
        equal(t.lab.show()["vlan"], ["0", "7", "100-102"], "shown")
        for tci in (7, 100, 101, 0x6066):
            come_back(t, (Q, tci))
        come_back(t)
        come_back(t, (AD, 100), (Q, 5))
        for tags in (((Q, 6),), ((Q, 99),), ((Q, 103),), ((AD, 5), (Q, 100))):
            for probe in probes(t):
                equal(t.wire.raw_talk(tagged(probe, *tags)), [],
                      f"replies under {tags}")
        need(passed(t) >= 4 * 8, "pass-vlan is not counted")
        t.lab.msdctl("set", "eth0", "vlan", "7")
        before = passed(t)
        t.wire.drain()
        t.wire.send(bytes(t.echo()))
        # Untagged sentinels pass, too: the counter tells when it has come.
        late = time.monotonic() + patience()
        while passed(t) == before and time.monotonic() < late:
            pass
        need(passed(t) > before, "an untagged frame does not pass")
        t.lab.msdctl("set", "eth0", "vlan", "any")
        equal(t.wire.until_sentinel(), [], "replies, untagged")


def passed(t):
    """Frames left to the host for their VLAN."""
    return t.lab.stats()["verdicts"]["pass-vlan"]["frames"]


def test_filtering_card(t):
    """QEMU's card filters VLANs: an edit that lists some says so."""
    for words, said in ((("vlan", "7"), True), (("vlan", "0"), False),
                        (("vlan", "any"), False), (("snap", "64"), False)):
        done = t.lab.msdctl("set", "eth0", *words)
        equal("filters VLANs" in done.err, said, str(done))


def test_priority_and_drop_eligible(t):
    """All sixteen bits of the tag, VLAN 0 with a priority among them."""
    with t.lab.promiscuous():
        for tci in (0x6064, 0xf064, 0xa000):
            come_back(t, (Q, tci))


def test_two_tags(t):
    """802.1ad outside, 802.1Q inside; and two of one kind."""
    with t.lab.promiscuous():
        come_back(t, (AD, 200), (Q, 100))
        come_back(t, (Q, 200), (Q, 0x6064))
        come_back(t, (AD, 300))


def test_too_many_tags(t):
    with t.lab.promiscuous():
        t.silent(*[tagged(p, *[(Q, 5)] * 5) for p in probes(t)])


def test_truncated_tag(t):
    """Frames that end inside a tag."""
    with t.lab.promiscuous():
        whole = tagged(t.echo(), (Q, 100), (Q, 100))
        t.silent(*[whole[:length] for length in range(14, 22)])


def test_ingress(t):
    with t.lab.promiscuous(), t.lab.attached("via", "ingress"):
        come_back(t, (Q, 0x6064))
        come_back(t, (AD, 200), (Q, 100))


def test_with_a_tap_open(t):
    """The replies then take the way through the queue."""
    with t.lab.promiscuous(), t.lab.background(
            "exec timeout 60 tcpdump -Z root -n -i eth0 -w /dev/null",
            "listening on"):
        come_back(t, (Q, 0x6064))
        come_back(t, (AD, 200), (Q, 100))


def test_vlan_device(t):
    """The VLAN's own device can have the responder; its parent then not."""
    with t.lab.promiscuous():
        t.lab.sh("ip link add link eth0 name vlan7 type vlan id 7 && "
                 "ip link set vlan7 up")
        try:
            t.lab.msdctl("attach", "vlan7", "address", "198.51.100.7")
            own = t.echo(b"vlan seven", dst="198.51.100.7")
            got = t.wire.raw_talk(tagged(own, (Q, 7)))
            equal([raw[12:16].hex() for raw in got], ["81000007"],
                  "tag of the reply on the VLAN's device")
            pkt = sound(got[0][:12] + got[0][16:], t.wire.mac)
            need(b"vlan seven" in bytes(pkt[ICMP]), "echoed data")
            t.silent(own, tagged(own, (Q, 8)), tagged(t.echo(), (Q, 7)))
        finally:
            t.lab.sh("ip link del vlan7")
    t.alive()


def test_vlan_device_on_ingress(t):
    """The ingress hook of a parent leaves a VLAN device its own frames."""
    with t.lab.promiscuous(), t.lab.attached(
            "address", OWN[4], "198.51.100.7", "via", "ingress"):
        own = t.echo(b"vlan seven", dst="198.51.100.7")

        def replies(vlan):
            """The VLAN's device speaks of itself, too."""
            got = t.wire.raw_talk(tagged(own, (Q, vlan)))
            return sum(b"vlan seven" in raw for raw in got)

        equal(replies(7), 1, "replies without the VLAN's device")
        t.lab.sh("ip link add link eth0 name vlan7 type vlan id 7 && "
                 "ip link set vlan7 up")
        try:
            equal(replies(7), 0, "replies with it")
            equal(replies(8), 1, "replies on another VLAN")
        finally:
            t.lab.sh("ip link del vlan7")
