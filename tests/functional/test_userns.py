# SPDX-License-Identifier: GPL-2.0-only
"""Who is root in a user namespace only, and what it may take."""

from wire import equal, need

PARAMETER = "/sys/module/kmasscanned/parameters/userns"
REFUSED = ("CAP_NET_ADMIN of a user namespace does not suffice, unless the "
           "parameter userns of the module is 1")
FULL = ("address lists and open edits of this network namespace would take "
        "more than 128 MiB")
DUMMY = "ip link add d0 type dummy; ip link set lo up"


def inside(t, script, ok=False, timeout=60):
    """Run a script as root of a new user and network namespace."""
    t.lab.put(script, "/tmp/inside")
    return t.lab.sh("exec unshare -U -r -n sh /tmp/inside", ok=ok,
                    timeout=timeout)


def test_refused(t):
    """By default, whatever is asked; the words name the parameter."""
    equal(t.lab.sh(f"cat {PARAMETER}").out.strip(), "N", "the default")
    for words in ("attach d0 address 192.0.2.1", "set d0 snap 1", "detach d0",
                  "show", "stats", "dump", "proto list", "version",
                  "stats --reset"):
        done = inside(t, f"{DUMMY}; exec msdctl {words}")
        equal((done.status, done.out), (1, ""), str(done))
        need(REFUSED in done.err, str(done))
    equal([i["ifname"] for i in t.lab.json("show")], ["eth0"], "interfaces")


def test_real_root(t):
    """Whoever may administer the host may enter and administer."""
    t.lab.sh(f"""unshare -U -r -n sh -c '{DUMMY}; touch /tmp/up; sleep 60' &
        echo $! >/tmp/pid; until [ -e /tmp/up ]; do usleep 20000; done""")
    try:
        t.lab.sh("msdctl -n /proc/$(cat /tmp/pid)/ns/net attach d0 address "
                 "192.0.2.1")
    finally:
        t.lab.sh("kill $(cat /tmp/pid); rm /tmp/pid /tmp/up")


def test_bounded(t):
    """With userns=1 its interfaces may be attached, with 128 MiB of lists."""
    text = "".join(f"2001:db8::{2 * i >> 16:x}:{2 * i & 0xffff:x}\n"
                   for i in range(1_000_000))
    t.lab.put(text, "/tmp/million")
    t.lab.sh(f"echo 1 >{PARAMETER}")
    used = "awk '/^VmallocUsed/ { print $2 }' /proc/meminfo"
    try:
        done = inside(t, f"""set -e
            {DUMMY}
            u=$({used})
            for i in 1 2 3 4 5 6; do
                ip link add e$i type dummy
                msdctl attach e$i address-file /tmp/million 2>/tmp/said || break
            done
            echo attached: $(msdctl show | grep -c ^e)
            echo took: $(($({used}) - u))
            cat /tmp/said""", timeout=300, ok=True)
        t.log = done.out
        need(FULL in done.out, str(done))
        need("attached: 3" in done.out or "attached: 4" in done.out, str(done))
        took = int(done.out.split("took: ")[1].split()[0])
        need(took < 140_000, f"{took} kB are taken")
    finally:
        t.lab.sh(f"echo 0 >{PARAMETER}; rm -f /tmp/million")
    t.alive()
