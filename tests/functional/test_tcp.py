# SPDX-License-Identifier: GPL-2.0-only
"""TCP without connections: flags, options, streams, segments."""

from scapy.layers.inet import TCP
from scapy.layers.l2 import Ether

from cases import both
from wire import LINUX, broken, equal, need, payload

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SSH = b"SSH-2.0-x\r\n"
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128


def options(pkt):
    """Options of a segment by name."""
    return dict(pkt[TCP].options)


def flags_of(got):
    """Flags of replies, as letters."""
    return [str(p[TCP].flags) for p in got]


@both
def test_syn(t):
    """A hundred ports, the edges among them."""
    for port in [0, 1, 22, 80, 443, 65534, 65535] + list(range(1000, 1093)):
        conn = t.tcp(port)
        pkt = conn.syn()
        equal((str(pkt[TCP].flags), pkt[TCP].ack, pkt[TCP].sport,
               pkt[TCP].dport),
              ("SA", (conn.seq + 1) % 2**32, port, conn.sport), "SYN-ACK")
        equal(payload(pkt), b"", "payload of the SYN-ACK")
        need(pkt[TCP].window > 0, "zero window")


@both
def test_syn_from_any_port(t):
    for sport in (0, 1, 80, 65535):
        conn = t.tcp()
        conn.sport = sport
        equal(conn.syn()[TCP].dport, sport, "destination port")


@both
def test_syn_at_the_end_of_sequence_space(t):
    for seq in (0, 0x7fffffff, 0xffffffff):
        equal(t.tcp().syn(seq=seq)[TCP].ack, (seq + 1) % 2**32, "ack")


@both
def test_every_combination_of_flags(t):
    """SYN alone, whatever P, U, E, C and NS say, is answered; as in Linux,
    which accepts ECN where both E and C ask for it."""
    for ns in (0, 256):
        for first in range(0, 256, 32):
            conns = {}
            for low in range(first, first + 32):
                conn = t.tcp()
                conns[conn.sport] = (low, conn.segment(low | ns, ack=1))
            got = t.wire.talk(*[frame for _, frame in conns.values()])
            answered = {conns[p[TCP].dport][0]: str(p[TCP].flags) for p in got}
            want = {low: "SAE" if low & ECE and low & CWR else "SA"
                    for low, _ in conns.values()
                    if low & SYN and not low & (FIN | RST | ACK)}
            equal(answered, want, f"flags that draw a SYN-ACK (NS {ns})")


@both
def test_syn_with_data(t):
    """Data that comes with the SYN is not acknowledged."""
    conn = t.tcp()
    pkt = t.ask(conn.segment("S", GET, ack=0))
    equal((pkt[TCP].ack, payload(pkt)), ((conn.seq + 1) % 2**32, b""),
          "ack and payload")


@both
def test_options_are_mirrored(t):
    """Each is offered only to a client that offered it; MSS always."""
    mss = 1460 if t.fam == 4 else 1440
    for offered in ([], [("MSS", 536)], [("SAckOK", b"")],
                    [("WScale", 3)], [("Timestamp", (77, 0))],
                    [("MSS", 1400), ("SAckOK", b""), ("WScale", 3)],
                    LINUX):
        conn = t.tcp(options=offered)
        got = options(conn.syn())
        names = {n for n, _ in offered if n != "NOP"} | {"MSS"}
        equal(set(got) - {"NOP", "EOL"}, names, f"options for {offered}")
        equal(got["MSS"], mss, "MSS")
        if "Timestamp" in got:
            equal(got["Timestamp"][1], dict(offered)["Timestamp"][0],
                  "timestamp echoed")
        if "WScale" in got:
            need(0 <= got["WScale"] <= 14, f"scale {got['WScale']}")


@both
def test_timestamps_later(t):
    """Later segments carry timestamps when the client's do, and only then."""
    conn = t.tcp(options=LINUX).open()
    got = conn.say(GET, options=[("NOP", None), ("NOP", None),
                                 ("Timestamp", (123456, 1))])
    for pkt in got:
        equal(options(pkt)["Timestamp"][1], 123456, "timestamp echoed")
    equal([options(p) for p in conn.say(GET)], [{}] * len(got),
          "options of replies to a segment without any")


@both
def test_malformed_options(t):
    """Odd lengths, running past the end: the SYN is answered all the same."""
    for raw in (b"\x02\x04\x05", b"\x02\x00\x00\x00", b"\x08\x02\x01\x01",
                b"\x02\xff\x05\xb4", b"\x03", b"\xfd\x01\x01\x01",
                b"\x01\x01\x01\x02", b"\x00" * 8):
        raw += bytes(-len(raw) % 4)
        conn = t.tcp()
        head = conn.segment("S", ack=0, dataofs=5 + len(raw) // 4)
        equal(flags_of([t.ask(head / raw)]), ["SA"], f"options {raw.hex()}")


@both
def test_data_offset(t):
    """Below the header, or beyond the segment."""
    for words in (0, 1, 4, 6, 15):
        t.silent(t.tcp().segment("S", dataofs=words))


@both
def test_bad_checksum(t):
    conn = t.tcp()
    t.silent(broken(conn.segment("S"), TCP))
    conn.open()
    t.silent(broken(conn.segment("PA", GET), TCP),
             broken(conn.segment("FA"), TCP))


@both
def test_bare_ack(t):
    conn = t.tcp().open()
    t.silent(conn.segment("A"), conn.segment("A", ack=conn.ack + 100),
             conn.segment("A", ack=0), t.tcp().segment("A"))


@both
def test_reset(t):
    """Neither answered nor the end of what the cookie allows."""
    conn = t.tcp().open()
    for flags in ("R", "RA", "RPA", "RFA", "RS"):
        t.silent(conn.segment(flags), conn.segment(flags, GET),
                 t.tcp().segment(flags))
    need(b"401" in conn.fetch(GET), "no page after the resets")


@both
def test_syn_ack_to_us(t):
    conn = t.tcp().open()
    for flags in ("SA", "SPA", "SFA", "SF"):
        t.silent(conn.segment(flags), conn.segment(flags, GET),
                 t.tcp().segment(flags))


@both
def test_data_without_ack_flag(t):
    conn = t.tcp().open()
    t.silent(*[conn.segment(flags, GET) for flags in ("", "P", "F", "FP",
                                                      "U", "FPU")])


@both
def test_empty_push(t):
    conn = t.tcp().open()
    t.silent(conn.segment("PA", ack=0))
    equal([(str(p[TCP].flags), payload(p)) for p in conn.say(b"")],
          [("A", b"")], "reply to an empty PSH-ACK")


@both
def test_data_without_push(t):
    need(b"401" in t.tcp().open().fetch(GET, flags="A"), "no page")
    conn = t.tcp().open()
    conn.tell(GET[:20], flags="A")
    need(b"401" in conn.fetch(GET[20:]), "no page for the two parts")


@both
def test_urgent_data_and_ecn(t):
    """U, E and C beside A change nothing."""
    for flags in ("PAU", "PAE", "PAC", "AUEC"):
        need(b"401" in t.tcp().open().fetch(GET, flags=flags), flags)


@both
def test_fin(t):
    """Of an open connection: acknowledged and returned."""
    conn = t.tcp().open()
    equal(flags_of(conn.say(b"", "FA")), ["FA"], "reply to FIN")
    conn = t.tcp().open()
    conn.fetch(GET)
    equal(flags_of(conn.say(b"", "FA")), ["FA"], "reply to FIN later")
    conn = t.tcp().open()
    equal(flags_of(conn.say(b"", "FPA")), ["FA"], "reply to FIN with PSH")


@both
def test_data_with_fin(t):
    """Answered and closed; without an answer, acknowledged and closed."""
    got = t.tcp().open().say(GET, "FPA")
    need(b"401" in payload(got[0]), "no page")
    equal(flags_of(got)[-1], "FPA", "flags of the last segment")
    equal(flags_of(t.tcp().open().say(b"hello", "FPA")), ["FA"],
          "flags of the reply to unknown data with FIN")


@both
def test_fin_at_the_end_of_sequence_space(t):
    conn = t.tcp()
    conn.seq = 0xfffffffe
    conn.open()
    equal(conn.say(b"", "FA")[0][TCP].ack, 0, "ack")


@both
def test_unknown_data(t):
    """Acknowledged without PSH and payload, and the next request served."""
    conn = t.tcp().open()
    conn.tell(b"hello")
    conn.tell(b"\0" * 100)


@both
def test_request_split_anywhere(t):
    """Two segments, the signature cut as well."""
    for whole, want in ((GET, b"HTTP/1.1 401"), (SSH, b"SSH-2.0-1")):
        for cut in range(1, len(whole)):
            conn = t.tcp().open()
            conn.tell(whole[:cut])
            answer = conn.fetch(whole[cut:])
            need(answer.startswith(want), f"cut at {cut}: {answer[:40]!r}")


@both
def test_request_byte_by_byte(t):
    conn = t.tcp().open()
    for i in range(len(GET) - 1):
        conn.tell(GET[i:i + 1])
    need(b"401" in conn.fetch(GET[-1:]), "no page")


@both
def test_gap(t):
    """A gap of 54 bytes does not stop the dialogue."""
    conn = t.tcp().open()
    conn.tell(GET[:16])
    conn.seq += 54
    need(b"401" in conn.fetch(GET[16:]), "no page behind the gap")


@both
def test_repeat(t):
    """An exact repeat draws the same answer again."""
    conn = t.tcp().open()
    seq, ack = conn.seq, conn.ack
    first = conn.fetch(GET)
    for _ in range(2):
        conn.seq, conn.ack = seq, ack
        equal(conn.fetch(GET), first, "answer to the repeat")


@both
def test_repeat_of_a_part(t):
    """The repeated last part of a split request draws the answer again."""
    conn = t.tcp().open()
    conn.tell(GET[:9])
    seq, ack = conn.seq, conn.ack
    first = conn.fetch(GET[9:])
    conn.seq, conn.ack = seq, ack
    equal(conn.fetch(GET[9:]), first, "answer to the repeated part")


@both
def test_repeat_of_the_first_part(t):
    """A first part that comes twice does not spoil the request."""
    conn = t.tcp().open()
    seq = conn.seq
    conn.tell(GET[:9])
    conn.seq = seq
    conn.tell(GET[:9])
    need(b"401" in conn.fetch(GET[9:]), "no page")


@both
def test_many_at_once(t):
    """Interleaved connections: never the answer to another's request.

    The table of incomplete requests is small and overwritten on collision: a
    few of them may have to be said again from the start.
    """
    conns = [t.tcp(port).open() for port in range(8000, 8020)]
    parts = {8000 + i: (SSH if i % 2 else GET) for i in range(20)}
    for conn in conns:
        conn.tell(parts[conn.dport][:6])
    served = 0
    for conn in reversed(conns):
        whole = parts[conn.dport]
        want = b"SSH-2.0-1" if whole == SSH else b"HTTP/1.1 401"
        got = b"".join(payload(p) for p in conn.say(whole[6:]))
        served += bool(got)
        got = got or conn.fetch(whole)
        need(got.startswith(want), f"{whole!r} drew {got!r}")
    need(served >= 10, f"only {served} of 20 split requests were answered")


@both
def test_new_connection_on_an_old_tuple(t):
    """It inherits nothing: neither protocol nor half a request."""
    conn = t.tcp().open()
    conn.tell(GET[:10])
    again = t.tcp()
    again.sport = conn.sport
    again.open()
    need(again.fetch(SSH).startswith(b"SSH-2.0-1"), "no SSH banner")


@both
def test_small_mss(t):
    """The page comes in segments that fit, whole and in order."""
    whole = len(t.tcp().open().fetch(GET))
    for mss in (48, 100, 333, 536):
        conn = t.tcp(options=[("MSS", mss)]).open()
        got = conn.say(GET)
        sizes = [len(payload(p)) for p in got]
        need(len(got) > 1 or whole <= mss, f"one segment for MSS {mss}")
        need(max(sizes) <= mss, f"segments {sizes} for MSS {mss}")
        equal(sum(sizes), whole, f"bytes for MSS {mss}")
        first, at = got[0][TCP].seq, 0
        for pkt in got:
            equal((pkt[TCP].seq - first) % 2**32, at, "seq")
            at += len(payload(pkt))
        equal(flags_of(got)[-1], "PA", "flags of the last segment")
        page = b"".join(payload(p) for p in got)
        need(page.startswith(b"HTTP/1.1 401") and page.endswith(b"</html>\r\n"),
             f"page {page!r}")


@both
def test_small_mss_and_fin(t):
    """Only the last segment ends the connection."""
    got = t.tcp(options=[("MSS", 100)]).open().say(GET, "FPA")
    equal(["F" in f for f in flags_of(got)],
          [False] * (len(got) - 1) + [True], "FIN in segments")


@both
def test_small_mss_and_timestamps(t):
    """Timestamps take room from the data (RFC 6691)."""
    conn = t.tcp(options=[("MSS", 200), ("Timestamp", (5, 0))]).open()
    got = conn.say(GET, options=[("NOP", None), ("NOP", None),
                                 ("Timestamp", (6, 1))])
    for pkt in got:
        need(len(payload(pkt)) + 12 <= 200, "segment beyond the MSS")


@both
def test_no_mss_option(t):
    """The default of RFC 9293 bounds the segments."""
    limit = 536 if t.fam == 4 else 1220
    for pkt in t.tcp(options=[]).open().say(GET):
        need(len(payload(pkt)) <= limit, "segment beyond the default MSS")


@both
def test_reply_draws_nothing(t):
    """What we send is no verified segment when it comes back to us."""
    conn = t.tcp().open()
    for pkt in conn.say(GET) + conn.say(b"hello") + conn.say(b"", "FA"):
        seg = pkt[TCP]
        t.silent(conn.segment(str(seg.flags), payload(pkt), seq=seg.seq,
                              ack=seg.ack))


@both
def test_large_segments(t):
    """A request of several full segments, complete with the last."""
    head = b"GET /" + b"a" * 1200 + b" HTTP/1.1\r\n"
    conn = t.tcp().open()
    conn.tell(head, flags="A")
    for _ in range(3):
        conn.tell(b"X-Filler: " + b"b" * 1300 + b"\r\n", flags="A")
    need(b"HTTP/1.1 401" in conn.fetch(b"\r\n"), "no page")


@both
def test_padding_is_no_data(t):
    """A bare ACK padded to the least frame stays a bare ACK."""
    conn = t.tcp().open()
    raw = bytes(conn.segment("A"))
    t.silent(raw + b"\xaa" * 6, Ether(raw + bytes(6)))
    got = t.wire.talk(bytes(conn.segment("PA")) + b"\xaa" * 6)
    equal([(str(p[TCP].flags), p[TCP].ack) for p in got],
          [("A", conn.seq)], "reply to an empty PSH-ACK with padding")
