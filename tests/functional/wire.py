# SPDX-License-Identifier: GPL-2.0-only
"""One end of the lab's wire: send frames, learn exactly what they drew.

Nothing here waits for time to pass. Every exchange ends with sentinels, echo
requests that must be answered; frames are answered in the order they were
sent, so whatever has not come before the sentinels' replies never comes.
"""

import contextlib
import os
import select
import socket
import struct
import subprocess
import time

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6
from scapy.layers.l2 import Ether
from scapy.utils import checksum

# The client the frames come from. Its MAC is not the tap's, so that the
# kernel of the client's host looks at no reply and resets no connection.
MAC = "02:00:00:00:00:50"
SENTINEL_MAC = "02:00:00:00:00:51"
CLIENT = {4: "192.0.2.50", 6: "2001:db8::50"}
SENTINEL = "192.0.2.51"

OWN = {4: "192.0.2.129", 6: "2001:db8::8001"}
OWN_LAST = {4: "192.0.2.255", 6: "2001:db8::ffff"}
OTHER = {4: "192.0.2.99", 6: "2001:db8::99"}

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_IGNORE_OUTGOING = 23
PACKET_STATISTICS = 6
SO_RCVBUFFORCE = 33
TP_STATUS_VLAN_VALID = 1 << 4
TP_STATUS_VLAN_TPID_VALID = 1 << 6


def patience(seconds=15):
    """Seconds to wait for what takes milliseconds, on a busy machine seconds:
    more on a kernel that is slower than Debian's own."""
    return seconds * int(os.environ.get("LAB_FACTOR", "1"))


class Failure(Exception):
    """A case failed; the text says what was expected and what came."""


def need(condition, what):
    """Fail with a sentence unless the condition holds."""
    if not condition:
        raise Failure(what)


def equal(got, want, what):
    """Fail unless both are equal, naming both."""
    if got != want:
        raise Failure(f"{what}: expected {want!r}, got {got!r}")


def pseudo(pkt, proto, length):
    """Pseudo-header of a packet that has been parsed."""
    if IP in pkt:
        return (socket.inet_aton(pkt[IP].src) + socket.inet_aton(pkt[IP].dst)
                + struct.pack("!BBH", 0, proto, length))
    return (socket.inet_pton(socket.AF_INET6, pkt[IPv6].src)
            + socket.inet_pton(socket.AF_INET6, pkt[IPv6].dst)
            + struct.pack("!IHBB", length, 0, 0, proto))


def sound_ipv4(raw):
    """Header of every IPv4 reply: as architecture and reference say."""
    equal(raw[0], 0x45, "IPv4 version and header length")
    equal(checksum(raw[:20]), 0, "IPv4 header checksum residue")
    if raw[9] != socket.IPPROTO_ICMP:  # an echo has those of its request
        equal(raw[1], 0, "IPv4 DSCP and ECN")
    equal(raw[4:8], b"\0\0\x40\0", "IPv4 identification, DF and offset")
    equal(raw[8], 64, "TTL")
    need(raw[12] < 224, "IPv4 source is multicast")
    length = struct.unpack("!H", raw[2:4])[0]
    return raw[9], raw[20:length], length


def sound_ipv6(raw):
    """Header of every IPv6 reply."""
    label = b"\x60\0\0\0"
    if raw[6] == socket.IPPROTO_ICMPV6:  # an echo has the class of its request
        label = bytes((0x60 | raw[0] & 15, raw[1] & 0xf0, 0, 0))
    equal(raw[:4], label, "IPv6 version, class and flow label")
    need(raw[8] != 0xff, "IPv6 source is multicast")
    length = struct.unpack("!H", raw[4:6])[0]
    return raw[6], raw[40:40 + length], 40 + length


def sound(raw, mac):
    """What holds for every reply, whatever the request was. Fails if not."""
    pkt = Ether(raw)
    equal(pkt.src, mac, "source MAC of the reply")
    if IP in pkt:
        proto, body, length = sound_ipv4(bytes(pkt[IP]))
    elif IPv6 in pkt:
        proto, body, length = sound_ipv6(bytes(pkt[IPv6]))
    else:
        return pkt
    inner = bytes(pkt[IP] if IP in pkt else pkt[IPv6])
    need(len(inner) >= length and not any(inner[length:]),
         f"frame holds {len(inner)} bytes of packet for {length} announced")
    if proto == 17:
        equal(struct.unpack("!H", body[4:6])[0], len(body), "UDP length")
        need(body[6:8] != b"\0\0", "UDP reply without a checksum")
    head = b"" if proto == 1 else pseudo(pkt, proto, len(body))
    equal(checksum(head + body), 0, "layer-4 checksum residue")
    return pkt


def is_noise(raw):
    """A frame that answers nothing: of the guest's own stack, IPv6
    autoconfiguration, or a group joined with IGMP, as a bridge does some time
    in its first second; and own IPv4 addresses that are announced."""
    if raw[12:14] == b"\x08\x06":
        return raw[:6] == b"\xff" * 6 and raw[28:32] == raw[38:42]
    if raw[:3] == b"\x01\x00\x5e":
        return raw[12:14] == b"\x08\x00" and raw[23] == 2
    return (raw[:2] == b"\x33\x33" and raw[12:14] == b"\x86\xdd"
            and raw[20] in (0, 58)
            and (raw[22:24] == b"\xfe\x80" or raw[22:38] == bytes(16)))


class Wire:
    """A packet socket on the client's interface."""

    def __init__(self, dev, mac):
        self.mac = mac
        self.sentinel_own = OWN[4]
        self.sentinels = 0
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_ALL))
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.sock.bind((dev, 0))
        # Not for us: what the kernel of the client's host is sent, and
        # replies to sentinels of ready().
        self.ignored = (self.sock.getsockname()[4],
                        bytes.fromhex(SENTINEL_MAC.replace(":", "")))
        self.serial = int.from_bytes(os.urandom(6), "big") << 16

    # Building -------------------------------------------------------------

    def eth(self, **fields):
        """Ethernet header from the client to us; any field may be given."""
        return Ether(**{"src": MAC, "dst": self.mac, **fields})

    def ip(self, fam, **fields):
        """Ethernet and IP header from the client to an own address."""
        link = {k: fields.pop(k) for k in ("eth_src", "eth_dst")
                if k in fields}
        link = {k[4:]: v for k, v in link.items()}
        cls = IP if fam == 4 else IPv6
        return self.eth(**link) / cls(
            **{"src": CLIENT[fam], "dst": OWN[fam], **fields})

    # Sending and receiving --------------------------------------------------

    def send(self, *frames):
        """Put frames on the wire."""
        for frame in frames:
            self.sock.send(bytes(frame))

    def receive(self, deadline):
        """Next frame, its VLAN tag put back where it was; None: too late."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return None
            raw, aux, _, _ = self.sock.recvmsg(70000, 64)
            return self.with_tag(raw, aux)

    @staticmethod
    def with_tag(raw, aux):
        """The client's kernel takes the outer tag off: undo that."""
        for level, kind, data in aux:
            if (level, kind) != (SOL_PACKET, PACKET_AUXDATA):
                continue
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
            if not status & TP_STATUS_VLAN_VALID:
                continue
            if not status & TP_STATUS_VLAN_TPID_VALID:
                tpid = 0x8100
            return raw[:12] + struct.pack("!HH", tpid, tci) + raw[12:]
        return raw

    def sentinel(self):
        """An echo request nobody else sends, and the reply's mark."""
        self.serial += 1
        self.sentinels += 1
        mark = b"sentinel" + self.serial.to_bytes(8, "big")
        return (Ether(src=SENTINEL_MAC, dst=self.mac)
                / IP(src=SENTINEL, dst=self.sentinel_own)
                / ICMP(id=0x5e5e) / mark), mark

    def drain(self):
        """Forget frames that came before; they answer nothing of now."""
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(70000)
        self.lost()

    def lost(self):
        """Frames this socket had no room for since the last call."""
        return struct.unpack("=II", self.sock.getsockopt(
            SOL_PACKET, PACKET_STATISTICS, 8))[1]

    def until_sentinel(self):
        """All frames that come before a sentinel's reply."""
        probe, mark = self.sentinel()
        self.send(probe)
        deadline = time.monotonic() + patience()
        got = []
        while True:
            raw = self.receive(deadline)
            if raw is None:
                raise Failure(
                    f"sentinel unanswered after {patience()} s; before it came "
                    f"{len(got)}: {[Ether(r).summary() for r in got[:9]]}")
            if mark in raw:
                return got
            if raw[:6] not in self.ignored and not is_noise(raw):
                got.append(raw)

    def ready(self):
        """The link was down, and cards lose frames when it comes up: send
        sentinels until one is answered."""
        begin = time.monotonic()
        while time.monotonic() < begin + patience():
            probe, mark = self.sentinel()
            self.send(probe)
            last = time.monotonic() + 1
            while (raw := self.receive(last)) is not None:
                if mark in raw:
                    return
        raise Failure(f"no answer within {patience()} s of the link's return")

    def raw_talk(self, *frames):
        """Send frames; everything they drew.

        Two sentinels, one after the other: the guest's receive offload (GRO)
        may hold TCP segments back to the end of a poll round, so that the
        first sentinel overtakes them, but not into the next round.
        """
        self.drain()
        self.send(*frames)
        got = self.until_sentinel() + self.until_sentinel()
        equal(self.lost(), 0, "frames lost in the test's own socket")
        return got

    def talk(self, *frames):
        """Send frames; the replies, each checked for what always holds."""
        return [sound(raw, self.mac) for raw in self.raw_talk(*frames)]

    def ask(self, *frames):
        """Send frames of which exactly one reply must come."""
        got = self.talk(*frames)
        equal(len(got), 1, f"number of replies ({[p.summary() for p in got]})")
        return got[0]

    def silent(self, *frames):
        """Send frames that must draw nothing at all."""
        got = self.talk(*frames)
        need(not got, "expected silence, got "
             + "; ".join(p.summary() for p in got))


def payload(pkt):
    """Payload bytes of a TCP segment or UDP datagram, without padding."""
    layer = pkt[TCP] if TCP in pkt else pkt[UDP]
    data = bytes(layer.payload)
    if IP in pkt:
        inner = pkt[IP].len - 4 * pkt[IP].ihl
    else:
        inner = pkt[IPv6].plen
    head = 4 * layer.dataofs if TCP in pkt else 8
    return data[:inner - head]


_next_port = struct.unpack("!H", os.urandom(2))[0]


def fresh_port():
    """A client port not used in this run before (until 40,000 were)."""
    global _next_port
    _next_port += 1
    return 20000 + _next_port % 40000


# What a Linux client offers.
LINUX = [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1000, 0)),
         ("NOP", None), ("WScale", 7)]
PLAIN = [("MSS", 1460)]


class Tcp:
    """A client's side of one connection, every number in the test's hand."""

    def __init__(self, wire, fam, dport=80, options=None, **ip):
        self.wire, self.fam, self.ip = wire, fam, ip
        self.sport, self.dport = fresh_port(), dport
        self.options = PLAIN if options is None else options
        self.seq = int.from_bytes(os.urandom(4), "big")
        self.ack = 0

    def segment(self, flags, data=b"", seq=None, ack=None, options=(), **tcp):
        """A segment; sequence numbers as the dialogue stands unless given."""
        fields = {"sport": self.sport, "dport": self.dport, "flags": flags,
                  "seq": (self.seq if seq is None else seq) % 2**32,
                  "ack": (self.ack if ack is None else ack) % 2**32,
                  "options": list(options), **tcp}
        return self.wire.ip(self.fam, **self.ip) / TCP(**fields) / data

    def syn(self, flags="S", **tcp):
        """Send the SYN; the SYN-ACK."""
        return self.wire.ask(
            self.segment(flags, options=self.options, ack=0, **tcp))

    def open(self):
        """SYN and ACK; the connection is then ready for data."""
        reply = self.syn()
        need(TCP in reply, f"SYN drew {reply.summary()}")
        equal(reply[TCP].flags, "SA", "flags of the SYN-ACK")
        equal(reply[TCP].ack, (self.seq + 1) % 2**32, "ack of the SYN-ACK")
        equal((reply[TCP].sport, reply[TCP].dport), (self.dport, self.sport),
              "ports of the SYN-ACK")
        self.seq = (self.seq + 1) % 2**32
        self.ack = (reply[TCP].seq + 1) % 2**32
        self.wire.silent(self.segment("A"))
        return self

    def say(self, data, flags="PA", **tcp):
        """Send data; the replies. The dialogue moves on over all of them."""
        got = self.wire.talk(self.segment(flags, data, **tcp))
        self.seq = (self.seq + len(data) + ("F" in flags)) % 2**32
        for pkt in got:
            need(TCP in pkt, f"data drew {pkt.summary()}")
            equal(pkt[TCP].ack, self.seq, "ack of the reply")
        if got:
            equal(got[0][TCP].seq, self.ack, "seq of the first reply")
        self.ack = (self.ack + sum(len(payload(p)) for p in got)) % 2**32
        return got

    def tell(self, data, **tcp):
        """Send data that must draw one bare ACK."""
        got = self.say(data, **tcp)
        equal([(str(p[TCP].flags), payload(p)) for p in got], [("A", b"")],
              f"reply to {data!r}")

    def fetch(self, data, **tcp):
        """Send data that must draw an answer; its bytes."""
        got = self.say(data, **tcp)
        body = b"".join(payload(p) for p in got)
        need(body, f"no answer to {data!r}: {[p.summary() for p in got]}")
        return body


def udp(wire, fam, data, dport=80, sport=None, **ip):
    """A datagram to an own address."""
    return wire.ip(fam, **ip) / UDP(
        sport=fresh_port() if sport is None else sport, dport=dport) / data


def echo(wire, fam, data=b"abcdefgh", ident=77, seq=3, **ip):
    """An echo request to an own address."""
    layer = ICMP(id=ident, seq=seq) if fam == 4 else \
        ICMPv6EchoRequest(id=ident, seq=seq, data=data)
    pkt = wire.ip(fam, **ip) / layer
    return pkt / data if fam == 4 else pkt


def broken(pkt, layer, field="chksum"):
    """The packet with one checksum off by one bit."""
    pkt = Ether(bytes(pkt))
    value = getattr(pkt[layer], field) ^ 0x0100
    setattr(pkt[layer], field, value if value else 0x0200)
    return pkt


def tagged(pkt, *tags):
    """The frame with 802.1Q tags (type, tci) put in, outermost first."""
    raw = bytes(pkt)
    head = b"".join(struct.pack("!HH", kind, tci) for kind, tci in tags)
    return raw[:12] + head + raw[12:]


@contextlib.contextmanager
def other_traffic():
    """On a silent wire masscan waits for ever in its capture library."""
    with subprocess.Popen(["ping", "-q", "-i", "0.1", OWN[4]],
                          stdout=subprocess.DEVNULL) as ping:
        try:
            yield
        finally:
            ping.terminate()
