# SPDX-License-Identifier: GPL-2.0-only
"""A sensor on a machine of one's own: the steps masscanned's README gives, word
for word, and the recipe for a server that has one address."""

import contextlib
import os
import shutil

from lab import DEV, HERE
from recipe import Recipe
from test_clients import succeed
from wire import equal, need

PROGRAM = "/lab/masscanned"
GET = "GET / HTTP/1.1\\r\\n\\r\\n"
ADDRESS = {4: "192.0.2.100", 6: "2001:db8::100"}


@contextlib.contextmanager
def try_it_locally(t):
    """A fresh namespace whose loopback never comes up, and the program there
    without any address."""
    t.lab.push(os.path.join(HERE, "..", "..", "tools", "masscanned"),
               shutil.which("nc"))
    t.lab.sh("""set -e
        ip netns add masscanned
        ip link add vethmasscanned type veth peer veth netns masscanned
        ip link set vethmasscanned up
        ip -n masscanned link set veth up
        ip addr add dev vethmasscanned 192.168.0.0/31""")
    try:
        with t.lab.background(f"exec ip netns exec masscanned {PROGRAM} "
                              "--iface veth -vv", "veth: attached"):
            yield
    finally:
        t.lab.sh("ip netns del masscanned; "
                 "while [ -e /sys/class/net/vethmasscanned ]; do sleep 0.05; "
                 "done")


def test_try_it_locally(t):
    with try_it_locally(t):
        t.lab.sh("arping -c 1 -w 20 -I vethmasscanned 192.168.0.1")
        t.lab.sh("ping -c 1 -W 20 192.168.0.1")
        for udp in ("", "-u"):
            said = t.lab.sh(f"{{ printf '{GET}'; sleep 2; }} | timeout 20 "
                            f"/lab/nc -n -v {udp} -w 2 192.168.0.1 80",
                            ok=False).out
            need(said.startswith("HTTP/1.1 401 "), f"nc {udp}: {said!r}")


def test_somebody_takes_an_address(t):
    """A machine that probes an address before it takes it may have it."""
    with try_it_locally(t):
        done = t.lab.sh("arping -D -c 2 -w 5 -I vethmasscanned 192.168.0.1",
                        ok=False)
        need("Received 0 r" in done.out, str(done))
        t.lab.sh("ip address add 2001:db8:5::1/64 dev vethmasscanned")
        flags = t.lab.sh("""n=0
            while [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1
            ip -6 address show dev vethmasscanned tentative | grep -q inet6 ||
            break; done
            ip -6 address show dev vethmasscanned""").out
        need("2001:db8:5::1" in flags and "dadfailed" not in flags
             and "tentative" not in flags, flags)


def test_one_address(t):
    """doc/one-address.md as it stands."""
    recipe = Recipe("one-address")
    t.lab.msdctl("detach", DEV)
    t.lab.sh("\n".join(f"ip address add {a}/{n} dev {DEV} {more}" for a, n, more
                       in ((ADDRESS[4], 24, ""), (ADDRESS[6], 64, "nodad"))))
    try:
        t.lab.sh(recipe.scripts["on"])
        for fam in (4, 6):
            name = ADDRESS[4] if fam == 4 else f"[{ADDRESS[6]}]"
            done = succeed("curl", "-i", "--no-progress-meter", "--max-time",
                           "30", f"http://{name}:8080/")
            need(done.out.startswith("HTTP/1.1 401 "), str(done))
        need("answer-tcp" in t.lab.sh(recipe.scripts["look"]).out, "counters")
        t.lab.sh(recipe.scripts["off"])
    finally:
        t.lab.sh(f"""ip netns del sensor 2>/dev/null
            nft delete table inet sensor 2>/dev/null
            sysctl -q -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
            ip address flush dev {DEV} scope global; true""")
        t.lab.attach_default()
    equal([i["ifname"] for i in t.lab.json("show")], [DEV], "interfaces")
