# SPDX-License-Identifier: GPL-2.0-only
"""ARP: RFC 826, RFC 5227; what is asked for us is answered, nothing else."""

from scapy.layers.l2 import ARP

from wire import CLIENT, MAC, OTHER, OWN, OWN_LAST, equal, need

BROADCAST = "ff:ff:ff:ff:ff:ff"
ZERO = "00:00:00:00:00:00"


def request(t, target=OWN[4], link=None, **fields):
    """A who-has from the client."""
    link = {"dst": BROADCAST, **(link or {})}
    return t.wire.eth(**link) / ARP(**{
        "op": 1, "hwsrc": MAC, "psrc": CLIENT[4], "hwdst": ZERO,
        "pdst": target, **fields})


def check_reply(t, pkt, target=OWN[4]):
    """Every field of the reply to request()."""
    need(ARP in pkt, f"no ARP: {pkt.summary()}")
    arp = pkt[ARP]
    equal(pkt.dst, MAC, "Ethernet destination")
    equal((arp.hwtype, arp.ptype, arp.hwlen, arp.plen, arp.op),
          (1, 0x800, 6, 4, 2), "types, lengths, operation")
    equal((arp.hwsrc, arp.psrc), (t.wire.mac, target), "sender")
    equal((arp.hwdst, arp.pdst), (MAC, CLIENT[4]), "target")


def test_broadcast_request(t):
    check_reply(t, t.ask(request(t)))


def test_unicast_request(t):
    check_reply(t, t.ask(request(t, link={"dst": t.wire.mac})))


def test_edges_of_own_range(t):
    for target in ("192.0.2.128", OWN_LAST[4]):
        check_reply(t, t.ask(request(t, target)), target)
    t.silent(request(t, "192.0.2.127"), request(t, "192.0.3.0"))


def test_other_address(t):
    t.silent(request(t, OTHER[4]), request(t, "1.2.3.4"))


def test_multicast_or_zero_target(t):
    t.silent(request(t, "224.0.0.1"), request(t, "255.255.255.255"),
             request(t, "0.0.0.0"))


def test_probe(t):
    pkt = t.ask(request(t, psrc="0.0.0.0"))
    equal((pkt[ARP].op, pkt[ARP].hwsrc, pkt[ARP].pdst),
          (2, t.wire.mac, "0.0.0.0"), "reply to a probe")


def test_announcement(t):
    t.silent(request(t, psrc=OWN[4]))


def test_operations(t):
    t.silent(*[request(t, op=op) for op in (0, 2, 3, 4, 8, 9, 0x0100)])


def test_malformed(t):
    t.silent(request(t, hwtype=6), request(t, ptype=0x86dd),
             request(t, hwlen=1), request(t, plen=9),
             request(t, hwtype=0), request(t, plen=0))


def test_truncated(t):
    whole = bytes(request(t))
    t.silent(*[whole[:length] for length in range(14, len(whole))])


def test_padding_not_echoed(t):
    pkt = t.ask(bytes(request(t)) + b"\xaa" * 18)
    check_reply(t, pkt)
    need(b"\xaa" not in bytes(pkt), "padding of the request came back")


def test_reply_goes_to_the_frame_source(t):
    pkt = t.ask(request(t, hwsrc="02:00:00:00:00:99"))
    equal(pkt.dst, MAC, "Ethernet destination")
    equal(pkt[ARP].hwdst, "02:00:00:00:00:99", "target hardware address")


def test_bad_sender(t):
    t.silent(*[request(t, psrc=bad) for bad in (
        "127.0.0.1", "224.0.0.1", "255.255.255.255", "0.1.2.3",
        "192.0.2.200")])


def test_wrong_mac(t):
    with t.lab.promiscuous():
        t.silent(*[request(t, link={"dst": mac}) for mac in (
            "00:00:00:11:11:11", "01:00:5e:00:00:01", "33:33:00:00:00:01",
            "33:33:ff:00:02:81", "01:80:c2:00:00:00")])
        t.ask(request(t))


def test_multicast_source_mac(t):
    t.silent(request(t, link={"src": "01:00:00:00:00:50"}),
             request(t, link={"src": BROADCAST}),
             request(t, link={"src": t.wire.mac}))


def test_denied_client(t):
    with t.lab.set("deny", "192.0.2.50", undo=("deny", "none")):
        t.silent(request(t), request(t, link={"dst": t.wire.mac}))
        equal(t.ask(request(t, psrc="192.0.2.49"))[ARP].op, 2,
              "answer to a client that is not denied")
    check_reply(t, t.ask(request(t)))
