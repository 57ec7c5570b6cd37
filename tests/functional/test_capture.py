# SPDX-License-Identifier: GPL-2.0-only
"""Capture files: of tcpdump on the interface, and of msdctl capture.

Real clients make the traffic; tshark reads the files.
"""

import contextlib
import shlex

from cases import both
from lab import DEV, run
from monitor import INSTANCES
from shark import Capture
from wire import OWN, equal, need

# The client's end of the wire. Its kernel may know no VLANs, so that the client
# of those is in the guest, behind a veth pair.
TAP, VLAN = "lab0", 7
TAGGED = {4: "203.0.113.129", 6: "2001:db8:2::8001"}
CURL = ("-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "30")

# All of: SYN, SYN-ACK, ACK, data, FIN.
COMPLETE = "31"


@contextlib.contextmanager
def whole_checksums():
    """The client's kernel leaves them to a card that is not there, and a tap
    on the sensor would see them unfinished."""
    run(["ethtool", "-K", TAP, "tx", "off"])
    try:
        yield
    finally:
        run(["ethtool", "-K", TAP, "tx", "on"])


@contextlib.contextmanager
def vlan(t):
    """v0 is attached, and its peer is on a VLAN there."""
    t.lab.push("/usr/bin/curl")
    with t.lab.peer(address=TAGGED.values()):
        t.lab.in_peer("""sh -ec '
            ethtool -K v1 tx off
            ip link add link v1 name tagged type vlan id %d
            ip link set tagged up
            ip address add 203.0.113.1/24 dev tagged
            ip address add 2001:db8:2::1/64 dev tagged nodad'""" % VLAN)
        yield


def url(host, path=""):
    """Of an address of either family."""
    return f"http://[{host}]/{path}" if ":" in host else f"http://{host}/{path}"


def get(_, *where):
    """A page with an unmodified client."""
    done = run(["curl", *CURL, url(*where)])
    equal(done.out, "401", str(done))


def get_tagged(t, *where):
    """The same from the VLAN."""
    done = t.lab.in_peer(shlex.join(["/lab/curl", *CURL, url(*where)]))
    equal(done.out, "401", str(done))


@contextlib.contextmanager
def tcpdump(t, path, dev, client, host):
    """What the block sends is in the file with its replies, and then whole.

    Last of all a request is sent that is known by its path."""
    script = f"""
        tcpdump -Z root -U --immediate-mode -n -i {dev} -w {path} 2>&1 &
        until [ -e {path}.end ]; do usleep 20000; done
        kill -INT $!
        wait $!
        rm {path}.end"""
    with t.lab.background(script, "listening on") as tap:
        yield
        client(t, host, "last-of-all")
        t.lab.sh(f"until grep -aq last-of-all {path}; do usleep 20000; done; "
                 f"touch {path}.end")
        said = tap.wait()
    need("0 packets dropped by kernel" in said, f"tcpdump: {said!r}")


def one_connection(raw, host):
    """The file begins with one whole HTTP dialogue with this address."""
    cap = Capture(raw)
    where = (f"{'ipv6' if ':' in host else 'ip'}.addr == {host}"
             " && tcp.stream == 0")
    equal(cap.column("tcp.completeness", where)[-1:], [COMPLETE],
          "Wireshark's completeness of the connection")
    flags = [int(f, 16) for f in cap.column("tcp.flags", where)]
    equal(flags[:3], [0x02, 0x12, 0x10], "handshake")
    equal(cap.column("http.request.method", where), ["GET"], "requests")
    equal(cap.column("http.response.code", where), ["401"], "responses")
    cap.sound()
    return cap


@both
def test_tcpdump(t):
    """Both directions of a connection, as tcpdump writes them."""
    host = OWN[t.fam]
    with whole_checksums(), tcpdump(t, "/tmp/a.pcap", DEV, get, host):
        get(t, host)
    one_connection(t.lab.fetch("/tmp/a.pcap"), host)


@both
def test_tcpdump_vlan(t):
    """The same under a tag, which both directions bear."""
    host = TAGGED[t.fam]
    with vlan(t), tcpdump(t, "/tmp/a.pcap", "v0", get_tagged, host):
        get_tagged(t, host)
    cap = one_connection(t.lab.fetch("/tmp/a.pcap"), host)
    equal(set(cap.column("vlan.id", "tcp")), {str(VLAN)}, "tags")
    equal(cap.rows("frame.number", where="tcp && !vlan"), [], "untagged")


# ---- msdctl capture ----

FILE = "/tmp/c.pcapng"
FIELDS = ("frame.packet_id", "frame.packet_flags_direction",
          "frame.verdict.ebpf_xdp", "frame.comment", "frame.len")
INBOUND, OUTBOUND = "0x00000001", "0x00000002"


@contextlib.contextmanager
def msdctl(t, *args, stop=True):
    """msdctl capture while the block runs; yields a list that then has what
    it said. It is ended by SIGINT, unless it ends itself."""
    ended = f"until [ -e {FILE}.end ]; do usleep 20000; done; kill -INT $!\n"
    script = f"""rm -f {FILE} {FILE}.end
        msdctl capture {FILE} {shlex.join(args)} 2>&1 &
        until [ -s {FILE} ] || ! kill -0 $!; do usleep 20000; done
        echo ready
        {ended if stop else ''}
        wait $!
        echo status $?"""
    said = []
    with t.lab.background(script, "ready") as process:
        yield said
        t.lab.sh(f"touch {FILE}.end")
        said += process.wait().splitlines()
    equal(said[-1], "status 0", f"{said}")


def moved(before, after):
    """What the counters of verdicts that leave records have gained."""
    names = [n for n in after if not n.startswith("pass-")]
    gained = {n: {k: after[n][k] - before[n][k] for k in after[n]}
              for n in names}
    return {n: row for n, row in gained.items() if row["frames"]}


def traffic(t):
    """Frames of all kinds: answered and dropped, alone and in dialogues."""
    for t.fam in (4, 6):
        t.ask(t.echo())
        conn = t.tcp().open()
        conn.fetch(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        t.tcp().open().fetch(b"SSH-2.0-scanner\r\n")
        t.ask(t.udp(b"GET / HTTP/1.1\r\n\r\n"))
        t.silent(t.tcp().segment("R"), t.udp(b"nothing of ours"),
                 t.tcp().segment("PA", b"no connection"))


def agree(rows, gained):
    """Rows of a file and counters: the same frames."""
    for verdict, row in gained.items():
        mine = [r for r in rows if r[3].split(" ")[0] == verdict]
        ways = {way: [r for r in mine if r[1] == way]
                for way in (INBOUND, OUTBOUND)}
        equal(len(ways[INBOUND]), row["frames"], f"requests: {verdict}")
        equal(sum(int(r[4]) for r in ways[INBOUND]), row["rx-bytes"],
              f"bytes of requests: {verdict}")
        equal(len(ways[OUTBOUND]), row["tx-frames"], f"replies: {verdict}")
        equal(sum(int(r[4]) for r in ways[OUTBOUND]), row["tx-bytes"],
              f"bytes of replies: {verdict}")
    equal({r[3].split(" ")[0] for r in rows}, set(gained), "verdicts")


def paired(rows):
    """Every answered request has replies of its number; no other has any."""
    ids = {way: [r[0] for r in rows if r[1] == way]
           for way in (INBOUND, OUTBOUND)}
    equal(len(ids[INBOUND]), len(set(ids[INBOUND])), "numbers of requests")
    answered = {r[0] for r in rows if r[1] == INBOUND
                and r[3].startswith("answer-")}
    equal(set(ids[OUTBOUND]), answered, "numbers of replies")
    for row in rows:
        equal(row[2], "3" if row[3].startswith("answer-") else "1",
              f"epb_verdict of {row}")


def test_counters(t):
    """The file, its pairs and its comments against the counters."""
    before = t.lab.stats()
    with msdctl(t, DEV) as said:
        traffic(t)
    after = t.lab.stats()
    cap = Capture(t.lab.fetch(FILE))
    rows = cap.rows(*FIELDS)
    agree(rows, moved(before["verdicts"], after["verdicts"]))
    paired(rows)
    for name, row in moved(before["protos"], after["protos"]).items():
        mine = [r for r in rows if r[1] == INBOUND
                and r[3].split(" ")[1:] == [name]]
        equal(len(mine), row["frames"], f"requests: responder {name}")
    for name in ("answer-tcp http", "answer-tcp ssh", "answer-udp http"):
        need(name in {r[3] for r in rows}, f"{name} in {rows}")
    equal(cap.statistics(), [(len(rows), 0, len(rows))], "last block")
    need(f"{len(rows)} frames captured" in said[-2] and ", 0 lost" in said[-2],
         f"{said}")
    cap.sound("!(tcp.flags.reset == 1)")


@both
def test_vlan(t):
    """Tags that were taken off by the device are in the file."""
    host = TAGGED[t.fam]
    with vlan(t), msdctl(t, "v0"):
        get_tagged(t, host)
    cap = one_connection(t.lab.fetch(FILE), host)
    equal(set(cap.column("vlan.id", "tcp")), {str(VLAN)}, "tags")
    equal(cap.rows("frame.number", where="tcp && !vlan"), [], "untagged")
    equal(set(cap.column("frame.interface_name")), {"v0"}, "interfaces")


def test_count(t):
    """The file ends after so many, and is whole."""
    for count in (1, 7):
        with msdctl(t, "--count", str(count), stop=False) as said:
            t.wire.talk(*[t.echo() for _ in range(20)])
        cap = Capture(t.lab.fetch(FILE))
        equal(len(cap.rows("frame.number")), count, "frames")
        equal([row[2] for row in cap.statistics()], [count], "last block")
        need(f"{count} frames captured" in said[-2], f"{said}")


def test_lost(t):
    """What a small buffer cannot hold is counted, to the last frame."""
    before = t.lab.stats()["verdicts"]
    with msdctl(t, DEV, "--buffer", "8") as said:
        t.lab.sh("pkill -STOP -x msdctl")
        got = t.wire.talk(*[t.echo(b"x" * 1000) for _ in range(50)])
        equal(len(got), 50, "replies")
        t.lab.sh("pkill -CONT -x msdctl")
    gained = moved(before, t.lab.stats()["verdicts"])
    events = sum(row["frames"] * (2 if name.startswith("answer-") else 1)
                 for name, row in gained.items())
    cap = Capture(t.lab.fetch(FILE))
    rows = len(cap.rows("frame.number"))
    ((received, lost, written),) = cap.statistics()
    need(lost > 0, f"nothing lost: {said}")
    equal((received, written), (events, rows), "offered, and in the file")
    equal(written + lost, events, "in the file and lost")
    need(f" {lost} lost" in said[-2], f"{said}")


def test_pipe(t):
    """tshark reads it from a pipe as it comes; a reader that has gone ends
    it."""
    t.lab.sh(f"rm -f {FILE}")
    with t.lab.background("msdctl capture - eth0 --count 2 2>/dev/null | cat "
                          f">{FILE}; echo done"):
        t.lab.sh(f"until [ -s {FILE} ]; do usleep 20000; done")
        t.ask(t.echo())
        t.lab.sh("while pgrep -x msdctl; do usleep 20000; done")
    equal(Capture(t.lab.fetch(FILE)).column("frame.comment"),
          ["answer-echo"] * 2, "comments")
    done = t.lab.sh("msdctl capture - | head -c 4 | od -An -tx1", timeout=20)
    equal(done.out.split(), ["0a", "0d", "0d", "0a"], "first bytes")


def test_fifo(t):
    """Without a reader it waits, obeys a signal and leaves nothing."""
    t.lab.sh("mkfifo /tmp/fifo")
    try:
        for signal in ("TERM", "INT"):
            t.lab.sh(f"""(msdctl capture /tmp/fifo 2>/tmp/said
                echo $? >/tmp/status) & sleep 2
                pkill -{signal} -x msdctl; i=0
                until [ -s /tmp/status ]; do
                    i=$((i + 1)); [ $i -lt 250 ] || exit 1; usleep 20000
                done
                [ "$(cat /tmp/status)" = 1 ]; grep /tmp/fifo /tmp/said
                rm /tmp/status; ls {INSTANCES} | grep msdctl && exit 1 || :""",
                     timeout=60)
        done = t.lab.sh("""msdctl capture /tmp/fifo --count 1 2>/dev/null &
            sleep 1; (sleep 1; ping -c 1 -w 1 192.0.2.1 >/dev/null) &
            head -c 4 /tmp/fifo | od -An -tx1""", timeout=20)
        equal(done.out.split(), ["0a", "0d", "0d", "0a"], "first bytes")
        t.alive()
    finally:
        t.lab.sh("pkill -x msdctl; rm /tmp/fifo", ok=False)


def test_refusals(t):
    """Nothing is made or overwritten when nothing can be captured."""
    t.lab.sh(f"echo mine >{FILE}")
    t.lab.refuse("capture", FILE, "nodev", said="nodev: no such device")
    t.lab.refuse("capture", FILE, "--count", "x", status=2, said="x: not a")
    t.lab.refuse("capture", status=2, said="FILE is missing")
    t.lab.refuse("capture", "/nodir/c", said="/nodir/c: No such file")
    equal(t.lab.sh(f"cat {FILE}").out, "mine\n", "the file that was there")
