# SPDX-License-Identifier: GPL-2.0-only
"""The recipes in doc/, as they stand there, with the programs they name."""

import collections
import contextlib
import json
import os
import re
import shlex

from lab import DEV, run
from recipe import Recipe
from shark import Capture
from test_capture import get, moved, url, whole_checksums
from test_capture import msdctl as capturing
from wire import CLIENT, OWN, equal, need

RING = "/var/log/kmasscanned"


def as_user(t, name):
    """tcpdump gives its privileges up to a user of its own."""
    t.lab.sh(f"grep -q ^{name}: /etc/passwd || {{\n"
             f"echo {name}:x:99:99::/:/bin/false >>/etc/passwd\n"
             f"echo {name}:x:99: >>/etc/group; }}")


def provide(t, *programs):
    """Programs of this machine, in the guest at the same path."""
    if programs:
        t.lab.push(*programs)
    for path in (*programs, "/usr/sbin/msdctl"):
        t.lab.sh(f"mkdir -p {os.path.dirname(path)}; [ -e {path} ] || "
                 f"ln -s /lab/{os.path.basename(path)} {path}")


@contextlib.contextmanager
def clean(t, *paths):
    """What recipes leave behind goes, before and after."""
    gone = f"rm -rf {shlex.join(paths)}"
    t.lab.sh(gone)
    try:
        yield
    finally:
        t.lab.sh(gone)


def script(recipe, name, **settings):
    """A script of the document, with its settings."""
    lines = [f"{k}={shlex.quote(str(v))}" for k, v in settings.items()]
    return "\n".join([*lines, recipe.scripts[name]])


def test_ring(t):
    """tcpdump keeps within the ring, and the newest file has the end."""
    recipe = Recipe("tcpdump-zeek")
    as_user(t, "tcpdump")
    provide(t, "/usr/bin/install")
    with clean(t, RING), whole_checksums():
        recipe.install(t.lab)
        start = recipe.start("kmasscanned-ring.service", DEV=DEV, MEGABYTES=1,
                             FILES=3)
        with t.lab.background(start, "listening on"):
            run(["ping", "-f", "-q", "-c", "1800", "-s", "1400", OWN[4]])
            get(t, OWN[4], "the-last-page")
            t.lab.sh(f"until grep -aq the-last-page {RING}/ring.pcap*; do "
                     "usleep 50000; done")
        sizes = t.lab.sh(f"cd {RING} && stat -c '%n %s' *").out.split()
        equal(sizes[::2], ["ring.pcap0", "ring.pcap1", "ring.pcap2"], "files")
        need(max(map(int, sizes[1::2])) < 1100000, f"sizes: {sizes}")
        echoes = sum(len(Capture(t.lab.fetch(f"{RING}/{name}")).column(
            "frame.number", "icmp")) for name in sizes[::2])
        need(600 < echoes < 3600, f"{echoes} echoes in the ring of 3600")


@contextlib.contextmanager
def journald(t):
    """Debian's journald, as far as it runs without systemd."""
    provide(t, "/lib/systemd/systemd-journald", "/usr/bin/systemd-cat",
            "/usr/bin/journalctl", "/usr/bin/jq")
    t.lab.sh("mkdir -p /run/systemd/journal /run/log/journal /sys/fs/cgroup\n"
             "tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id\n"
             "mount -t cgroup2 none /sys/fs/cgroup")
    try:
        with t.lab.background("exec /lib/systemd/systemd-journald"):
            t.lab.sh("until journalctl --sync 2>/dev/null; do usleep 50000; "
                     "done")
            yield
    finally:
        t.lab.sh("umount /sys/fs/cgroup; rm -rf /run/log/journal "
                 "/etc/machine-id")


def followed(t, script):
    """The monitor of a recipe while probes are sent; what the counters of
    verdicts have gained."""
    before = t.lab.stats()["verdicts"]
    with t.lab.background(script) as process:
        # It has begun when it has made its instance of tracefs.
        t.lab.sh("until grep -qs 1 /sys/kernel/tracing/instances/*/events/"
                 "kmasscanned/msd_drop/enable; do usleep 20000; done")
        probes(t)
        t.lab.sh("pkill -INT -x msdctl")
        process.wait()
    return moved(before, t.lab.stats()["verdicts"])


def probes(t):
    """Some frames that are answered, and some that are not."""
    for t.fam in (4, 6):
        t.ask(t.echo())
        t.tcp(8080).open().fetch(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        t.silent(t.tcp().segment("R"))


def same_verdicts(seen, gained):
    """Verdicts of the frames of a feed against the counters."""
    equal(collections.Counter(seen),
          {name: row["frames"] for name, row in gained.items()},
          "frames by verdict")


def test_journal(t):
    """Each frame is one entry of the journal, and jq reads it."""
    recipe = Recipe("journal")
    with journald(t):
        gained = followed(t, script(recipe, "by-hand"))
        t.lab.sh("journalctl --sync")
        lines = t.lab.sh(recipe.scripts["look"]).out.splitlines()
    same_verdicts([json.loads(line)[2] for line in lines], gained)


def test_unit(t):
    """The line of the unit prints one valid object a line."""
    out = "/tmp/events.json"
    start = Recipe("journal").start("kmasscanned-events.service")
    provide(t)
    gained = followed(t, f"({start}) >{out}")
    rows = [json.loads(line) for line in
            t.lab.fetch(out).decode().splitlines()]
    need(all("record" in row and "time" in row for row in rows), f"{rows}")
    same_verdicts([r["verdict"] for r in rows if r["record"] == "frame"],
                  gained)


def test_rsyslog(t):
    """rsyslog follows the file, and reads the fields."""
    recipe, folder = Recipe("logs"), "/usr/lib/x86_64-linux-gnu/rsyslog"
    provide(t, "/usr/sbin/rsyslogd", "/usr/bin/awk", *[
        f"{folder}/{name}.so" for name in ("lmnet", "imfile", "mmjsonparse")])
    with clean(t, RING):
        recipe.install(t.lab)
        t.lab.sh(f"mkdir -p {RING} /var/spool/rsyslog /etc")
        t.lab.put('global(workDirectory="/var/spool/rsyslog")\n'
                  'include(file="/etc/rsyslog.d/kmasscanned.conf")\n',
                  "/etc/rsyslog.conf")
        with t.lab.background("exec /usr/sbin/rsyslogd -n -i /run/rsyslog.pid"):
            start = Recipe("journal").start("kmasscanned-events.service")
            gained = followed(t, f"({start}) >>{RING}/events.json")
            count = sum(row["frames"] for row in gained.values())
            t.lab.sh(f"until [ $(cat {RING}/frames.log | wc -l) -ge {count} ];"
                     " do usleep 50000; done")
            rows = [line.split(" ") for line in
                    t.lab.fetch(f"{RING}/frames.log").decode().splitlines()]
    same_verdicts([row[1] for row in rows], gained)
    need([CLIENT[4], OWN[4], "8080", "http"] in [row[2:] for row in rows],
         f"{rows}")


def test_hourly(t):
    """A file each second, under the names the recipe gives."""
    recipe = Recipe("tcpdump-zeek")
    as_user(t, "tcpdump")
    provide(t, "/usr/bin/install")
    with clean(t, RING):
        recipe.install(t.lab)
        with t.lab.background(script(recipe, "hourly", DEV=DEV,
                                     SECONDS_PER_FILE=1), "listening on"):
            t.lab.sh(f"mkdir -p {RING}; until [ $(ls {RING}/hourly/*.pcap | "
                     f"wc -l) -ge 2 ]; do ping -c 1 -W 1 -I {DEV} 192.0.2.1 "
                     ">/dev/null 2>&1; usleep 100000; done")
        t.lab.sh(f"touch -d '2001-01-01' {RING}/hourly/old.pcap")
        t.lab.sh(recipe.scripts["clean"])
        left = t.lab.sh(f"ls {RING}/hourly").out.split()
    need("old.pcap" not in left and len(left) >= 2, f"files: {left}")


def test_ivre(t):
    """What IVRE's script takes from Zeek is in a file of msdctl capture, and
    libpcap, which Zeek reads with, takes that file."""
    with capturing(t, DEV):
        for t.fam in (4, 6):
            run(["curl", "-s", "-A", "scanner/1.0", url(OWN[t.fam])])
            t.tcp(22).open().fetch(b"SSH-2.0-scanner\r\n")
    cap = Capture(t.lab.fetch("/tmp/c.pcapng"))
    equal(cap.column("http.user_agent"), ["scanner/1.0"] * 2, "User-Agent")
    need(cap.column("ssh.protocol").count("SSH-2.0-scanner") == 2,
         "client versions of SSH")
    for stream in set(cap.column("tcp.stream")):
        flags = cap.column("tcp.flags", f"tcp.stream == {stream}")
        equal([int(f, 16) for f in flags[:3]], [0x02, 0x12, 0x10],
              "how a dialogue begins")
    read = run(["tcpdump", "-n", "-r", cap.file.name])
    equal(read.status, 0, str(read))
    equal(len(read.out.splitlines()), len(cap.rows("frame.number")),
          "packets libpcap reads")


def test_honeypots(t):
    """The list for IVRE has each own address once."""
    program = Recipe("ivre").files["/usr/local/bin/kmasscanned-honeypots"]
    text = t.lab.msdctl("show", DEV, "addresses").out
    done = run(["/usr/bin/python3", "-c", program], stdin=text)
    equal(done.status, 0, str(done))
    listed = [line.strip(" ,[]") for line in done.out.splitlines()
              if line.startswith("    ")]
    equal(len(listed), len(set(listed)), "addresses listed twice")
    equal(len(listed), 128 + 32768, "addresses")
    need(OWN[4] in listed and OWN[6] in listed, "own addresses are missing")
    for bad in ("", "0.0.0.0/0\n"):
        done = run(["/usr/bin/python3", "-c", program], stdin=bad)
        equal(done.status, 1, f"exit status for {bad!r}")


SAMPLE = re.compile(r'kmasscanned_receive_frames_total{device="(\w+)",'
                    r'outcome="\w+",verdict="([\w-]+)"} (\S+)')


def test_prometheus(t):
    """What node_exporter serves are the counters."""
    recipe = Recipe("prometheus")
    folder = "/var/lib/prometheus/node-exporter"
    provide(t, "/usr/bin/prometheus-node-exporter", "/usr/bin/curl")
    with clean(t, folder):
        recipe.install(t.lab)
        t.lab.sh(f"mkdir -p {folder}")
        probes(t)
        with t.lab.background(
                "exec prometheus-node-exporter --collector.disable-defaults "
                f"--collector.textfile --collector.textfile.directory={folder} "
                "--web.listen-address=127.0.0.1:9100", "Listening on"):
            t.lab.sh(recipe.start("kmasscanned-textfile.service"))
            text = t.lab.sh(recipe.scripts["look"]).out
    want = {name: row["frames"] for name, row in
            t.lab.stats()["verdicts"].items()}
    got = {verdict: int(float(value)) for dev, verdict, value in
           SAMPLE.findall(text) if dev == DEV}
    equal(got, want, "frames by verdict")
    need("node_textfile_scrape_error 0" in text
         and f'file="{folder}/kmasscanned.prom"' in text, f"served: {text}")
    need(sum(want.values()) > 0, "no frames counted")
