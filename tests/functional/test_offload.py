# SPDX-License-Identifier: GPL-2.0-only
"""Local peers over veth: partial checksums, GSO and clones, queues.

The clients here run in the guest, in the namespace "peer" behind v1.
"""

import shutil

from lab import DEV, PEER_SERVER
from wire import equal, need

# On one CPU: segments that arrive on different ones are not joined (flow.c), and
# over a veth they arrive where the client happens to run.
CURL = ("/lab/taskset 1 /lab/curl -i -v --no-progress-meter --max-time 20 {args} "
        "http://{host}/")


def push_clients(t):
    """Programs of this machine that the guest lacks."""
    t.lab.push(*[shutil.which(p) or p for p in ("curl", "ping", "taskset")])


def fetch(t, fam=4, args=""):
    """A whole page with an unmodified curl, or failure."""
    host = PEER_SERVER[fam] if fam == 4 else f"[{PEER_SERVER[6]}]"
    done = t.lab.in_peer(CURL.format(args=args, host=host))
    need("HTTP/1.1 401 Unauthorized" in done.out, str(done))
    need("Warning" not in done.err and "xcess" not in done.err, str(done))
    return done


def ping(t, host, *args, count=3):
    """Unmodified ping; every request must be answered."""
    done = t.lab.in_peer(f"/lab/ping -c {count} -i 0.05 -W 10 "
                         f"{' '.join(args)} {host}")
    need(f"{count} received" in done.out and "wrong data" not in done.out,
         str(done))


def moved(t, *names):
    """Frames and bytes of some verdicts of v0 so far."""
    rows = [t.lab.stats("v0")["verdicts"][n] for n in names]
    return (sum(r["frames"] for r in rows), sum(r["rx-bytes"] for r in rows))


def test_local_tcp_client(t):
    """Checksums only begun (CHECKSUM_PARTIAL), clones, fragments."""
    push_clients(t)
    with t.lab.peer():
        for fam in (4, 6):
            fetch(t, fam)
        equal(t.lab.stats("v0")["verdicts"]["drop-checksum"]["frames"], 0,
              "frames with a bad checksum")


def test_checksums_in_software(t):
    push_clients(t)
    with t.lab.peer():
        t.lab.in_peer("ethtool -K v1 tx off")
        for fam in (4, 6):
            fetch(t, fam)


def test_post_of_6_kb_as_one_gso_skb(t):
    """One frame for us, however many segments it stands for."""
    push_clients(t)
    t.lab.sh("head -c 6000 /dev/zero | tr '\\0' x >/tmp/body")
    with t.lab.peer():
        for fam in (4, 6):
            before = moved(t, "answer-tcp", "answer-ack")
            fetch(t, fam, "--data-binary @/tmp/body -H 'Expect:'")
            after = moved(t, "answer-tcp", "answer-ack")
            frames, size = (a - b for a, b in zip(after, before))
            need(size > 6000, f"{size} bytes counted")
            need(size > 1514 * frames,
                 f"{frames} frames of {size} bytes: none was a GSO skb")


def test_post_without_segmentation_offload(t):
    """The same as full segments."""
    push_clients(t)
    t.lab.sh("head -c 6000 /dev/zero | tr '\\0' x >/tmp/body")
    with t.lab.peer():
        t.lab.in_peer("ethtool -K v1 tso off gso off")
        for gro in ("on", "off"):
            t.lab.sh(f"ethtool -K v0 gro {gro}")
            for fam in (4, 6):
                fetch(t, fam, "--data-binary @/tmp/body -H 'Expect:'")


def test_ping(t):
    """Local echo: the request's skb belongs to the sender's socket."""
    push_clients(t)
    with t.lab.peer():
        for fam in (4, 6):
            ping(t, PEER_SERVER[fam])
            ping(t, PEER_SERVER[fam], "-s 1400")
            ping(t, PEER_SERVER[fam], "-s 0")


def test_ping_with_generic_receive_offload(t):
    push_clients(t)
    with t.lab.peer():
        t.lab.in_peer("ethtool -K v1 tso off")
        for gro in ("on", "off"):
            t.lab.sh(f"ethtool -K v0 gro {gro}")
            for fam in (4, 6):
                ping(t, PEER_SERVER[fam], "-s 1400")
                fetch(t, fam)


def test_jumbo_frames(t):
    push_clients(t)
    with t.lab.peer():
        t.lab.sh("ip link set v0 mtu 9000 && "
                 "ip -n peer link set v1 mtu 9000")
        for fam in (4, 6):
            ping(t, PEER_SERVER[fam], "-s 8900")
            fetch(t, fam)


def test_fair_queue(t):
    """fq takes a reply's time stamp for a departure time: it must be none."""
    push_clients(t)
    with t.lab.peer():
        t.lab.sh("tc qdisc replace dev v0 root fq")
        for fam in (4, 6):
            ping(t, PEER_SERVER[fam], "-s 1400", count=10)
            fetch(t, fam)
        shown = t.lab.sh("tc -s qdisc show dev v0").out
        need("horizon_drops" not in shown, shown)
        need("dropped 0," in shown, shown)


def test_fair_queue_on_the_card(t):
    """The same behind virtio, with a tap open so that the queue is used."""
    t.lab.sh(f"tc qdisc replace dev {DEV} root fq")
    try:
        with t.lab.background(
                f"exec timeout 60 tcpdump -Z root -n -i {DEV} -w /dev/null",
                "listening on"):
            for t.fam in (4, 6):
                got = t.wire.raw_talk(*[bytes(t.echo())] * 100)
                equal(len(got), 100, "replies")
        shown = t.lab.sh(f"tc -s qdisc show dev {DEV}").out
        need("Sent 0 bytes" not in shown, f"the queue was not used: {shown}")
        need("dropped 0," in shown, shown)
    finally:
        t.lab.sh(f"tc qdisc del dev {DEV} root")


def test_local_client_over_ingress(t):
    push_clients(t)
    t.lab.sh("head -c 6000 /dev/zero | tr '\\0' x >/tmp/body")
    with t.lab.peer("via", "ingress"):
        for fam in (4, 6):
            fetch(t, fam, "--data-binary @/tmp/body -H 'Expect:'")
            ping(t, PEER_SERVER[fam], "-s 1400")


def test_traffic_control_wins(t):
    """What an administrator drops at tc ingress draws no reply."""
    t.lab.sh(f"tc qdisc add dev {DEV} ingress && tc filter add dev {DEV} "
             "parent ffff: protocol ip u32 match ip src 192.0.2.50/32 "
             "action drop 2>/dev/null || tc filter add dev eth0 "
             "parent ffff: protocol ip flower src_ip 192.0.2.50 "
             "action drop")
    try:
        t.silent(t.echo(), t.tcp().segment("S"))
        t.ask(t.echo(src="192.0.2.49"))
    finally:
        t.lab.sh(f"tc qdisc del dev {DEV} ingress")
    t.alive()


def test_many_in_flight(t):
    """Batches: every one of thousands of requests has its reply."""
    for t.fam in (4, 6):
        frames = [bytes(t.echo(b"%04d" % i)) for i in range(200)]
        for _ in range(20):
            got = t.wire.raw_talk(*frames)
            equal([raw[-4:] for raw in got], [f[-4:] for f in frames],
                  "marks of the replies, in order")
