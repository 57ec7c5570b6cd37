# SPDX-License-Identifier: GPL-2.0-only
"""What msdctl refuses: a sentence, the right status, and nothing changed."""

from lab import DEV, OWN_RANGES
from test_control import BROADCAST, basics
from wire import equal, need


def test_address_file_refused(t):
    """File, line number and text are named, and nothing changes."""
    before = t.lab.show()
    for line, text in enumerate(("192.0.2.300", "192.0.2.1/33", "host.name",
                                 "192.0.2.9-192.0.2.1", "2001:db8::/129",
                                 "192.0.2.1 192.0.2.2"), 3):
        t.lab.put("192.0.2.129\n" * (line - 1) + text + "\n", "/tmp/bad")
        said = t.lab.refuse("set", DEV, "address-file", "/tmp/bad")
        for word in ("/tmp/bad", f"{line}", text):
            need(word in said, f"{word!r} missing in {said!r}")
    t.lab.refuse("set", DEV, "address-file", "/tmp/none", said="/tmp/none")
    t.lab.refuse("set", DEV, "deny-file", "/tmp/none", said="/tmp/none")
    equal(t.lab.show(), before, "settings after refusals")
    t.alive()


def test_host_address_refused(t):
    """Nobody locks himself out; the address is named; force overrides."""
    for fam, addr, own in ((4, "192.0.2.140", "192.0.2.128/25"),
                           (6, "2001:db8::8077", "2001:db8::8000/113")):
        size = 32 if fam == 4 else 128
        nodad = "nodad" if fam == 6 else ""
        t.lab.msdctl("set", DEV, "address", "192.0.2.129")
        t.lab.sh(f"ip address add {addr}/{size} dev lo {nodad}")
        try:
            before = t.lab.show()
            t.lab.refuse("set", DEV, "address", own, said=addr)
            equal(t.lab.show(), before, "settings after the refusal")
            t.alive()
            t.lab.msdctl("detach", DEV)
            t.lab.refuse("attach", DEV, "address", own, said=addr)
            equal(t.lab.json("show"), [], "interfaces after the refusal")
            t.lab.msdctl("attach", DEV, "address", own, "192.0.2.129",
                         "force")
            t.fam = fam
            t.ask(t.echo(dst=addr))
            t.fam = 4
        finally:
            t.lab.sh(f"ip address del {addr}/{size} dev lo")
            t.lab.attach_default()


def test_impossible_own_addresses_refused(t):
    """Own addresses are unicast ones: the core relies on it."""
    before = t.lab.show()
    for prefix, word in (("0.0.0.0/7", "0.0.0.0/8"),
                         ("126.0.0.0-127.0.0.1", "127.0.0.0/8"),
                         ("223.0.0.0-224.0.0.0", "224.0.0.0/3"),
                         ("255.255.255.255", "224.0.0.0/3"),
                         ("::/127", "::1"), ("fe80::-ff00::", "ff00::/8"),
                         ("::ffff:192.0.2.1", "::ffff:0:0/96"),
                         ("::2-::ffff:0:0", "::ffff:0:0/96"),
                         ("::ffff:ffff:ffff-1::", "::ffff:0:0/96")):
        t.lab.refuse("set", DEV, "address", prefix, said=word)
    equal(t.lab.show(), before, "settings after the refusals")
    t.alive()


def test_second_attach_refused(t):
    before = t.lab.show()
    t.lab.refuse("attach", DEV, "address", "192.0.2.129", said=DEV)
    t.lab.refuse("attach", DEV, "address", "192.0.2.129", "via", "ingress")
    equal(t.lab.show(), before, "settings after the refusals")


def test_unknown_interface(t):
    for command in ("attach", "set", "detach", "show", "stats"):
        more = ["address", "192.0.2.1"] if command == "attach" else \
            ["deny", "none"] if command == "set" else []
        t.lab.refuse(command, "nosuch0", *more, said="nosuch0")


def test_not_attached(t):
    for command, more in (("set", ["deny", "none"]), ("detach", []),
                          ("show", []), ("stats", [])):
        t.lab.refuse(command, "lo", *more, said="lo")
    t.lab.refuse("attach", "lo", "address", "192.0.2.1", said="lo")


def test_usage_errors(t):
    """Exit status 2, a sentence, nothing done."""
    before = t.lab.json("show")
    for words in ([], ["frobnicate"], ["attach"], ["attach", DEV, "mac"],
                  ["attach", DEV, "mac", "02:00:00:00:00"],
                  ["attach", DEV, "address"], ["set", DEV, "key", "1234"],
                  ["set", DEV, "key", "zz" * 16],
                  ["attach", DEV, "via", "xdp"], ["set", DEV, "nonsense"],
                  ["detach"], ["detach", DEV, "again"], ["stats", DEV, "x"],
                  ["--nonsense", "show"],
                  ["set", DEV, "address", "192.0.2.300"]):
        said = t.lab.refuse(*words, status=2)
        need(said.strip(), f"silence about {words}")
    equal(t.lab.json("show"), before, "settings after the refusals")


def test_bad_values_refused(t):
    """The kernel's own sentence; nothing changes."""
    before = t.lab.show()
    for words in (["mac", "01:00:5e:00:00:01"], ["address", "224.0.0.0/4"],
                  ["address", "127.0.0.1"], ["address", "ff02::1"],
                  ["address", "0.0.0.0/0"], ["proto", "nosuch", "on"]):
        done = t.lab.msdctl("set", DEV, *words, ok=False)
        need(done.status in (1, 2) and done.err.strip(), f"no refusal: {done}")
    equal(t.lab.show(), before, "settings after the refusals")


def test_all_or_nothing(t):
    """One bad word among good ones, and none of them counts."""
    before = t.lab.show()
    t.lab.msdctl("set", DEV, "deny", "192.0.2.50", "ssh-banner", "hello",
                 "address", "192.0.2.129", ok=False)
    equal(t.lab.show(), before, "settings after the refusal")
    t.alive()


def test_without_privilege(t):
    """A user without CAP_NET_ADMIN here gets a sentence."""
    for words in ("show", f"detach {DEV}", "stats"):
        done = t.lab.sh(f"unshare -U msdctl {words}", ok=False)
        equal(done.status, 1, f"status of {done}")
        need(done.err.strip(), f"no sentence: {done}")
    t.alive()


def test_taken_receive_handler(t):
    """On a bridge port: refused with the way out, which works."""
    t.lab.msdctl("detach", DEV)
    t.lab.sh("ip link add br0 type bridge && ip link set eth0 master br0 && "
             "ip link set br0 up")
    try:
        t.lab.refuse("attach", DEV, *OWN_RANGES, said="ingress")
        equal(t.lab.json("show"), [], "interfaces after the refusal")
        t.lab.msdctl("attach", DEV, *OWN_RANGES, "via", "ingress")
        basics(t)
        seen = t.lab.sh("cat /sys/class/net/br0/statistics/rx_packets").out
        t.silent(t.wire.eth(dst=BROADCAST, type=0x88b5) / bytes(50))
        after = t.lab.sh("cat /sys/class/net/br0/statistics/rx_packets").out
        equal(int(after) - int(seen), 1, "foreign frames the bridge got")
        t.lab.msdctl("detach", DEV)
    finally:
        t.lab.sh("ip link set eth0 nomaster; ip link del br0")
        t.lab.attach_default()


def test_macvlan_parent(t):
    t.lab.msdctl("detach", DEV)
    t.lab.sh("ip link add mv0 link eth0 type macvlan")
    try:
        t.lab.refuse("attach", DEV, *OWN_RANGES, said="ingress")
        t.lab.msdctl("attach", DEV, *OWN_RANGES, "via", "ingress")
        basics(t)
    finally:
        t.lab.sh("ip link del mv0")
        t.lab.attach_default()
