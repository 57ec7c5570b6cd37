# SPDX-License-Identifier: GPL-2.0-only
"""msdctl monitor: every frame that is answered or dropped, as it happens."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time

import jsonschema
from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.pton_ntop import inet_ntop, inet_pton
from scapy.utils6 import in6_getnsma, in6_getnsmac

from lab import DEV, HERE, OWN_RANGES
from monitor import INSTANCES, Monitor, monitoring
from wire import CLIENT, MAC, OWN, broken, equal, need, tagged, udp

GOLDEN = os.path.join(HERE, "golden")
FORMATS = ("console", "logfmt", "json")
ATTACH = f"msdctl attach {DEV} {' '.join(OWN_RANGES)}"
INSMOD = f"insmod /lab/kmasscanned.ko && {ATTACH}"
# Clock ticks of /proc/PID/stat in a second.
HZ = 100
FROM = ",".join(CLIENT.values())


def schema():
    """Validator of one JSON line."""
    path = os.path.join(HERE, "..", "..", "doc", "schema", "event.json")
    with open(path, encoding="utf-8") as file:
        return jsonschema.Draft202012Validator(
            json.load(file), format_checker=jsonschema.FormatChecker())


def solicitation(wire):
    """A neighbour solicitation for an own address."""
    target = inet_pton(socket.AF_INET6, OWN[6])
    group = inet_ntop(socket.AF_INET6, in6_getnsma(target))
    return (Ether(src=MAC, dst=in6_getnsmac(in6_getnsma(target)))
            / IPv6(src=CLIENT[6], dst=group, hlim=255)
            / ICMPv6ND_NS(tgt=OWN[6]) / ICMPv6NDOptSrcLLAddr(lladdr=MAC))


def scripted(t):
    """One frame of each kind, a whole connection among them; the number that
    stands in it for the cookie."""
    t.fam = 4
    arp = ARP(hwsrc=MAC, psrc=CLIENT[4], pdst=OWN[4])
    t.ask(Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / arp)
    t.silent(t.wire.eth() / ARP(op=2, hwsrc=MAC, psrc=CLIENT[4], pdst=OWN[4]))
    t.ask(t.echo())
    t.silent(broken(t.echo(), "ICMP"))
    conn = t.tcp(80)
    conn.sport, conn.seq = 40000, 1000
    conn.open()
    cookie = conn.ack - 1
    conn.tell(b"GE", seq=1001)
    conn.fetch(b"T / HTTP/1.1\r\nHost: \"sensor\"\r\n\r\n")
    conn.say(b"", flags="FA")
    t.silent(conn.segment("PA", b"late", ack=7))
    t.silent(t.ip(proto=2) / b"igmp....")
    t.silent(t.udp(b"\0nothing\xff", 9, sport=5353))
    t.fam = 6
    t.ask(solicitation(t.wire))
    t.ask(t.echo())
    query = bytes.fromhex("1234010000010000000000000377777707"
                          "6578616d706c65036f72670000010001")
    t.ask(udp(t.wire, 6, query, 53, sport=5353))
    t.silent(t.ip(nh=200) / b"unknown.")
    t.fam = 4
    return cookie


def normal(text, cookie):
    """Output without what differs from run to run: times, the namespace, and
    the cookie, from which other numbers of the connection follow."""
    def number(match):
        above = (int(match.group()) - cookie) % 2**32
        return f"COOKIE+{above}" if above < 5000 else match.group()

    text = re.sub(r"(?m)^(ts=)?\d{10}\.\d{3}\b", r"\1TIME", text)
    text = re.sub(r'"time":"[^"]*"', '"time":"TIME"', text)
    text = re.sub(r'"netns":\d+', '"netns":NETNS', text)
    return re.sub(r"\b\d{4,10}\b", number, text)


def golden(name, text):
    """Compare with the golden file, which GOLDEN=write makes anew."""
    path = os.path.join(GOLDEN, name)
    if os.environ.get("GOLDEN") == "write":
        os.makedirs(GOLDEN, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        want = file.read().splitlines()
    got = text.splitlines()
    for number, (a, b) in enumerate(zip(got, want), 1):
        equal(a, b, f"line {number} of {name}")
    equal(len(got), len(want), f"lines of {name}")


def test_golden(t):
    """The three forms of one run, at once; JSON obeys the schema."""
    with contextlib.ExitStack() as stack:
        monitors = [stack.enter_context(
            monitoring(t, "--format", name, "--from", FROM))
            for name in FORMATS]
        cookie = scripted(t)
        for m in monitors:
            equal(m.stop(), 0, f"exit status, saying {m.read('err')!r}")
        for name, m in zip(FORMATS, monitors):
            text = normal(m.read(), cookie)
            if name == "json":
                text = re.sub(r'"filtered":\d+', '"filtered":N', text)
            golden(f"monitor-{name}", text)
        validator = schema()
        lines = monitors[2].lines()
        for line in lines:
            for error in validator.iter_errors(line):
                need(False, f"{line} does not obey the schema: {error}")
        times = [line["time"] for line in lines]
        equal(times, sorted(times), "order of the lines")
        now = time.strftime("%Y-%m-%dT", time.gmtime())
        need(times[0].startswith(now), f"it is {now}, not {times[0]}")


def port_is(frame, port):
    """Is it the port of either side?"""
    return port in (frame.get("sport"), frame.get("dport"))


FILTERS = {
    ("--verdict", "drop"): lambda f: f["verdict"].startswith("drop-"),
    ("--verdict", "answer-arp,drop-tcp"):
        lambda f: re.match("answer-arp$|drop-tcp-", f["verdict"]),
    ("--proto", "http"): lambda f: f.get("responder") == "http",
    ("--proto", "dns,arp"):
        lambda f: f.get("responder") == "dns" or f["layer"] == "arp",
    ("--proto", "ipv6"): lambda f: f["ethertype"] == 0x86dd,
    ("--proto", "icmp,icmpv6"): lambda f: f["layer"] in ("icmp", "icmpv6"),
    ("--from", "2001:db8::/64"): lambda f: f["saddr"].startswith("2001:db8::"),
    ("--to", OWN[4] + "-" + OWN[4]): lambda f: f["daddr"] == OWN[4],
    ("--port", "5353"): lambda f: port_is(f, 5353),
    ("--port", "53,80"): lambda f: port_is(f, 53) or port_is(f, 80),
    ("--proto", "tcp", "--verdict", "answer", "--from", CLIENT[4]):
        lambda f: f["layer"] == "tcp" and f["verdict"].startswith("answer-"),
}


def timeless(frames):
    """Each instance has its own stamps."""
    return [{**frame, "time": None} for frame in frames]


def test_filters(t):
    """Each shows what it should of one run, and counts the rest."""
    with contextlib.ExitStack() as stack:
        every = stack.enter_context(monitoring(t, "-j", DEV))
        some = {args: stack.enter_context(monitoring(t, "-j", DEV, *args))
                for args in FILTERS}
        scripted(t)
        for m in (every, *some.values()):
            equal(m.stop(), 0, "exit status")
        *frames, end = every.lines()
        equal((end["printed"], end["filtered"], end["lost"]),
              (len(frames), 0, 0), "counts without a filter")
        for args, m in some.items():
            *got, end = m.lines()
            want = [f for f in frames if FILTERS[args](f)]
            need(want, f"nothing to see for {args}")
            equal(timeless(got), timeless(want), f"frames with {args}")
            equal((end["printed"], end["lost"]), (len(got), 0),
                  f"counts of {args}")
            # Addresses are looked at here, all else by the kernel.
            left = len(frames) - len(got)
            need(end["filtered"] == left if args[0] in ("--from", "--to")
                 else end["filtered"] <= left, f"filtered by {args}: {end}")


def test_vlan(t):
    """The tag is told, offloaded or not."""
    with t.lab.promiscuous(), monitoring(t, "-j", "--from", FROM) as m:
        t.ask(tagged(t.echo(), (0x8100, 0x6005)))
        equal(m.stop(), 0, "exit status")
        frame, _ = m.lines()
        equal((frame["vlan_proto"], frame["vlan_tci"], frame["vlan_id"]),
              (0x8100, 0x6005, 5), "tag")


def test_signals(t):
    """Each ends it in order: the last line is there, and no instance."""
    for signal in ("INT", "TERM", "HUP"):
        with monitoring(t, "-j") as m:
            equal(len(m.instances()), 1, "instances while it runs")
            t.alive()
            equal(m.stop(signal), 0, f"exit status after SIG{signal}")
            equal(m.lines()[-1]["record"], "end", "last line")


def test_reader_goes(t):
    """It ends with its reader, whether a frame comes or not."""
    for frames in (True, False):
        args = ("-j",) if frames else ()
        with monitoring(t, *args, to="| read line") as m:
            if frames:
                t.alive()
            equal(m.ended(), 0, "status of the reader")
            t.lab.sh(f"while [ -e /proc/{m.pid} ]; do usleep 20000; done")
            equal(m.read("err"), "", "what it says of that")


def test_reader_sleeps(t):
    """A reader that does not read cannot keep it from ending."""
    with monitoring(t, to="| sleep 1000") as m, flood(t):
        ticks = None
        while ticks != m.ticks():
            ticks = m.ticks()
            time.sleep(0.5)
        t.lab.sh(f"""kill -INT {m.pid}
            while [ -e /proc/{m.pid} ]; do usleep 20000; done
            pkill -x sleep""")


@contextlib.contextmanager
def flood(t):
    """Echo requests as fast as they are answered, from three clients."""
    clients = [subprocess.Popen(["ping", "-f", "-q", "-l", "60",
                                 f"192.0.2.{host}"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
               for host in (129, 130, 131)]
    try:
        yield
    finally:
        for client in clients:
            client.kill()
            client.wait()
    t.alive()


def judged(t):
    """Frames answered and dropped so far."""
    return sum(row["frames"] for name, row in t.lab.stats()["verdicts"].items()
               if not name.startswith("pass-"))


def counted(t, *args):
    """Flood a JSON monitor; its end record, the frames it printed, and what
    the counters say. None: a frame came while nobody can tell whether the
    monitor or the counters saw it first."""
    before = judged(t)
    with monitoring(t, "-j", *args) as m:
        quiet = judged(t) == before
        with flood(t):
            time.sleep(4)
        after = judged(t)
        equal(m.stop(), 0, "exit status")
        fired = judged(t)
        printed = t.lab.sh(f"grep -c frame {m.base}.out").out
        end = json.loads(t.lab.sh(f"tail -n 1 {m.base}.out").out)
        losses = t.lab.sh(f"grep -h '\"lost_total\"' {m.base}.out",
                          ok=False).out
    if not quiet or after != fired:
        return None
    return end, int(printed), fired - before, losses.splitlines()


def exactly(t, *args):
    """Printed and lost add up to answered and dropped."""
    for _ in range(8):
        result = counted(t, *args)
        if result:
            break
    need(result, "it is never quiet here")
    end, printed, fired, losses = result
    equal(end["printed"], printed, "frames printed")
    equal(end["printed"] + end["lost"], fired, f"printed + lost, {end}")
    need(fired > 5000, f"only {fired} frames: that is no flood")
    told = [json.loads(line) for line in losses]
    equal(sum(line["lost"] for line in told), end["lost"], "losses told")
    return end


def test_exact(t):
    """Printed + lost = answered + dropped, to the last frame."""
    exactly(t)


def test_exact_with_losses(t):
    """The same with a buffer that cannot hold it all."""
    need(exactly(t, "--buffer", 8)["lost"] > 0, "nothing was lost")


def synacks(t):
    """SYNs answered so far."""
    return t.lab.stats()["verdicts"].get("answer-synack", {"frames": 0})["frames"]


def test_wanted_beside_a_flood(t):
    """Nothing that was asked for is lost for what was not."""
    buffer = ("-j", "--buffer", 8)
    with contextlib.ExitStack() as stack:
        drops = stack.enter_context(monitoring(t, *buffer, "--verdict", "drop-denied"))
        arp = stack.enter_context(monitoring(t, *buffer, "--proto", "arp"))
        port = stack.enter_context(monitoring(t, *buffer, "--port", 4711))
        every = stack.enter_context(monitoring(t, *buffer))
        t.lab.sh("ip netns add other")
        other = stack.enter_context(monitoring(
            t, *buffer, command="msdctl -n other monitor"))
        try:
            before = synacks(t)
            with flood(t):
                for _ in range(100):
                    t.wire.send(t.tcp(4711).segment("S", ack=0))
                    time.sleep(0.02)
            came = synacks(t) - before
            for m in (drops, arp, port, every, other):
                equal(m.stop(), 0, "exit status")
        finally:
            t.lab.sh("ip netns del other")
        need(every.lines()[-1]["lost"] > 0, "a flood that nobody loses")
        *frames, end = port.lines()
        need(came > 90, f"{came} of 100 SYNs came in beside the flood")
        equal((len([f for f in frames if f["verdict"] == "answer-synack"]),
               end["lost"]), (came, 0), "SYNs printed, and lost")
        for m in (drops, arp, other):
            equal(m.lines()[-1]["lost"], 0, "lost of what did not come")


def test_attach_and_detach(t):
    """It goes on."""
    with monitoring(t, "-j", DEV) as m:
        t.lab.msdctl("detach", DEV)
        t.lab.sh(ATTACH)
        t.alive()
        m.until("out", "answer-echo")


def idle(t, m):
    """It uses no CPU time while nothing happens."""
    ticks = m.ticks()
    t.lab.sh("sleep 3")
    spent = m.ticks() - ticks
    need(spent < HZ // 4, f"{spent / HZ} s of CPU time in 3 s of nothing")


def test_idle(t):
    """It never spins."""
    with monitoring(t, "-j") as m:
        idle(t, m)


def test_module(t):
    """It does not keep the module, waits for it, and follows it."""
    with monitoring(t, "-j") as m:
        t.alive()
        equal(t.lab.sh("cat /sys/module/kmasscanned/refcnt").out.strip(), "0",
              "references to the module")
        try:
            t.lab.sh("rmmod kmasscanned")
            m.until("err", "the module has been unloaded: waiting for it")
            idle(t, m)
        finally:
            t.lab.sh(INSMOD)
        m.until("err", "the module has been loaded: going on")
        t.wire.ready()
        t.alive()
        t.lab.sh(f"msdctl detach {DEV}; rmmod kmasscanned; {INSMOD}")
        m.until("err", "going on")
        t.wire.ready()
        m.until("out", '"loaded":true')
        t.alive()
        equal(m.stop(), 0, "exit status")
        kinds = [line.get("loaded", line["record"]) for line in m.lines()]
        equal([k for i, k in enumerate(kinds) if i == 0 or kinds[i - 1] != k],
              ["frame", False, True, "frame", False, True, "frame", "end"],
              "order of what happened")
        validator = schema()
        for line in m.lines():
            need(validator.is_valid(line), f"{line} does not obey the schema")


def test_unload_under_flood(t):
    """Many times: it follows each time, and nothing hangs."""
    with monitoring(t, "-j") as m, flood(t):
        t.lab.sh(f"""set -e; i=0; while [ $i -lt 10 ]; do i=$((i + 1))
            usleep 200000; rmmod kmasscanned; {INSMOD}; done""", timeout=300)
        m.until("out", "answer-echo")


def test_device_goes(t):
    """The last one named ends it, with a sentence; others do not."""
    t.lab.sh("""for d in d0 d1; do
        ip link add $d type dummy; ip link set $d up; done""")
    try:
        with monitoring(t, "d0", "d1") as m, monitoring(t, "-j") as every:
            t.lab.sh("ip link del d0")
            m.until("err", "msdctl: d0: the device is gone")
            idle(t, m)
            t.lab.sh("ip link del d1")
            equal(m.ended(), 1, "exit status")
            need("msdctl: all devices are gone" in m.read("err"),
                 m.read("err"))
            need(every.running(), "the monitor of all devices has ended")
        t.lab.sh("ip link add d0 type dummy")
        with monitoring(t, "d0") as m:
            t.lab.sh("ip link del d0")
            equal(m.ended(), 1, "exit status")
            need("msdctl: d0: the device is gone" in m.read("err"),
                 m.read("err"))
    finally:
        t.lab.sh("ip link del d0; ip link del d1", ok=False)


def test_namespaces(t):
    """Frames of another network namespace are not shown, unless asked for."""
    with t.lab.peer(), monitoring(t, "-j", "v0") as m:
        t.lab.in_peer("ping -c 1 198.51.100.129")
        m.until("out", "answer-echo")
        t.lab.sh("ip netns add other")
        try:
            with monitoring(t, "-j", command="msdctl -n other monitor") as o:
                t.lab.in_peer("ping -c 1 198.51.100.129")
                equal(o.stop(), 0, "exit status")
                end = o.lines()[-1]
                equal((end["printed"], end["filtered"], end["lost"]),
                      (0, 0, 0), "of another namespace")
        finally:
            t.lab.sh("ip netns del other")


def test_killed(t):
    """What a killed monitor leaves behind is removed by the next one."""
    m = Monitor(t)
    equal(len(m.instances()), 1, "instances while it runs")
    t.lab.sh(f"kill -KILL {m.pid}")
    m.ended()
    equal(len(m.instances()), 1, "instances after SIGKILL")
    with monitoring(t):
        equal(m.instances(), [], "the instance of the dead")
    # Its number may belong to another now: to the first of all, say.
    t.lab.sh(f"mkdir {INSTANCES}/msdctl-1-4711a {INSTANCES}/msdctl-1a "
             f"{INSTANCES}/other")
    try:
        with monitoring(t) as m, monitoring(t):
            equal(len(m.instances()), 1, "its own, with another's beside")
            equal(t.lab.sh(f"ls {INSTANCES} | grep -e msdctl-1-4711a -e "
                           "msdctl-1a", ok=False).out, "", "of numbers in use")
    finally:
        t.lab.sh(f"rmdir {INSTANCES}/other")


def test_refusals(t):
    """What cannot be done is said, and nothing is left."""
    t.lab.refuse("monitor", "nodev0", said="nodev0: no such device")
    for args, said in (
            (("--format", "xml"), "xml: neither console nor logfmt nor json"),
            (("--format", "console", "-j"), None),
            (("--verdict", "drop-it"), "drop-it: no such verdict"),
            (("--verdict", "pass"), "pass: frames that pass raise no event"),
            (("--proto", "htpp"), "htpp: no such protocol"),
            (("--from", "192.0.2.1/24"), "192.0.2.1/24: host bits are set"),
            (("--to", "here"), "here: not an IPv4 or IPv6 address"),
            (("--port", "http"), "http: not a port"),
            (("--buffer", "0"), "0: not a size in KB"),
            (("--buffer", "4k"), "4k: not a size in KB")):
        done = t.lab.msdctl("monitor", *args, ok=False)
        equal(done.status, 2, str(done))
        need(not said or said in done.err, str(done))
    done = t.lab.sh("""grep -q nobody /etc/passwd ||
            echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
        chmod 755 /
        su nobody -c 'PATH=/lab:$PATH exec msdctl monitor'""", ok=False)
    equal((done.status, done.out), (1, ""), str(done))
    need("permission denied: events can be read by root only" in done.err,
         str(done))
    t.lab.sh("rmmod kmasscanned")
    try:
        t.lab.refuse("monitor", said="the module is not loaded")
    finally:
        t.lab.sh(INSMOD)
    equal(t.lab.sh(f"ls {INSTANCES}").out, "", "instances left")
    t.wire.ready()
