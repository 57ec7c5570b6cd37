# SPDX-License-Identifier: GPL-2.0-only
"""msdctl against the module: what it sets, shows, counts and refuses."""

import re

from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP

from lab import DEV, OWN_RANGES
from test_ndisc import solicit
from wire import CLIENT, MAC, OWN, broken, echo, equal, need, udp

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
BROADCAST = "ff:ff:ff:ff:ff:ff"

# Every exchange of Wire.raw_talk() ends with two echo requests.
SENTINELS = 2
SENTINEL_LEN = 14 + 20 + 8 + 16


def who_has(t, target, **fields):
    """An ARP request."""
    return (t.wire.eth(dst=BROADCAST)
            / ARP(**{"hwsrc": MAC, "psrc": CLIENT[4], "pdst": target,
                     **fields}))


def test_show(t):
    iface = t.lab.show()
    equal((iface["ifname"], iface["via"], iface["key"], iface["mac"],
           iface["mac-source"], iface["ssh-banner"]),
          (DEV, "rx-handler", "random", t.wire.mac, "default", "SSH-2.0-1"),
          "settings")
    equal(iface["addresses"], ["192.0.2.128/25", "2001:db8::8000/113"],
          "own addresses")
    equal(iface["deny"], [], "deny list")
    text = t.lab.msdctl("show").out
    for word in (DEV, t.wire.mac, "192.0.2.128/25", "2001:db8::8000/113"):
        need(word in text, f"{word} missing in {text!r}")


def test_snap(t):
    """Shown, set, kept by other changes, refused beyond its range."""
    equal(t.lab.show()["snap"], 64, "default")
    for snap in (0, 1024):
        with t.lab.set("snap", snap, undo=("snap", "64")):
            t.lab.msdctl("set", DEV, "proto", "http", "on")
            equal(t.lab.show()["snap"], snap, "snap after set")
            text = t.lab.msdctl("show", DEV).out
            need(any(li.split() == ["snap", str(snap)]
                     for li in text.splitlines()), f"no snap in {text!r}")
    t.lab.refuse("set", DEV, "snap", "1025", status=2, said="0 to 1024")
    equal(t.lab.show()["snap"], 64, "snap after a refusal")


def test_version(t):
    shown = t.lab.json("version")
    module = t.lab.sh("cat /sys/module/kmasscanned/version").out.strip()
    need(module and module in str(shown), f"{module} not in {shown}")


def counted(t, frames):
    """Counters before and after a few frames and their sentinel."""
    before = t.lab.stats()
    got = t.wire.raw_talk(*frames)
    after = t.lab.stats()
    delta = {}
    for group in ("verdicts", "protos"):
        for name, row in after[group].items():
            old = before[group][name]
            change = {k: row[k] - old[k] for k in row}
            if any(change.values()):
                delta[name] = change
    sentinel = delta["answer-echo"]
    sentinel["frames"] -= SENTINELS
    sentinel["tx-frames"] -= SENTINELS
    for key in ("rx-bytes", "tx-bytes"):
        sentinel[key] -= SENTINELS * SENTINEL_LEN
    if not any(sentinel.values()):
        del delta["answer-echo"]
    return delta, got


def one_of_each(t):
    """Frames of a verdict: name → list."""
    t.fam = 4
    conn, plain = t.tcp().open(), t.tcp()
    fin, data = t.tcp().open(), t.tcp().open()
    malformed = solicit(t)
    malformed[IPv6].hlim = 64
    head = t.ip(proto=6)
    ns_other = solicit(t, "2001:db8::77")
    return {
        "pass-mac": [t.echo(eth_dst="00:00:5e:00:53:01")],
        "pass-ethertype": [t.wire.eth(type=0x88b5) / bytes(50)],
        "pass-target": [who_has(t, "192.0.2.9"), ns_other],
        "pass-address": [t.echo(dst="192.0.2.9")],
        "pass-short": [bytes(t.echo())[:30]],
        "answer-arp": [who_has(t, OWN[4])],
        "answer-echo": [t.echo(b"x" * 100), t.echo(b"y" * 200)],
        "answer-ndisc": [solicit(t)],
        "answer-echo6": [echo(t.wire, 6, b"z" * 300)],
        "answer-synack": [plain.segment("S"), plain.segment("S")],
        "answer-tcp": [conn.segment("PA", GET)],
        "answer-ack": [data.segment("PA", b"hello")],
        "answer-fin": [fin.segment("FA")],
        "answer-udp": [t.udp(GET)],
        "drop-source-mac": [t.echo(eth_src="01:00:00:00:00:50")],
        "drop-source": [t.echo(src="127.0.0.1")],
        "drop-denied": [t.echo(src="192.0.2.66")],
        "drop-broadcast": [t.echo(eth_dst=BROADCAST)],
        "drop-arp": [who_has(t, OWN[4], op=2)],
        "drop-ip-header": [t.echo(ihl=4)],
        "drop-ip-checksum": [broken(t.echo(), IP)],
        "drop-fragment": [t.echo(flags="MF")],
        "drop-protocol": [t.ip(proto=47) / bytes(30)],
        "drop-checksum": [broken(plain.segment("S"), TCP)],
        "drop-icmp": [t.ip() / ICMP(type=13)],
        "drop-ndisc": [malformed],
        "drop-tcp-header": [head / bytes(10)],
        "drop-tcp-rst": [plain.segment("R")],
        "drop-tcp-ack": [plain.segment("A")],
        "drop-tcp-flags": [plain.segment("SF")],
        "drop-tcp-cookie": [plain.segment("PA", GET, ack=1)],
        "drop-udp-length": [t.ip(proto=17) / bytes(5)],
        "drop-udp-silent": [t.udp(b"hello")],
        "pass-dhcp": [t.udp(b"offer", dport=68, sport=67)],
    }


def test_counters_add_up(t):
    """Each frame counts once, under its verdict, with its bytes."""
    with t.lab.set("deny", "192.0.2.66", undo=("deny", "none")), \
            t.lab.promiscuous():
        for name, frames in one_of_each(t).items():
            delta, got = counted(t, frames)
            protos = [n for n in delta if "-" not in n]
            want = {"frames": len(frames),
                    "rx-bytes": sum(len(bytes(f)) for f in frames),
                    "tx-frames": len(got), "tx-bytes": sum(map(len, got))}
            equal(delta.get(name), want, f"change of {name}")
            answered = name in ("answer-tcp", "answer-udp")
            equal(protos, ["http"] if answered else [], "protocols counted")
            if answered:
                equal(delta["http"], want, "change of http")
            equal(len(delta), 2 if answered else 1, f"counters in {delta}")


def test_counters_of_segments(t):
    """A reply in segments is one request answered, and as many frames sent."""
    t.fam = 4
    conn = t.tcp(options=[("MSS", 100)]).open()
    delta, got = counted(t, [conn.segment("PA", GET)])
    need(len(got) > 2, f"{len(got)} segments")
    want = {"frames": 1, "rx-bytes": len(bytes(conn.segment("PA", GET))),
            "tx-frames": len(got), "tx-bytes": sum(map(len, got))}
    equal(delta, {"answer-tcp": want, "http": want}, "counters")


def test_counters_in_text(t):
    """Text and JSON agree; -a adds the rows of zeros."""
    delta, _ = counted(t, [t.echo()] * 3)
    equal(delta["answer-echo"]["frames"], 3, "echo requests counted")
    row = t.lab.stats()["verdicts"]["answer-echo"]
    text = t.lab.msdctl("-a", "stats", DEV).out
    lines = [li.split() for li in text.splitlines() if "answer-echo " in li]
    equal([li[1:] for li in lines], [[str(row[k]) for k in (
        "frames", "rx-bytes", "tx-frames", "tx-bytes")]], f"row of answer-echo in {text}")
    need("drop-memory" in text, "no row of zeros with -a")
    need("drop-memory" not in t.lab.msdctl("stats", DEV).out,
         "a row of zeros without -a")


def test_mac_differs_from_the_device(t):
    """The card is made to receive it, and its groups; undone on detach."""
    addresses = "ip maddress show dev eth0; bridge fdb show dev eth0"
    t.lab.msdctl("detach", DEV)
    before = t.lab.sh(addresses).out
    device = t.wire.mac
    t.lab.attach_default()
    try:
        with t.lab.attached("mac", "02:aa:bb:cc:dd:ee"):
            t.wire.mac = "02:aa:bb:cc:dd:ee"
            t.wire.ready()  # since 6.8 virtio_net tells its card in its own time
            equal(t.ask(who_has(t, OWN[4]))[ARP].hwsrc, t.wire.mac,
                  "MAC in the ARP reply")
            t.ask(solicit(t))
            t.ask(t.echo(eth_dst="01:00:5e:00:02:81"))
            for t.fam in (4, 6):
                t.alive()
                t.tcp().open()
                t.silent(t.echo(eth_dst=device))
            equal((t.lab.show()["mac"], t.lab.show()["mac-source"]),
                  (t.wire.mac, "given"), "MAC shown")
            t.lab.msdctl("set", DEV, "mac", "02:aa:bb:cc:dd:ef")
            t.wire.mac = "02:aa:bb:cc:dd:ef"
            t.wire.ready()
            t.silent(t.echo(eth_dst="02:aa:bb:cc:dd:ee"))
            t.lab.msdctl("set", DEV, "mac", "default")
            t.wire.mac = device
            t.wire.ready()
            t.alive()
    finally:
        t.wire.mac = device
    t.lab.msdctl("detach", DEV)
    equal(t.lab.sh(addresses).out, before, "receive filter after detach")
    t.lab.attach_default()


def test_device_changes_its_mac(t):
    """Without a MAC of its own the responder follows the device."""
    device, other = t.wire.mac, "02:aa:bb:00:00:01"
    try:
        t.wire.mac = other
        t.link(f"eth0 address {other}")
        equal(t.ask(who_has(t, OWN[4]))[ARP].hwsrc, other, "MAC")
        with t.lab.promiscuous():
            t.silent(t.echo(eth_dst=device))
    finally:
        t.wire.mac = device
        t.link(f"eth0 address {device}")
    t.alive()


def test_set_leaves_no_gap(t):
    """While addresses, deny list and banner change, no echo is lost."""
    script = ("for i in $(seq 40); do msdctl set eth0 address 192.0.2.128/25 "
              "2001:db8::8000/113 10.$i.0.0/16 deny 10.0.0.$i ssh-banner "
              "SSH-2.0-$i || exit 1; done; echo all done")
    sent = t.answers_during(script)
    need(sent > 200, f"only {sent} requests were sent meanwhile")
    t.lab.msdctl("set", DEV, *OWN_RANGES, "deny", "none",
                 "ssh-banner", "SSH-2.0-1")


def test_set_replaces_addresses(t):
    """What is named is replaced, all at once; what is not stays."""
    with t.lab.set("address", "192.0.2.129", "198.51.100.0/24",
                   undo=OWN_RANGES):
        equal(t.lab.show()["addresses"], ["192.0.2.129", "198.51.100.0/24"],
              "addresses shown")
        t.ask(t.echo(dst="198.51.100.7"))
        t.silent(t.echo(dst="192.0.2.130"))
        t.fam = 6
        t.silent(t.echo())
        equal(t.lab.show()["ssh-banner"], "SSH-2.0-1", "banner")
    t.ask(t.echo())


def test_show_lists(t):
    """A list alone has the form of an address file."""
    equal(t.lab.msdctl("show", DEV, "addresses").out.split(),
          ["192.0.2.128/25", "2001:db8::8000/113"], "address file")
    with t.lab.set("deny", "203.0.113.0/24", "2001:db8:f::/48",
                   undo=("deny", "none")):
        equal(t.lab.json("show", DEV, "deny"),
              ["203.0.113.0/24", "2001:db8:f::/48"], "deny list")


def test_address_file(t):
    """Comments, blank lines, text after a TAB, CR LF, ranges, overlaps."""
    t.lab.put("# sensors\r\n192.0.2.129\t17 hits\n\n  192.0.2.140/30  # four\n"
              "192.0.2.142-192.0.2.150\n2001:db8::8001\r\n", "/tmp/own")
    with t.lab.set("address-file", "/tmp/own", undo=OWN_RANGES):
        for dst in ("192.0.2.129", "192.0.2.140", "192.0.2.150"):
            t.ask(t.echo(dst=dst))
        t.silent(t.echo(dst="192.0.2.139"), t.echo(dst="192.0.2.151"))
        t.fam = 6
        t.alive()


def test_deny_file(t):
    t.lab.put("192.0.2.50\n2001:db8::50\n", "/tmp/deny")
    with t.lab.set("deny-file", "/tmp/deny", undo=("deny", "none")):
        for t.fam in (4, 6):
            t.silent(t.echo())
    t.alive()


def test_every_address(t):
    """An empty own set: all but the host's own, which the host answers."""
    t.lab.sh("ip address add 192.0.2.77/32 dev eth0 && "
             "ip route add 192.0.2.0/24 dev eth0 && "
             f"ip neighbour replace 192.0.2.50 lladdr {MAC} dev eth0")
    try:
        with t.lab.attached("address", "any"):
            equal(t.lab.show()["addresses"], [], "addresses shown")
            for dst in ("192.0.2.129", "192.0.2.9", "1.2.3.4"):
                t.ask(t.echo(dst=dst))
                t.ask(who_has(t, dst))
                equal(str(t.ask(t.tcp(dst=dst).segment("S"))[TCP].flags),
                      "SA", "reply to a SYN")
            delta, got = counted(t, [t.echo(dst="192.0.2.77")])
            equal((delta["pass-address"]["frames"], len(got)), (1, 1),
                  "host's own echo: passed, and the host's reply")
            delta, got = counted(t, [who_has(t, "192.0.2.77")])
            equal((delta["pass-target"]["frames"], len(got)), (1, 1),
                  "host's own ARP: passed, and the host's reply")
            t.silent(t.echo(dst="224.0.0.1"), t.echo(dst="127.0.0.1"),
                     t.echo(dst="255.255.255.255"), who_has(t, "224.0.0.1"))
            t.fam = 6
            t.ask(t.echo(dst="2001:db8:77::1"))
            t.ask(solicit(t, "2001:db8:77::1"))
    finally:
        t.lab.sh("ip route del 192.0.2.0/24 dev eth0; "
                 "ip address del 192.0.2.77/32 dev eth0; "
                  "ip neighbour del 192.0.2.50 dev eth0; true")


def test_every_address_is_said_plainly(t):
    t.lab.msdctl("detach", DEV)
    for words in ((), ("snap", "64"), ("deny", "192.0.2.1")):
        t.lab.refuse("attach", DEV, *words,
                     said="no own address: give addresses, or `address any`")
        equal(t.lab.json("show"), [], "interfaces")
    done = t.lab.msdctl("attach", DEV, "address", "any")
    equal(len(done.err.strip().splitlines()), 1, f"lines said: {done}")
    need("address any" in done.err, str(done))
    need(re.search(r"addresses +any", t.lab.msdctl("show", DEV).out), "show")
    t.lab.attach_default()


def test_detach(t):
    """The host's stack has the frames again; nothing of ours answers."""
    t.lab.msdctl("detach", DEV)
    try:
        equal(t.lab.json("show"), [], "interfaces")
        t.lab.refuse("detach", DEV, said=DEV)
        # No sentinel of ours can be answered: the host gets an address.
        t.lab.sh("ip address add 192.0.2.200/24 dev eth0")
        t.wire.sentinel_own = "192.0.2.200"
        t.lab.sh("ip neighbour replace 192.0.2.51 lladdr 02:00:00:00:00:51 "
                 "dev eth0")
        t.silent(who_has(t, OWN[4]), t.echo(), t.tcp().segment("S"),
                 solicit(t))
    finally:
        t.wire.sentinel_own = OWN[4]
        t.lab.sh("ip neighbour del 192.0.2.51 dev eth0; "
                 "ip address del 192.0.2.200/24 dev eth0")
        t.lab.attach_default()
    t.alive()


def basics(t):
    """ARP, NDP, echo, TCP and UDP are answered."""
    t.ask(who_has(t, OWN[4]))
    t.ask(solicit(t))
    for t.fam in (4, 6):
        t.alive()
        need(b"401" in t.tcp().open().fetch(GET), "no page over TCP")
        t.ask(t.udp(GET))
        t.silent(t.tcp().segment("R"), t.echo(eth_dst="00:00:5e:00:53:01"))


def test_via_ingress(t):
    with t.lab.attached("via", "ingress"):
        equal(t.lab.show()["via"], "ingress", "via")
        basics(t)
    basics(t)


def test_two_interfaces(t):
    """Each has its own settings and counters."""
    with t.lab.peer("ssh-banner", "SSH-2.0-peer"):
        names = [i["ifname"] for i in t.lab.json("show")]
        equal(sorted(names), [DEV, "v0"], "interfaces")
        equal((t.lab.show()["ssh-banner"], t.lab.show("v0")["ssh-banner"]),
              ("SSH-2.0-1", "SSH-2.0-peer"), "banners")
        before = t.lab.stats("v0")["verdicts"]["answer-echo"]
        delta, _ = counted(t, [t.echo()] * 3)
        equal(delta["answer-echo"]["frames"], 3, "frames on eth0")
        equal(t.lab.stats("v0")["verdicts"]["answer-echo"], before,
              "frames on v0")
        t.silent(t.echo(dst="198.51.100.129"))
    equal([i["ifname"] for i in t.lab.json("show")], [DEV], "interfaces")


def test_other_namespace(t):
    """-n works there, and shows nothing of here; names and paths."""
    t.lab.sh("ip netns add other && ip -n other link add d0 type dummy")
    try:
        t.lab.msdctl("-n", "other", "attach", "d0", "address", "192.0.2.1")
        (iface,) = t.lab.json("-n", "other", "show")
        equal(iface["ifname"], "d0", "interface there")
        equal([i["ifname"] for i in t.lab.json("show")], [DEV],
              "interfaces here")
        (iface,) = t.lab.json("-n", "/run/netns/other", "show")
        equal(iface["ifname"], "d0", "interface by path")
        t.lab.msdctl("-n", "other", "detach", "d0")
        equal(t.lab.json("-n", "other", "show"), [], "after detach")
        t.lab.refuse("-n", "nosuch", "show", said="nosuch")
    finally:
        t.lab.sh("ip netns del other")


def test_a_million_ranges(t):
    """They load, answer exactly, and go again; one more is refused."""
    lines = ["192.0.2.129"] + [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
                               for n in range(0, 2000000, 2)]
    t.lab.put("\n".join(lines[:-1]) + "\n", "/tmp/million")
    try:
        t.lab.msdctl("set", DEV, "address-file", "/tmp/million", timeout=120)
        for dst in ("10.0.0.0", "10.0.0.2", "10.15.66.64", "10.30.132.124",
                    "192.0.2.129"):
            t.ask(t.echo(dst=dst))
            t.ask(t.tcp(dst=dst).segment("S"))
        t.silent(t.echo(dst="10.0.0.1"), t.echo(dst="10.15.66.63"),
                 t.echo(dst="10.30.132.125"), t.echo(dst="10.30.132.126"),
                 t.echo(dst="192.0.2.130"))
        shown = t.lab.msdctl("show", DEV, "addresses", timeout=120).out
        equal(len(shown.split()), 1000000, "ranges shown")
        t.lab.sh(f"echo {lines[-1]} >>/tmp/million")
        t.lab.refuse("set", DEV, "address-file", "/tmp/million",
                     said="1000000")
        t.ask(t.echo(dst="10.30.132.124"))
    finally:
        t.lab.msdctl("set", DEV, *OWN_RANGES, timeout=120)
        t.lab.sh("rm -f /tmp/million")


def test_small_mtu(t):
    """MSS and segments follow the device; what would not fit is not sent."""
    t.link("eth0 mtu 600")
    try:
        pkt = t.tcp().syn()
        equal(dict(pkt[TCP].options)["MSS"], 560, "MSS offered")
        delta, got = counted(t, [t.echo(b"x" * 573)])
        equal((delta["drop-reply-size"]["frames"], len(got)), (1, 0),
              "echo beyond the MTU")
        t.ask(t.echo(b"x" * 572))
    finally:
        # Below 1280 bytes the device has lost IPv6, which comes back with the
        # settings and the address that a new device has.
        t.link("eth0 mtu 1500")
        t.lab.sh("sysctl -q -w net.ipv6.conf.eth0.addr_gen_mode=1 "
                 "net.ipv6.conf.eth0.accept_ra=0; "
                 "ip -6 address flush dev eth0")


def test_protocols_listed(t):
    """All responders the module has, each on."""
    shown = t.lab.json("proto", "list")
    names = [row["proto"] if "proto" in row else row for row in shown] \
        if isinstance(shown, list) else list(shown)
    for name in ("http", "ssh", "stun"):
        need(name in str(names), f"{name} missing in {shown}")
    udp_page = t.ask(udp(t.wire, 4, GET))
    need(b"401" in bytes(udp_page), "no page")
