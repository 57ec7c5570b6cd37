# SPDX-License-Identifier: GPL-2.0-only
"""Own addresses are told to the network: to neighbours, and to switches that
snoop. The network is in the guest: bridges in a namespace."""

import contextlib

from wire import need



@contextlib.contextmanager
def network(t, *commands):
    """A namespace "lan", and what the commands make."""
    t.lab.sh("set -e\nip netns add lan\nip -n lan link set lo up\n"
             + "\n".join(commands))
    try:
        yield
    finally:
        t.lab.sh("""ip link del bond9 2>/dev/null
            ip netns del lan
            while [ -e /sys/class/net/p0 ]; do sleep 0.05; done""")


def pings(t, addr, ok=True):
    """A station of the network asks an address of ours."""
    t.lab.push("/bin/ping")
    return t.lab.sh(f"ip netns exec lan /lab/ping -c 3 -W 5 {addr}", ok=ok)


SNOOPING = (
    "ip -n lan link add br0 type bridge mcast_snooping 1 mcast_querier 1 "
    "mcast_query_response_interval 100 mcast_startup_query_interval 100",
    "ip link add p0 type veth peer name p1 netns lan",
    "ip -n lan link add s0 type veth peer name s1",
    "ip -n lan link set p1 master br0 up",
    "ip -n lan link set s1 master br0 up",
    "ip -n lan link set br0 up",
    "ip -n lan address add 2001:db8:3::1/64 dev s0 nodad",
    "ip -n lan link set s0 up",
    "ip link set p0 up",
)


def test_snooping_switch(t):
    """The switch passes solicitations on only to those who reported."""
    with network(t, *SNOOPING):
        t.lab.msdctl("attach", "p0", "address", "2001:db8:3::8001")
        t.lab.sh("""n=0
            until ip netns exec lan bridge mdb show | grep -q ff02::1:ff00:8001
            do n=$((n + 1)); [ $n -lt 200 ] || exit; sleep 0.1; done""")
        pings(t, "2001:db8:3::8001")
        t.lab.msdctl("detach", "p0")
        left = t.lab.sh("ip -6 maddress show dev p0").out
        need("ff02::1:ff00:8001" not in left, f"still joined: {left}")


BOND = (
    "ip link add bond9 type bond mode active-backup miimon 50 num_grat_arp 1",
    "ip link add p0 type veth peer name p1 netns lan",
    "ip link add q0 type veth peer name q1 netns lan",
    "ip -n lan link add a0 type bridge",
    "ip -n lan link add b0 type bridge",
    "ip -n lan link add t0 type veth peer name t1",
    "ip -n lan link add s0 type veth peer name s1",
    "for d in p1 s1 t0; do ip -n lan link set $d master a0 up; done",
    "for d in q1 t1; do ip -n lan link set $d master b0 up; done",
    "ip -n lan link set a0 up; ip -n lan link set b0 up",
    "ip -n lan address add 198.51.100.1/24 dev s0",
    "ip -n lan address add 2001:db8:3::1/64 dev s0 nodad",
    "ip -n lan link set s0 up",
    "sysctl -q -w net.ipv6.conf.bond9.disable_ipv6=1",
    "ip link set p0 master bond9; ip link set q0 master bond9",
    "ip link set bond9 up",
)


def test_bond_changes_its_port(t):
    """Switches learn the way, though the host has no address there."""
    with network(t, *BOND):
        t.lab.msdctl("attach", "bond9", "address", "198.51.100.9",
                     "2001:db8:3::8001")
        for addr in ("198.51.100.9", "2001:db8:3::8001"):
            pings(t, addr)
        t.lab.sh("""ip link set p0 down
            n=0; until grep -q q0 /sys/class/net/bond9/bonding/active_slave
            do n=$((n + 1)); [ $n -lt 200 ] || exit; sleep 0.05; done""")
        for addr in ("198.51.100.9", "2001:db8:3::8001"):
            done = pings(t, addr)
            need(" 0% packet loss" in done.out, str(done))


def test_egress_policy(t):
    """Announcements obey it, too; a station learns nothing."""
    with network(t, *SNOOPING):
        t.lab.sh("""nft -f - <<'END'
table netdev test {
    chain out { type filter hook egress device "p0" priority 0; policy drop; }
}
END""")
        try:
            with t.lab.background("exec ip netns exec lan timeout 60 tcpdump "
                                  "-Z root -l -n -i s0 arp", "listening on") \
                    as tap:
                t.lab.msdctl("attach", "p0", "address", "198.51.100.9")
                t.lab.sh("sleep 1; pkill tcpdump")
                need("198.51.100.9" not in tap.wait(), "announced")
        finally:
            t.lab.sh("nft delete table netdev test")


def test_too_many(t):
    """A sentence instead."""
    with network(t, *SNOOPING):
        t.lab.msdctl("attach", "p0", "address", "2001:db8:3::/64")
        need("more than 1024 own IPv6 addresses" in t.lab.console(), "no word")
        need("ff02::1:ff00:8001" not in t.lab.sh("ip -6 maddress show dev p0").out,
             "joined")
