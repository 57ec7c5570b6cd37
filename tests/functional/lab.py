# SPDX-License-Identifier: GPL-2.0-only
"""The lab, seen from a test: commands in the guest, msdctl, counters."""

import contextlib
import gzip
import json
import os
import shlex
import subprocess
import threading

from wire import Failure, equal, need, patience

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(HERE, "..", "lab", "lab")
DEV = "eth0"
OWN_RANGES = ("address", "192.0.2.128/25", "2001:db8::8000/113")

# The second interface of peer(): its client and what is answered for.
PEER = {4: "198.51.100.1", 6: "2001:db8:1::1"}
PEER_OWN = ("198.51.100.128/25", "2001:db8:1::8000/113")
PEER_SERVER = {4: "198.51.100.129", 6: "2001:db8:1::8001"}


class Result:
    """What a command printed and how it ended."""

    def __init__(self, proc, what):
        self.status, self.what = proc.returncode, what
        self.raw = proc.stdout
        self.out = proc.stdout.decode(errors="replace")
        self.err = proc.stderr.decode(errors="replace")

    def __str__(self):
        return (f"{self.what!r} ended with {self.status}; stdout: "
                f"{self.out.strip()!r}; stderr: {self.err.strip()!r}")


def run(argv, timeout=60, stdin=None):
    """Run a program here; never raises but for a time-out, which is for
    Debian's kernel."""
    timeout = patience(timeout)
    data = stdin.encode() if isinstance(stdin, str) else stdin or b""
    try:
        proc = subprocess.run(argv, capture_output=True, check=False,
                              timeout=timeout, input=data)
    except subprocess.TimeoutExpired as late:
        said = [(text or b"")[-1000:] for text in (late.stdout, late.stderr)]
        raise Failure(f"{argv!r} still ran after {timeout} s; last output: "
                      f"{said}") from late
    return Result(proc, " ".join(map(str, argv)))


class Background:
    """A script that runs in the guest until it ends or is ended."""

    def __init__(self, script):
        self.proc = subprocess.Popen(
            [TOOL, "exec", "sh", "-c", script], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace")

    def expect(self, token, timeout=60):
        """Read its output up to a line with the token; that output."""
        seen = ""
        late = threading.Timer(patience(timeout), self.proc.kill)
        late.start()
        try:
            for line in self.proc.stdout:
                seen += line
                if token in line:
                    return seen
        finally:
            late.cancel()
        raise Failure(f"{self.proc.args} ended, or was late, without "
                      f"{token!r}: {seen!r}")

    def running(self):
        """Has it not ended yet?"""
        return self.proc.poll() is None

    def wait(self, timeout=60):
        """Wait for its end; the rest of its output."""
        timeout = patience(timeout)
        try:
            return self.proc.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired as late:
            raise Failure(f"{self.proc.args} still ran after {timeout} s: "
                          f"{late.stdout!r}") from late

    def end(self):
        """End it; the lab ends a command whose caller is gone."""
        self.proc.kill()
        self.proc.communicate()


class Lab:
    """A running lab; its name is in the environment variable LAB."""

    def up(self, *args):
        """Build what is not built, and boot. Arguments as for the lab."""
        done = run([TOOL, "up", *args], timeout=900)
        need(done.status == 0, f"lab does not come up: {done}")

    def is_up(self):
        """Does a command get through to the guest?"""
        return run([TOOL, "exec", "true"]).status == 0

    def down(self):
        """Take it down; says what was wrong on the console, if anything."""
        return run([TOOL, "down"], timeout=60)

    def factor(self):
        """How many times slower than Debian's the guest's kernel may be."""
        return run([TOOL, "factor"]).out.strip()

    def console(self):
        """Text of the guest's kernel log so far."""
        path = run([TOOL, "console"]).out.strip()
        with open(path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def sh(self, script, timeout=60, ok=True):
        """Run a shell script in the guest as root."""
        done = run([TOOL, "exec", "sh", "-c", script], timeout=timeout)
        need(done.status == 0 or not ok, str(done))
        return done

    def link(self, *changes, dev=DEV):
        """Change a device with ip link; returns when its link is up."""
        self.sh("\n".join(["set -e", *[f"ip link set {c}" for c in changes],
                           f"until [ $(cat /sys/class/net/{dev}/operstate) "
                           "= up ]; do usleep 20000; done"]))

    def push(self, *programs):
        """Copy programs of this machine to /lab in the guest."""
        done = run([TOOL, "push", *programs])
        need(done.status == 0, str(done))

    @contextlib.contextmanager
    def background(self, script, token=None):
        """A script in the guest while the block runs; ready at the token."""
        process = Background(script)
        try:
            if token:
                process.expect(token)
            yield process
        finally:
            process.end()

    def put(self, text, path):
        """Write a file in the guest."""
        done = run([TOOL, "exec", "sh", "-c",
                    f"gunzip -c >{shlex.quote(path)}"],
                   stdin=gzip.compress(text.encode(), 1))
        equal(done.status, 0, f"writing {path} in the guest: {done}")

    def fetch(self, path):
        """Bytes of a file of the guest."""
        done = run([TOOL, "exec", "cat", path])
        equal(done.status, 0, f"reading {path} in the guest: {done.err!r}")
        return done.raw

    def msdctl(self, *args, ok=True, timeout=60):
        """Run msdctl in the guest."""
        return self.sh(shlex.join(["msdctl", *map(str, args)]), ok=ok,
                       timeout=timeout)

    def json(self, *args):
        """Run msdctl with -j and parse what it prints."""
        done = self.msdctl("-j", *args)
        try:
            return json.loads(done.out)
        except ValueError as bad:
            raise Failure(f"{done} is not JSON: {bad}") from bad

    def show(self, dev=DEV):
        """What msdctl shows of one interface."""
        (iface,) = self.json("show", dev)
        return iface

    def stats(self, dev=DEV):
        """Counters of one interface, zeros included."""
        (iface,) = self.json("-a", "stats", dev)
        return iface

    def refuse(self, *args, status=1, said=""):
        """msdctl must refuse with this status and these words."""
        done = self.msdctl(*args, ok=False)
        equal(done.status, status, f"exit status of {done}")
        need(said in done.err, f"{said!r} missing in {done}")
        equal(done.out, "", f"stdout of a refused command ({done.what})")
        return done.err

    def attach_default(self):
        """Detach eth0 if need be and attach it as the lab does."""
        self.msdctl("detach", DEV, ok=False)
        self.msdctl("attach", DEV, *OWN_RANGES)

    @contextlib.contextmanager
    def set(self, *args, undo):
        """Change eth0's configuration for a while."""
        self.msdctl("set", DEV, *args)
        try:
            yield
        finally:
            self.msdctl("set", DEV, *undo)

    @contextlib.contextmanager
    def promiscuous(self):
        """The card passes frames for other MACs and VLANs, too. Without,
        what must be silent may have been silenced by the card."""
        self.sh(f"ip link set {DEV} promisc on")
        try:
            yield
        finally:
            self.sh(f"ip link set {DEV} promisc off")

    @contextlib.contextmanager
    def attached(self, *args):
        """eth0 attached anew for a while, with the usual own addresses
        unless the arguments name others."""
        own = () if "address" in args or "address-file" in args else OWN_RANGES
        self.msdctl("detach", DEV)
        try:
            self.msdctl("attach", DEV, *own, *args)
            yield
        finally:
            self.attach_default()

    @contextlib.contextmanager
    def peer(self, *args, address=PEER_OWN):
        """A second interface: v0, attached, whose other end v1 is in the
        guest's namespace "peer" with the addresses of PEER."""
        self.sh(f"""set -e
            ip netns add peer
            ip link add v0 type veth peer name v1 netns peer
            ip link set v0 up
            ip -n peer link set lo up
            ip -n peer link set v1 up
            ip -n peer address add {PEER[4]}/24 dev v1
            ip -n peer address add {PEER[6]}/64 dev v1 nodad""")
        try:
            self.msdctl("attach", "v0", "address", *address, *args)
            yield
        finally:
            # Its link goes with the namespace, and the attachment with that.
            self.sh("ip netns del peer; while [ -e /sys/class/net/v0 ]; do "
                    "sleep 0.05; done")

    def in_peer(self, command, ok=True, timeout=60):
        """Run a command in the namespace "peer" of the guest."""
        return self.sh(f"exec ip netns exec peer {command}", ok=ok,
                       timeout=timeout)
