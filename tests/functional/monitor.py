# SPDX-License-Identifier: GPL-2.0-only
"""msdctl monitor in the guest, seen from a test."""

import contextlib
import json
import shlex

from wire import equal, need

INSTANCES = "/sys/kernel/tracing/instances"


class Monitor:
    """msdctl monitor in the guest, its output in files there."""

    count = 0

    def __init__(self, t, *args, command="msdctl monitor", to=None):
        Monitor.count += 1
        self.t, self.base = t, f"/tmp/monitor.{Monitor.count}"
        words = shlex.join(map(str, args))
        out = to or f">{self.base}.out"
        self.pid = t.lab.sh(f"""
            (sh -c 'echo $$ >{self.base}.pid; exec {command} {words}' \
                </dev/null 2>{self.base}.err {out}
            echo $? >{self.base}.status) >/dev/null 2>&1 &
            until [ -s {self.base}.pid ] && read -r pid <{self.base}.pid &&
                grep -qs 1 {INSTANCES}/msdctl-${{pid}}-*/events/*/msd_drop/enable
            do
                ! [ -e {self.base}.status ] || break
                usleep 20000
            done
            echo $pid""").out.strip()

    def read(self, what="out"):
        """Output so far."""
        return self.t.lab.sh(f"cat {self.base}.{what}").out

    def lines(self):
        """JSON lines so far."""
        return [json.loads(line) for line in self.read().splitlines()]

    def ticks(self):
        """CPU time it has used."""
        fields = self.t.lab.sh(f"cat /proc/{self.pid}/stat").out.split()
        return int(fields[13]) + int(fields[14])

    def running(self):
        """Has it not ended?"""
        return not self.t.lab.sh(f"ls {self.base}.status", ok=False).out

    def until(self, what, text):
        """Wait until a file of its output has the text."""
        self.t.lab.sh(f"""i=0
            until grep -q {shlex.quote(text)} {self.base}.{what}; do
                i=$((i + 1)); [ $i -lt 500 ] && usleep 20000 || exit 1
            done""", timeout=120)

    def ended(self):
        """Wait for its end; exit status."""
        self.t.lab.sh(f"""i=0
            until [ -s {self.base}.status ]; do
                i=$((i + 1)); [ $i -lt 500 ] && usleep 20000 || exit 1
            done""", timeout=120)
        return int(self.read("status"))

    def stop(self, signal="INT"):
        """End it by a signal; exit status."""
        self.t.lab.sh(f"kill -{signal} {self.pid}")
        return self.ended()

    def instances(self):
        """Its tracing instances."""
        return self.t.lab.sh(f"ls {INSTANCES} | grep msdctl-{self.pid}-",
                             ok=False).out.split()


@contextlib.contextmanager
def monitoring(t, *args, **kwargs):
    """A monitor while the block runs; it must end well and leave nothing."""
    m = Monitor(t, *args, **kwargs)
    try:
        need("to" in kwargs or m.running(), m.read("err"))
        yield m
        if m.running():
            equal(m.stop(), 0, f"exit status, saying {m.read('err')!r}")
        equal(m.instances(), [], "tracing instances left")
    finally:
        t.lab.sh(f"kill -KILL {m.pid}; rm -f {m.base}.*", ok=False)
