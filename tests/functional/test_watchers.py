# SPDX-License-Identifier: GPL-2.0-only
"""Readers of the events when the machine around them changes or stalls."""

import time

from monitor import INSTANCES, monitoring
from test_monitor import flood
from wire import equal, need


def test_stalled(t):
    """Nobody reads what it says, on either descriptor: signals are obeyed."""
    for words in ("monitor", "stats --watch 0.001"):
        t.lab.sh(f"""mkfifo /tmp/stalled
            sleep 1000 </tmp/stalled &
            msdctl {words} >/tmp/stalled 2>&1 & pid=$!
            sleep 1; ls {INSTANCES} >/dev/null""")
        pid = t.lab.sh("pgrep -x msdctl").out.strip()
        with flood(t):
            time.sleep(3)
        t.lab.sh(f"""kill -TERM {pid}
            i=0; while [ -e /proc/{pid} ]; do
                i=$((i + 1)); [ $i -lt 250 ] || exit 1; usleep 20000
            done""", timeout=60)
        t.lab.sh("pkill -x sleep; rm /tmp/stalled")
        equal(t.lab.sh(f"ls {INSTANCES}").out, "", f"instances after {words}")


def test_late_cpu(t):
    """A CPU that comes online later is watched as the others are."""
    online = "/sys/devices/system/cpu/cpu1/online"
    if not t.lab.sh(f"ls {online}", ok=False).out:
        return
    t.lab.sh(f"echo 0 >{online}")
    try:
        with monitoring(t, "-j") as m:
            t.lab.sh(f"echo 1 >{online}")
            t.lab.sh("taskset 2 true; sleep 1")
            t.lab.sh("taskset 2 ping -c 1 -w 1 192.0.2.1", ok=False)
            t.alive()
            need(m.running(), "it has ended")
            # epoll has all buffers, the netlink socket and the one of CPUs.
            watched = t.lab.sh(f"cat /proc/{m.pid}/fdinfo/* | grep -c '^tfd:'")
            equal(int(watched.out), 2 + int(t.lab.sh("nproc").out),
                  "descriptors that are watched")
    finally:
        t.lab.sh(f"echo 1 >{online}", ok=False)
