# SPDX-License-Identifier: GPL-2.0-only
"""The netlink family under a fuzzer, tests/netlink, for some seconds; the long
run on the debug kernel is make fuzz-netlink."""

import os
import re

from lab import DEV, HERE, OWN_RANGES, run
from wire import equal, need

FOLDER = os.path.join(HERE, "..", "netlink")
BUILT = os.path.join(HERE, "..", "..", "build", "netlink", "netfuzz")
SEED, MESSAGES, WORKERS = 5, 60000, 2
COMMANDS = """edit-begin edit-attach edit-set edit-ranges edit-detach
              edit-commit iface-get ranges-get stats-get responder-get
              version-get stats-reset""".split()


def push(t):
    """Build the fuzzer and bring it to the guest."""
    done = run(["make", "-s", "-C", FOLDER])
    equal(done.status, 0, f"building the fuzzer: {done}")
    t.lab.push(BUILT, os.path.join(FOLDER, "scenario"))


def counts(text):
    """Command → how often it was accepted, and refused."""
    rows = re.findall(r"^# (\S+) +(\d+) +(\d+)$", text, re.MULTILINE)
    return {name: (int(yes), int(no)) for name, yes, no in rows}


def test_fuzzed(t):
    """Whatever is sent draws what it must; then all works as before."""
    before = t.lab.show()
    push(t)
    done = t.lab.sh(f"/lab/scenario {SEED} {MESSAGES} {WORKERS}",
                    timeout=300)
    rows = counts(done.out)
    for name in COMMANDS:
        need(min(rows.get(name, (0, 0))) > MESSAGES // 1000,
             f"{name} was hardly tried: {rows}")
    need("no edit is open" in done.out, f"not looked for edits: {done}")
    equal(t.lab.show(), before, "settings of an interface not aimed at")
    for t.fam in (4, 6):
        t.alive()
    t.lab.sh(f"rmmod kmasscanned && insmod /lab/kmasscanned.ko && "
             f"msdctl attach {DEV} {' '.join(OWN_RANGES)}")
    t.alive()


def test_fuzzer_notices(t):
    """Told to expect nobody to be privileged, it must complain."""
    push(t)
    done = t.lab.sh("""ip netns add fuzzed
        /lab/netfuzz -x -n 1000 -j 1 -i 1 fuzzed
        status=$?; ip netns del fuzzed; exit $status""", ok=False)
    equal(done.status, 1, f"status of {done}")
    need("finding" in done.out and "unprivileged" in done.out,
         f"no finding: {done}")
