# SPDX-License-Identifier: GPL-2.0-only
"""masscanned: the command line of the program of that name, over the module."""

import contextlib
import os
import re
import shlex

from lab import DEV, HERE, run
from monitor import INSTANCES, monitoring
from test_clients import DEV as CLIENT_DEV
from test_clients import host, succeed
from wire import equal, need

OWN = ("--self-ip-list", "192.0.2.128/25,2001:db8::8000/113")
PROGRAM = "/lab/masscanned"


@contextlib.contextmanager
def pushed(t):
    """The program is in the guest, and nothing is attached there."""
    t.lab.push(os.path.join(HERE, "..", "..", "tools", "masscanned"))
    t.lab.msdctl("detach", DEV)
    try:
        yield
    finally:
        t.lab.attach_default()


@contextlib.contextmanager
def running(t, *arguments, dev=DEV):
    """The program in the foreground, attached."""
    command = shlex.join([PROGRAM, "-v", "-i", dev, *arguments])
    with t.lab.background(f"exec {command}", f"{dev}: attached") as process:
        yield process


def ended(process):
    """Wait for the program; its exit status and what else it said."""
    said = process.wait()
    return process.proc.returncode, said


def signalled(t, process, name):
    """Send the program a signal; it must detach and end well."""
    t.lab.sh(f"pkill -{name} -x masscanned")
    status, said = ended(process)
    equal(status, 0, f"exit status after SIG{name}, saying {said!r}")
    need(f"masscanned: {DEV}: detached" in said, repr(said))
    equal(t.lab.json("show"), [], f"attachments after SIG{name}")


def answered():
    """From address resolution to a page, over both families."""
    succeed("ip", "neigh", "flush", "dev", CLIENT_DEV)
    for fam in (4, 6):
        done = succeed("curl", "-i", "--no-progress-meter", "--max-time",
                       "30", f"http://{host(fam)}/")
        need(done.out.startswith("HTTP/1.1 401 "), str(done))


def refused(t, status, said, *arguments):
    """The program ends at once, with this status and sentence."""
    done = t.lab.sh(shlex.join([PROGRAM, *arguments]), ok=False)
    equal((done.status, done.out), (status, ""), str(done))
    need(said in done.err, str(done))
    equal(t.lab.json("show"), [], f"attachments after {done.what!r}")


def test_signals(t):
    """It answers until SIGINT or SIGTERM, each twice in a row."""
    with pushed(t):
        for name in ("INT", "INT", "TERM", "TERM"):
            with running(t, *OWN) as process:
                answered()
                need(process.running(), "it did not stay in the foreground")
                signalled(t, process, name)
        done = run(["arping", "-c", "1", "-w", "1", "-i", CLIENT_DEV,
                    "192.0.2.129"])
        need(done.status != 0, f"somebody still answers: {done}")


def test_settings(t):
    """Every option of the reference's reaches the module."""
    with pushed(t):
        t.lab.put("192.0.2.200\n2001:db8::c8\n", "/tmp/own")
        t.lab.put("198.51.100.0/24\n", "/tmp/deny")
        with running(t, "-m", "02:00:00:00:00:77", "--self-ip-file",
                     "/tmp/own", *OWN, "--remote-ip-deny-file", "/tmp/deny",
                     "--remote-ip-deny-list", "192.0.2.77,2001:db8::77",
                     "--format", "logfmt", "-q") as process:
            shown = t.lab.show()
            equal(shown["mac"], "02:00:00:00:00:77", "MAC")
            own, deny = str(shown["addresses"]), str(shown["deny"])
            for part in ("192.0.2.128/25", "2001:db8::8000/113",
                         "2001:db8::c8"):
                need(part in own, f"{part} not in {own}")
            for part in ("198.51.100.0/24", "192.0.2.77", "2001:db8::77"):
                need(part in deny, f"{part} not in {deny}")
            signalled(t, process, "INT")


def log_lines(text):
    """The lines of a packet log, without its beginning and without times."""
    found = (re.sub(r"^(ts=)?\d{10}\.\d{3}\b", "", line)
             for line in text.splitlines())
    return [line for line in found
            if line[:1] in ("\t", " ") and not line.endswith("init")]


def test_packet_log(t):
    """What msdctl monitor prints in the same format, and nothing with -q."""
    for args, form in (((), "console"), (("--format", "logfmt"), "logfmt"),
                       (("-q", "--format", "logfmt"), None)):
        with pushed(t), monitoring(t, "--format", form or "json") as m:
            with running(t, *OWN, *args) as process:
                answered()
                t.lab.sh("pkill -INT -x masscanned")
                status, said = ended(process)
            equal(status, 0, f"exit status, saying {said!r}")
            equal(m.stop(), 0, "exit status of msdctl monitor")
            lines = log_lines(said)
            need(lines or not form, f"no packet log in {said!r}")
            equal(lines, log_lines(m.read()) if form else [],
                  f"packet log of {args}")
            equal(t.lab.sh(f"ls {INSTANCES}").out, "", "instances left")


def test_log_fails(t):
    """It does not end as if all were well when its log cannot be written."""
    with pushed(t):
        done = t.lab.sh(f"timeout 20 {PROGRAM} -i {DEV} >/dev/full", ok=False)
        equal(done.status, 1, str(done))
        need("masscanned: cannot write the packet log: No space left" in
             done.err, str(done))
        equal(t.lab.json("show"), [], "attachments")


def test_loads_the_module(t):
    """A kernel without the module gets it from modprobe."""
    with pushed(t):
        t.lab.sh("""set -e
            rmmod kmasscanned
            ! [ -d /sys/module/kmasscanned ]
            mkdir -p /lib/modules/$(uname -r)/updates
            cp /lab/kmasscanned.ko /lib/modules/$(uname -r)/updates
            depmod""")
        with running(t, *OWN) as process:
            answered()
            signalled(t, process, "INT")
        t.lab.sh("rm /lib/modules/$(uname -r)/updates/kmasscanned.ko; depmod")


def test_refusals(t):
    """Exit status 1 for what cannot be done, 2 for a wrong command line."""
    with pushed(t):
        refused(t, 1, "masscanned: nodev0: no such interface", "-i", "nodev0")
        refused(t, 1, "masscanned: /nonexistent: cannot open: No such file",
                "-i", DEV, "--self-ip-file", "/nonexistent")
        refused(t, 1, "masscanned: bogus: not an IPv4 or IPv6 address",
                "-i", DEV, "--self-ip-list", "192.0.2.129,bogus")
        refused(t, 2, "masscanned: try 'masscanned --help'", "-i", DEV, "-x")
        refused(t, 2, "'json': the formats are console and logfmt", "-i", DEV,
                "--format", "json")
        refused(t, 2, "masscanned: an interface is required (--iface)", *OWN)
        t.lab.sh("ip link add d0 type dummy")
        try:
            refused(t, 1, "masscanned: d0: the interface is down", "-i", "d0")
        finally:
            t.lab.sh("ip link del d0")


def test_second_instance(t):
    """The first one keeps the interface, and goes on."""
    with pushed(t), running(t, *OWN) as process:
        done = t.lab.sh(shlex.join([PROGRAM, "-i", DEV, *OWN]), ok=False)
        equal((done.status, done.out), (1, ""), str(done))
        need(done.err.startswith(f"masscanned: {DEV}: "), str(done))
        answered()
        signalled(t, process, "TERM")


def test_interface_goes(t):
    """Under it: a sentence, exit status 1."""
    with pushed(t):
        t.lab.sh("ip link add d0 type dummy && ip link set d0 up")
        with running(t, "--self-ip-list", "198.51.100.129",
                     dev="d0") as process:
            t.lab.sh("ip link del d0")
            status, said = ended(process)
        equal(status, 1, f"exit status, saying {said!r}")
        need("masscanned: d0: the interface is gone" in said, repr(said))
        equal(t.lab.json("show"), [], "attachments")
