# SPDX-License-Identifier: GPL-2.0-only
"""Devices and the module come and go, under traffic too.

What goes wrong here shows on the guest's console, and the lab then fails
every later command: an oops, a warning, "unregister_netdevice: waiting".
"""

import contextlib
import json
import shutil
import subprocess

from lab import DEV, OWN_RANGES, PEER, PEER_OWN, PEER_SERVER
from wire import OWN, equal, need

ROUNDS = 50
INSMOD = "insmod /lab/kmasscanned.ko"
ATTACH = f"msdctl attach {DEV} {' '.join(OWN_RANGES)}"
GET = b"GET / HTTP/1.1\r\n\r\n"


def serve(t):
    """Both families answer, up to a page."""
    for t.fam in (4, 6):
        t.alive()
        need(b"401" in t.tcp().open().fetch(GET), "no page")


def test_link_down_and_up(t):
    for _ in range(3):
        t.link(f"{DEV} down", f"{DEV} up")
        serve(t)


def test_rename(t):
    """The attachment is the device's, whatever its name."""
    t.link(f"{DEV} down", f"{DEV} name lab9", "lab9 up", dev="lab9")
    try:
        serve(t)
        equal([i["ifname"] for i in t.lab.json("show")], ["lab9"],
              "name shown")
        t.lab.msdctl("set", "lab9", "deny", "none")
        t.lab.refuse("show", DEV, said=DEV)
    finally:
        t.link("lab9 down", f"lab9 name {DEV}", f"{DEV} up")
    serve(t)


def test_module_loaded_twice(t):
    done = t.lab.sh(INSMOD, ok=False)
    need(done.status != 0 and "exists" in done.err.lower(),
         f"no clean refusal: {done}")
    serve(t)


@contextlib.contextmanager
def installed(t):
    """The module is where modprobe finds it, and not loaded."""
    place = "/lib/modules/$(uname -r)/updates"
    t.lab.sh(f"""set -e
        rmmod kmasscanned
        mkdir -p {place}
        cp /lab/kmasscanned.ko {place}
        depmod""")
    try:
        yield
    finally:
        t.lab.sh(f"rm {place}/kmasscanned.ko; depmod; "
                 f"[ -d /sys/module/kmasscanned ] || {INSMOD}")
        t.lab.attach_default()


def is_loaded(t):
    return t.lab.sh("test -d /sys/module/kmasscanned", ok=False).status == 0


def test_who_loads_the_module(t):
    """Root who attaches or loads a file; nobody else, and nobody who asks."""
    t.lab.sh("""grep -q nobody /etc/passwd ||
            echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
        chmod 755 / /lab /lab/msdctl""")
    nobody = "su nobody -c 'PATH=/lab:$PATH exec {}'"
    with installed(t):
        for who in (nobody, "{}"):
            for words in ("show", "version", "proto list", "stats", "dump"):
                done = t.lab.sh(who.format(f"msdctl {words}"), ok=False)
                equal(done.status, 1, str(done))
                need("the module is not loaded" in done.err, str(done))
                need(not is_loaded(t), f"{who!r} loaded it with {words}")
        done = t.lab.sh(nobody.format(ATTACH), ok=False)
        need(done.status == 1 and not is_loaded(t), str(done))
        t.lab.refuse("attach", "nodev0", *OWN_RANGES, said="no such device")
        need(not is_loaded(t), "loaded for a device that is not there")
        done = t.lab.msdctl("attach", DEV, *OWN_RANGES)
        equal(done.err, "msdctl: the module is not loaded: modprobe "
              "kmasscanned\n", str(done))
        serve(t)
        t.lab.sh("msdctl dump >/tmp/dumped; rmmod kmasscanned")
        need("modprobe kmasscanned" in t.lab.msdctl("load", "/tmp/dumped").err,
             "not loaded by load, or in silence")
        serve(t)


def test_unload_detaches_everything(t):
    with t.lab.peer():
        equal(t.lab.sh("cat /sys/module/kmasscanned/refcnt").out.strip(), "0",
              "references to the module")
        try:
            t.lab.sh("rmmod kmasscanned")
            done = t.lab.msdctl("show", ok=False)
            equal(done.status, 1, f"status of {done}")
            need(done.err.strip(), f"no sentence without module: {done}")
            left = t.lab.sh("ip -d link show; bridge fdb show").out
            need("kmasscanned" not in left, left)
        finally:
            t.lab.sh(f"{INSMOD} && {ATTACH}")
    serve(t)


def test_receive_filter_is_undone_by_unload(t):
    addresses = "ip maddress show dev eth0; bridge fdb show dev eth0"
    before = t.lab.sh(f"msdctl detach {DEV}; {addresses}").out
    t.lab.sh(f"{ATTACH} mac 02:aa:bb:cc:dd:ee")
    during = t.lab.sh(addresses).out
    need("02:aa:bb:cc:dd:ee" in during, f"MAC is not received: {during}")
    after = t.lab.sh(f"rmmod kmasscanned && {addresses} && {INSMOD} && "
                     f"{ATTACH} >/dev/null").out
    equal(after, before, "receive filter after unload")


def test_device_moves_to_another_namespace(t):
    """A move detaches; the responder can be put on it there."""
    with t.lab.peer():
        t.lab.sh("ip netns add third && ip link set v0 netns third")
        try:
            equal([i["ifname"] for i in t.lab.json("show")], [DEV],
                  "interfaces here")
            equal(t.lab.json("-n", "third", "show"), [], "interfaces there")
            t.lab.sh("ip -n third link set v0 up")
            t.lab.msdctl("-n", "third", "attach", "v0", "address", *PEER_OWN)
            t.lab.push(shutil.which("ping"))
            t.lab.in_peer(f"/lab/ping -c 1 -W 20 {PEER_SERVER[4]}")
        finally:
            t.lab.sh("ip -n third link del v0; ip netns del third")


@contextlib.contextmanager
def flood(t):
    """Echo requests from the client's host as fast as they are answered,
    many in flight, both families."""
    clients = []
    for fam in (4, 6):
        clients.append(subprocess.Popen(
            ["ping", f"-{fam}", "-f", "-q", "-l", "40", OWN[fam]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True))
    try:
        yield clients
    finally:
        for client in clients:
            client.kill()
            client.communicate()
    t.alive()


def answered(text):
    """Sum of answered echo requests over several outputs of msdctl stats."""
    total, decoder = 0, json.JSONDecoder()
    text = text.strip()
    while text:
        part, end = decoder.raw_decode(text)
        for iface in part:
            for name in ("answer-echo", "answer-echo6"):
                total += iface["verdicts"].get(name, {}).get("frames", 0)
        text = text[end:].lstrip()
    return total


def rounds(t, script, count=ROUNDS):
    """Run a script many times under a flood. It prints counters each time;
    the responder must have been busy."""
    done = t.lab.sh(f"""set -e
        i=0; while [ $i -lt {count} ]; do i=$((i + 1))
        {script}
        done""", timeout=600)
    total = answered(done.out)
    need(total > 20 * count, f"only {total} requests were answered in "
         f"{count} rounds")


def test_unload_under_flood(t):
    with flood(t):
        rounds(t, f"""usleep 50000; msdctl -j stats {DEV}
            rmmod kmasscanned; {INSMOD}; {ATTACH}""")
    serve(t)


def test_detach_under_flood(t):
    with flood(t):
        rounds(t, f"""usleep 50000; msdctl -j stats {DEV}
            msdctl detach {DEV}; {ATTACH} via ingress
            usleep 50000; msdctl -j stats {DEV}
            msdctl detach {DEV}; {ATTACH}""", count=20)
    serve(t)


def pair(own=""):
    """Script: a pair v0, v1 with the responder on v0, in the namespace given
    or the first, and a flood from v1 in namespace peer."""
    inside = f"-n {own}" if own else ""
    return f"""
        printf '%s\\n' "link add v0 type veth peer name v1 netns peer" \
            "link set v0 up" | ip {inside} -batch -
        printf '%s\\n' "link set v1 up" "address add {PEER[4]}/24 dev v1" \
            "address add {PEER[6]}/64 dev v1 nodad" | ip -n peer -batch -
        msdctl {inside} attach v0 address {' '.join(PEER_OWN)}
        for server in {PEER_SERVER[4]} {PEER_SERVER[6]}; do
            ip netns exec peer /lab/ping -f -q -l 40 $server \
                >/dev/null 2>&1 &
            floods="$floods $!"
        done
        until msdctl {inside} stats v0 | grep -q answer-echo6; do
            usleep 20000
        done
        usleep 50000
        msdctl {inside} -j stats v0
        """


# A flood whose link has gone may have ended by itself; that there was one is seen
# in the counters that were read before.
END = 'kill $floods 2>/dev/null || true; wait $floods || true; floods=; '


def test_link_deleted_under_flood(t):
    t.lab.push(shutil.which("ping"))
    t.lab.sh("ip netns add peer")
    try:
        rounds(t, f"{pair()} ip link del v0; {END}")
        equal(t.lab.sh("ip -n peer -o link").out.count("\n"), 1,
              "devices left in the namespace")
    finally:
        t.lab.sh("ip netns del peer")
    equal([i["ifname"] for i in t.lab.json("show")], [DEV], "interfaces")
    serve(t)


def test_namespace_deleted_under_flood(t):
    """The responder's own."""
    t.lab.push(shutil.which("ping"))
    t.lab.sh("ip netns add peer")
    try:
        rounds(t, f"ip netns add own; {pair('own')} ip netns del own; {END}")
    finally:
        t.lab.sh("ip netns del peer")
    equal(t.lab.sh("ip netns list").out.strip(), "", "namespaces left")
    serve(t)


def test_namespace_of_the_peer_deleted_under_flood(t):
    """The other end of the pair goes, and the responder's device with it."""
    t.lab.push(shutil.which("ping"))
    rounds(t, f"""ip netns add peer
        {pair()} ip netns del peer; {END}
        while [ -e /sys/class/net/v0 ]; do usleep 10000; done""", count=15)
    equal([i["ifname"] for i in t.lab.json("show")], [DEV], "interfaces")
    serve(t)


def test_nothing_is_left(t):
    """After all that: no reference, no memory that grows, unload works."""
    measure = ("echo 3 >/proc/sys/vm/drop_caches; "
               "awk '/^Slab/ { print $2 }' /proc/meminfo")
    cycle = f"""i=0; while [ $i -lt 100 ]; do i=$((i + 1))
        msdctl detach {DEV} && {ATTACH} || exit 1; done"""
    t.lab.sh(cycle, timeout=200)
    before = int(t.lab.sh(measure).out)
    t.lab.sh(cycle, timeout=200)
    after = int(t.lab.sh(measure).out)
    need(after - before < 400, f"slab grew from {before} to {after} kB over "
         "100 attaches")
    equal(t.lab.sh("cat /sys/module/kmasscanned/refcnt").out.strip(), "0",
          "references to the module")
    t.lab.sh(f"rmmod kmasscanned && {INSMOD} && {ATTACH}")
    serve(t)
