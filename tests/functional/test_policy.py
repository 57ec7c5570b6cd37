# SPDX-License-Identifier: GPL-2.0-only
"""What the administrator set on a device holds for replies, whoever watches:
netfilter's netdev hooks, traffic control, queueing disciplines."""

import contextlib
import time

from scapy.layers.inet import TCP
from scapy.layers.l2 import Ether

from lab import DEV
from wire import equal, need

DUMP = f"exec timeout 60 tcpdump -Z root -n -i {DEV} -w /dev/null"
PORT = 4242
DELAY = 0.4

# name → what sets it, what takes it away; all of them stop replies from PORT.
EGRESS = {
    "nftables": (f"""nft -f - <<'END'
table netdev test {{
    chain out {{
        type filter hook egress device "{DEV}" priority 0
        tcp sport {PORT} drop
        udp sport {PORT} drop
    }}
}}
END""", "nft delete table netdev test"),
    "clsact": (f"""tc qdisc add dev {DEV} clsact
for f in ip ipv6; do for p in tcp udp; do
    tc filter add dev {DEV} egress protocol $f flower ip_proto $p \\
        src_port {PORT} action drop
done; done""", f"tc qdisc del dev {DEV} clsact"),
}

# Queueing disciplines that let replies wait. That one below the kernel's own mq
# counts without the root is shown by tests/kunit/suite_queue.c: tc has no name
# for it.
QDISCS = {
    "root": (f"tc qdisc add dev {DEV} root netem delay {DELAY}s",
             f"tc qdisc del dev {DEV} root"),
    "below mq": (f"tc qdisc replace dev {DEV} root handle 1: mq && tc qdisc "
                 f"replace dev {DEV} parent 1:1 netem delay {DELAY}s",
                 f"tc qdisc del dev {DEV} root"),
}


@contextlib.contextmanager
def set_by(t, commands):
    """Something set in the guest while the block runs."""
    t.lab.sh("set -e\n" + commands[0])
    try:
        yield
    finally:
        t.lab.sh(commands[1])


@contextlib.contextmanager
def watched(t, yes):
    """With a packet tap open, or without."""
    with contextlib.ExitStack() as stack:
        if yes:
            stack.enter_context(t.lab.background(DUMP, "listening on"))
        yield


def probes(t):
    """What must draw nothing out of PORT, and what must be answered."""
    for t.fam in (4, 6):
        yield [t.tcp(PORT).segment("S") for _ in range(10)], t.tcp(PORT + 1)
        yield [t.udp(b"GET / HTTP/1.1\r\n\r\n", PORT)], t.tcp(PORT + 1)


def test_egress(t):
    for name, commands in EGRESS.items():
        for tap in (False, True):
            with set_by(t, commands), watched(t, tap):
                for silent, open_ in probes(t):
                    got = t.wire.talk(*silent)
                    equal(len(got), 0, f"replies with {name}, tap {tap}")
                    open_.open()
        for silent, _ in probes(t):
            equal(len(t.wire.talk(*silent)), len(silent),
                  f"replies after {name} has gone")


def test_egress_drop_is_counted(t):
    """As what the device did not take."""
    with set_by(t, EGRESS["nftables"]):
        before = t.lab.stats()["verdicts"]["drop-xmit"]["frames"]
        t.fam = 4
        t.silent(*[t.tcp(PORT).segment("S") for _ in range(5)])
        after = t.lab.stats()["verdicts"]["drop-xmit"]["frames"]
    equal(after - before, 5, "frames counted as drop-xmit")


def test_qdisc(t):
    t.fam = 4
    for name, commands in QDISCS.items():
        for tap in (False, True):
            with set_by(t, commands), watched(t, tap):
                begin = time.monotonic()
                t.ask(t.tcp(PORT).segment("S"))
                took = time.monotonic() - begin
                need(took >= DELAY, f"{name}, tap {tap}: reply after {took} s")
        t.alive()


def test_ingress(t):
    """An administrator's drop comes first, in both attach modes."""
    rules = (f"""nft -f - <<'END'
table netdev test {{
    chain in {{
        type filter hook ingress device "{DEV}" priority 0
        tcp dport {PORT} drop
    }}
}}
END""", "nft delete table netdev test")
    for via in ("rx-handler", "ingress"):
        with t.lab.attached("via", via):
            for t.fam in (4, 6):
                t.ask(t.tcp(PORT).segment("S"))
            with set_by(t, rules):
                for t.fam in (4, 6):
                    t.silent(t.tcp(PORT).segment("S"))
                    t.ask(t.tcp(PORT + 1).segment("S"))


def test_inet_tables_do_not_apply(t):
    """README says so: they see no frame of ours."""
    with set_by(t, ("""nft -f - <<'END'
table inet test {
    chain in { type filter hook prerouting priority raw; policy drop; }
    chain out { type filter hook output priority 0; policy drop; }
}
END""", "nft delete table inet test")):
        for t.fam in (4, 6):
            t.ask(t.tcp(PORT).segment("S"))


def synacks(t):
    """SYN-ACKs that the device took from us."""
    return t.lab.stats()["verdicts"]["answer-synack"]["tx-frames"]


def came(t):
    """SYN-ACKs that come until nothing comes for a moment."""
    found = 0
    while raw := t.wire.receive(time.monotonic() + 0.2):
        pkt = Ether(raw)
        found += TCP in pkt and pkt[TCP].flags == "SA"
    return found


def test_fewer_queues(t):
    """A queue that the device has lost (ethtool -L) gets no reply: what the
    device took comes. QEMU loses requests meanwhile, so these do not count."""
    t.fam, sent, got = 4, 0, 0
    t.wire.drain()
    before = synacks(t)
    with t.lab.background(f"""i=0; while [ $i -lt 20 ]; do i=$((i + 1))
            ethtool -L {DEV} combined 2 && ethtool -L {DEV} combined 1 || exit
            done; echo all done""") as loop:
        while loop.running():
            t.wire.send(*[t.tcp(PORT).segment("S") for _ in range(20)])
            sent += 20
            got += came(t)
        need("all done" in loop.wait(), "ethtool ended early")
    t.wire.ready()
    got += came(t)
    equal(got, synacks(t) - before, "SYN-ACKs that came")
    need(got > sent / 2, f"{got} of {sent} SYNs answered")
