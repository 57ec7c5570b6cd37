# SPDX-License-Identifier: GPL-2.0-only
"""Tracepoints, read in the guest by trace-cmd: a record for each frame that is
answered or dropped, with its fields, and none for a frame that passes.
"""

import functools
import operator
import re
import struct

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt
from scapy.layers.l2 import Ether

from cases import both
from lab import DEV
from test_control import GET, one_of_each, who_has
from test_ndisc import node, solicit
from wire import CLIENT, MAC, OWN, SENTINEL_MAC, equal, need, tagged

FRAMES = ("msd_answer", "msd_drop")
PACKETS = ("msd_packet",)
SNAP = 64
TAG_LEN = 4
FIELD = re.compile(r"(\w+)=(\[[^]=]*\]\S*|\S*)")
LINE = re.compile(r"\d+\.\d+: +(msd_\w+): +(.*)")

# What belongs to a layer that is not there, or not well formed.
NO_TRANSPORT = {"icmp_type": "0", "icmp_code": "0", "tcp_flags": "0x00",
                "seq": "0", "ack": "0", "window": "0", "tcp_options": "[]",
                "payload_len": "0", "payload": "[]"}
NO_TAG = {"vlan_proto": "0x0000", "vlan_tci": "0x0000"}


def parse(text):
    """Records of a listing, in order; those of sentinels left out."""
    lines = [LINE.search(line) for line in text.splitlines()]
    records = [{"event": m[1], **dict(FIELD.findall(m[2]))} for m in lines if m]
    return [r for r in records if r.get("smac") != SENTINEL_MAC]


def watch(t, frames, events=FRAMES):
    """Send frames; the records, which the kernel's text and trace-cmd's
    agree about, and the replies."""
    chosen = " ".join(f"-e kmasscanned:{event}" for event in events)
    t.lab.sh(f"trace-cmd reset >/dev/null; trace-cmd start {chosen}")
    try:
        got = t.wire.raw_talk(*frames)
        kernel, tool = map(parse, t.lab.sh(
            "trace-cmd stop && trace-cmd show && echo OTHER && "
            "trace-cmd extract -o /tmp/events.dat >/dev/null && "
            "trace-cmd report -i /tmp/events.dat").out.split("\nOTHER\n"))
    finally:
        t.lab.sh("trace-cmd reset >/dev/null; rm -f /tmp/events.dat*")
    equal(tool, kernel, "records as trace-cmd and as the kernel print them")
    return kernel, got


def side(addr, port=0):
    """An address and port as the kernel prints them."""
    return f"[{addr}]:{port}" if ":" in addr else f"{addr}:{port}"


def hexed(data):
    """Bytes as the kernel prints them."""
    return f"[{data.hex()}]"


def reply_of(record, got):
    """The frames of its reply, taken off those that came."""
    tag = TAG_LEN if record["vlan_proto"] != "0x0000" else 0
    left, frames = int(record["reply_len"]), []
    while left > 0:
        frames.append(Ether(got.pop(0)))
        left -= len(frames[-1]) - tag
    return frames


def reply_fields(frames):
    """What the record of a request must tell of its reply."""
    want = dict.fromkeys(("reply_seq", "reply_ack", "reply_window",
                          "reply_icmp_type", "reply_icmp_code"), "0")
    want["reply_tcp_flags"] = "0x00"
    first = frames[0] if frames else Ether()
    if TCP in first:
        flags = [int(frame[TCP].flags) for frame in frames]
        want.update(
            reply_seq=str(first[TCP].seq), reply_ack=str(first[TCP].ack),
            reply_window=str(first[TCP].window),
            reply_tcp_flags=f"0x{functools.reduce(operator.or_, flags):02x}")
    if ICMP in first or (IPv6 in first and first[IPv6].nh == 58):
        message = bytes(first[ICMP] if ICMP in first else first[IPv6].payload)
        want.update(reply_icmp_type=str(message[0]),
                    reply_icmp_code=str(message[1]))
    return want


def told(t, *pairs):
    """Each frame makes one record; fields of it are given beside the frame,
    those of the reply are what came."""
    t.lab.push("/usr/bin/trace-cmd")
    index, netns = t.lab.sh(f"cat /sys/class/net/{DEV}/ifindex; "
                            "stat -L -c %i /proc/self/ns/net").out.split()
    records, got = watch(t, [frame for frame, _ in pairs])
    equal([r["verdict"] for r in records], [w["verdict"] for _, w in pairs],
          "verdicts of the records")
    for record, (frame, want) in zip(records, pairs):
        drop = want["verdict"].startswith("drop")
        want = {"event": "msd_drop" if drop else "msd_answer", "dev": DEV,
                "ifindex": index, "netns": netns, "responder": "", "smac": MAC,
                "dmac": Ether(bytes(frame)).dst, **NO_TAG,
                "req_len": str(len(bytes(frame))), **want}
        equal({k: record.get(k) for k in want}, want, "fields")
        equal(record["reply_len"] == "0", drop, "no reply to what is dropped")
        want = reply_fields(reply_of(record, got))
        equal({k: record.get(k) for k in want}, want, "fields of the reply")
    equal(got, [], "frames that no record tells of")


def ip_fields(t, protocol, frame):
    """What the network header tells."""
    parsed = Ether(bytes(frame))
    if t.fam == 4:
        return {"ethertype": "0x0800", "protocol": str(protocol),
                "ip_id": str(parsed[IP].id), "hop_limit": str(parsed[IP].ttl)}
    return {"ethertype": "0x86dd", "protocol": str(protocol), "ip_id": "0",
            "hop_limit": str(parsed[IPv6].hlim)}


def port_fields(t, layer, frame):
    """Addresses with ports."""
    head = Ether(bytes(frame))[layer]
    return {"saddr": side(CLIENT[t.fam], head.sport),
            "daddr": side(OWN[t.fam], head.dport)}


def test_arp(t):
    fields = {"ethertype": "0x0806", "saddr": side(CLIENT[4]),
              "daddr": side(OWN[4]), "protocol": "0", **NO_TRANSPORT}
    told(t, (who_has(t, OWN[4]),
             {"verdict": "answer-arp", "arp_op": "1", **fields}),
         (who_has(t, OWN[4], op=2),
          {"verdict": "drop-arp", "arp_op": "2", **fields}))


def test_ndisc(t):
    t.fam, frame = 6, solicit(t)
    told(t, (frame, {
        "verdict": "answer-ndisc", **ip_fields(t, 58, frame),
        "saddr": side(CLIENT[6]), "daddr": side(node(OWN[6])[0]),
        "icmp_type": "135", "icmp_code": "0", "nd_target": OWN[6],
        "arp_op": "0"}))


@both
def test_echo(t):
    data = bytes(range(100))
    frame = t.echo(data, **{"ttl" if t.fam == 4 else "hlim": 37})
    told(t, (frame, {
        "verdict": "answer-echo" if t.fam == 4 else "answer-echo6",
        **ip_fields(t, 1 if t.fam == 4 else 58, frame),
        "saddr": side(CLIENT[t.fam]), "daddr": side(OWN[t.fam]),
        "icmp_type": "8" if t.fam == 4 else "128", "icmp_code": "0",
        "payload_len": "100", "payload": hexed(data[:SNAP])}))


@both
def test_tcp(t):
    """A SYN with options, and data on an open connection."""
    plain, conn = t.tcp(8080), t.tcp().open()
    options = [("MSS", 1400), ("SAckOK", b""), ("NOP", None), ("WScale", 5)]
    syn = plain.segment("SEC", options=options, window=4321, ack=7)
    raw = bytes(Ether(bytes(syn))[TCP])
    data = b"GET /" + b"a" * 200 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    request = conn.segment("PA", data)
    told(t, (syn, {
        "verdict": "answer-synack", **ip_fields(t, 6, syn),
        **port_fields(t, TCP, syn), "tcp_flags": "0xc2",
        "seq": str(plain.seq), "ack": "7", "window": "4321",
        "tcp_options": hexed(raw[20:(raw[12] >> 4) * 4]),
        "payload_len": "0", "payload": "[]"}), (request, {
            "verdict": "answer-tcp", "responder": "http",
            **port_fields(t, TCP, request), "tcp_flags": "0x18",
            "seq": str(conn.seq), "ack": str(conn.ack),
            "payload_len": str(len(data)), "payload": hexed(data[:SNAP])}))


@both
def test_reply(t):
    """What a reply acknowledges, and whether it closes, is told as it left:
    data beside a SYN is not taken, and a refusal ends the connection."""
    early, bad, small = t.tcp(80), t.tcp().open(), t.tcp(
        options=[("MSS", 100)]).open()
    told(t, (early.segment("S", b"early", ack=0),
             {"verdict": "answer-synack", "reply_tcp_flags": "0x12",
              "reply_ack": str((early.seq + 1) % 2**32)}),
         (bad.segment("PA", b"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
          {"verdict": "answer-tcp", "responder": "http",
           "reply_tcp_flags": "0x19"}),
         (small.segment("PA", GET),
          {"verdict": "answer-tcp", "responder": "http",
           "reply_seq": str(small.ack)}),
         (bad.segment("R"), {"verdict": "drop-tcp-rst"}))


@both
def test_udp(t):
    page, hello = t.udp(GET, 4711), t.udp(b"hello", 4711)
    told(t, (page, {
        "verdict": "answer-udp", "responder": "http",
        **ip_fields(t, 17, page), **port_fields(t, UDP, page),
        "payload_len": str(len(GET)), "payload": hexed(GET)}), (hello, {
            "verdict": "drop-udp-silent", **port_fields(t, UDP, hello),
            "payload_len": "5", "payload": hexed(b"hello"),
            "tcp_flags": "0x00"}))


def test_extension_headers(t):
    t.fam = 6
    frame = t.ip() / IPv6ExtHdrDestOpt() / UDP(sport=9, dport=53) / GET
    told(t, (frame, {"verdict": "answer-udp", "protocol": "17",
                     "responder": "http", **port_fields(t, UDP, frame),
                     "payload": hexed(GET)}))


def test_tags(t):
    """The outer one is told. The kernel takes it off before anybody sees the
    frame, and puts it on behind us."""
    pairs = []
    for tags in ([(0x8100, 0x6064)], [(0x88a8, 200), (0x8100, 100)]):
        frame = tagged(t.echo(), *tags)
        pairs.append((frame, {
            "req_len": str(len(frame) - TAG_LEN), "verdict": "answer-echo", "ethertype": "0x0800",
            "vlan_proto": f"0x{tags[0][0]:04x}",
            "vlan_tci": f"0x{tags[0][1]:04x}", "icmp_type": "8",
            "saddr": side(CLIENT[4]), "daddr": side(OWN[4])}))
    with t.lab.promiscuous():
        told(t, *pairs)


def test_malformed(t):
    """Zeros where a layer does not hold together, and for what is behind."""
    ends = {"saddr": side(CLIENT[4]), "daddr": side(OWN[4])}
    part = t.udp(GET, flags="MF")
    told(t,
         (t.ip(proto=6) / bytes([1] * 10),
          {"verdict": "drop-tcp-header", "protocol": "6", **ends,
           **NO_TRANSPORT}),
         (t.ip(proto=6) / bytes([0xff] * 20),
          {"verdict": "drop-tcp-header", **ends, **NO_TRANSPORT}),
         (t.ip(proto=17) / struct.pack("!HHHH", 5, 6, 99, 0),
          {"verdict": "drop-udp-length", "protocol": "17", **ends,
           **NO_TRANSPORT}),
         (part, {"verdict": "drop-fragment", **ip_fields(t, 17, part), **ends,
                 **NO_TRANSPORT}),
         (t.echo(ihl=4), {"verdict": "drop-ip-header", **NO_TRANSPORT}),
         (t.ip() / ICMP(type=13),
          {"verdict": "drop-icmp", "icmp_type": "13", **ends}))


def test_every_verdict(t):
    """As many records as frames, each with its verdict; none for PASS."""
    t.lab.push("/usr/bin/trace-cmd")
    with t.lab.set("deny", "192.0.2.66", undo=("deny", "none")), \
            t.lab.promiscuous():
        frames = one_of_each(t)
        records, _ = watch(t, [f for group in frames.values() for f in group])
    want = [name for name, group in frames.items() for _ in group
            if not name.startswith("pass")]
    equal([r["verdict"] for r in records], want, "verdicts of the records")


def test_snap(t):
    data = bytes(range(256)) * 5
    for snap in (0, 1, 1024):
        with t.lab.set("snap", snap, undo=("snap", SNAP)):
            told(t, (t.echo(data), {"verdict": "answer-echo",
                                    "payload_len": str(len(data)),
                                    "payload": hexed(data[:snap])}))


def test_packets(t):
    """The request, then each frame of its reply, under one id."""
    t.lab.push("/usr/bin/trace-cmd")
    conn = t.tcp(options=[("MSS", 100)]).open()
    frames = [t.echo(bytes(1300)), t.udp(b"hello"), conn.segment("PA", GET),
              t.echo(eth_dst="00:00:5e:00:53:01")]
    with t.lab.promiscuous():
        records, got = watch(t, frames, PACKETS)
    # Sentinels have no MAC here, but come last: two, with their replies.
    records = records[:-4]
    need(len(got) > 3, f"no reply in several segments among {got}")
    want = [("in", "answer-echo", len(frames[0])),
            ("out", "answer-echo", len(got[0])),
            ("in", "drop-udp-silent", len(frames[1])),
            ("in", "answer-tcp", len(frames[2])),
            *[("out", "answer-tcp", len(reply)) for reply in got[1:]]]
    equal([(r["direction"], r["verdict"], int(r["orig_len"]))
           for r in records], want, "packets")
    for record in records:
        equal(record["frame_len"], record["orig_len"], "bytes held")
    ids = [r["request_id"] for r in records]
    equal(len(set(ids)), 3, f"ids of {ids}")
    equal((ids[0], len(set(ids[3:]))), (ids[1], 1), "ids of replies")


def test_perf(t):
    """The line of the README; it begins before its command does."""
    t.lab.push("/usr/bin/perf")
    script = ("rm -f /tmp/go && mkfifo /tmp/go && perf trace -a "
              "--libtraceevent_print -e 'kmasscanned:msd_*' -- "
              "sh -c 'echo ready; read go </tmp/go' 2>&1")
    with t.lab.background(script, "ready") as perf:
        t.wire.raw_talk(t.echo(), t.udp(b"hello"))
        # On a busy machine it is behind, and its end would cut it short.
        text = perf.expect("msd_drop(verdict=drop-udp-silent")
        t.lab.sh("echo >/tmp/go")
        text += perf.wait()
    for words in ("msd_answer(verdict=answer-echo",
                  "msd_packet(direction=out", f"saddr={side(CLIENT[4])}"):
        need(words in text, f"no {words} in {text}")
