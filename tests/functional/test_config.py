# SPDX-License-Identifier: GPL-2.0-only
"""Configuration files: msdctl load, dump and check against the module."""

import contextlib
import json
import os

import jsonschema

from lab import DEV, OWN_RANGES, PEER_OWN
from wire import OWN, equal, need

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FILE = "/tmp/config.json"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OWN_LIST = list(OWN_RANGES[1:])
# What attach gives to eth0 of the lab.
DEFAULT = {"mac": "default", "via": "rx-handler", "ssh-banner": "SSH-2.0-1",
           "snap": 64, "vlan": "any", "own": OWN_LIST, "deny": [], "proto": {}, "force": False}


def schema(name):
    """A schema of doc/schema, as something that validates."""
    path = os.path.join(TOP, "doc", "schema", f"{name}.json")
    with open(path, encoding="utf-8") as file:
        return jsonschema.Draft202012Validator(json.load(file))


def valid(name, document):
    """The document must be as its schema says."""
    wrong = [f"{e.json_path}: {e.message}"
             for e in schema(name).iter_errors(document)]
    need(not wrong, f"{name}.json: {wrong}")
    return document


def dump(t):
    """What msdctl dump prints; always JSON, and as the schema says."""
    return valid("config", json.loads(t.lab.msdctl("dump").out))


def shown(t):
    """Settings of all interfaces, without the count of changes."""
    ifaces = t.lab.json("show")
    for iface in ifaces:
        del iface["generation"]
    return ifaces


def load(t, interfaces, ok=True):
    """Load these interfaces from a file."""
    t.lab.put(json.dumps({"interfaces": interfaces}, indent=1), FILE)
    return t.lab.msdctl("load", FILE, ok=ok)


@contextlib.contextmanager
def two(t, *args):
    """eth0 and v0 attached; eth0 as usual afterwards."""
    with t.lab.peer(*args):
        try:
            yield
        finally:
            t.lab.attach_default()


def test_dump(t):
    """It says all that was set, and nothing that was not."""
    equal(dump(t), {"interfaces": {DEV: DEFAULT}}, "as the lab attaches")
    equal(t.lab.msdctl("-j", "dump").out, t.lab.msdctl("dump").out,
          "dump with and without -j")
    text = t.lab.msdctl("dump").out
    t.lab.msdctl("set", DEV, "key", "00112233445566778899aabbccddeeff")
    need("key" not in t.lab.msdctl("dump").out, "a key in a dump")
    equal(t.lab.msdctl("dump").out, text, "dump with a key given")
    t.lab.msdctl("detach", DEV)
    equal(dump(t), {"interfaces": {}}, "without an interface")
    t.lab.attach_default()


def test_dump_and_load_is_the_identity(t):
    """Lists, protocols off, banner, MAC, hook and key stay, in service."""
    with two(t, "via", "ingress", "mac", "02:aa:bb:cc:dd:ee", "snap", "1000", "proto", "ssh",
             "off", "proto", "dns", "off"):
        t.lab.msdctl("set", DEV, "address", *OWN_LIST, "198.51.100.9",
                     "203.0.113.1-203.0.113.6", "2001:db8:2::-2001:db8:2::9",
                     "deny", "203.0.113.77", "2001:db8:f::/48", "ssh-banner",
                     "SSH-2.0-a \"b\" \\c", "key",
                     "00112233445566778899aabbccddeeff", "proto", "stun", "off")
        before, text = shown(t), t.lab.msdctl("dump").out
        valid("config", json.loads(text))
        conn = t.tcp().open()
        t.lab.sh("msdctl dump | msdctl load /dev/stdin")
        equal(shown(t), before, "what show says")
        equal(t.lab.msdctl("dump").out, text, "what dump says")
        need(b"401" in conn.fetch(GET), "the cookie of before: a new key?")
        t.lab.sh("msdctl dump >/tmp/d; msdctl detach eth0; msdctl detach v0;"
                 "msdctl load - </tmp/d")
        before[0]["key"] = "random"
        equal(shown(t), before, "loaded where nothing was attached")
        equal(t.lab.msdctl("dump").out, text, "and dumped again")


def test_what_is_not_named_is_default(t):
    """The file says what is, whatever was before."""
    t.lab.msdctl("detach", DEV)
    t.lab.msdctl("attach", DEV, "mac", "02:aa:bb:cc:dd:ee", "ssh-banner",
                 "SSH-2.0-x", "snap", "0", "address", "192.0.2.200", "deny", "192.0.2.3",
                 "proto", "http", "off", "proto", "ssh", "off")
    load(t, {DEV: {"own": OWN_LIST}})
    after = t.lab.show()
    equal(dump(t), {"interfaces": {DEV: DEFAULT}}, "dump")
    t.lab.attach_default()
    fresh = t.lab.show()
    for iface in (after, fresh):
        del iface["generation"]
    equal(after, fresh, "loaded over, and attached anew")
    t.alive()


def test_attach_change_and_detach_at_once(t):
    """What is not in the file is detached."""
    with two(t):
        before = t.lab.show("v0")["generation"]
        t.lab.msdctl("detach", DEV)
        load(t, {DEV: {"own": OWN_LIST, "proto": {"ssh": False}},
                 "v0": {"own": ["198.51.100.200"], "deny": ["::/0"]}})
        equal(t.lab.show(DEV)["proto-off"], ["ssh"], "protocol of a new one")
        need(t.lab.show("v0")["generation"] > before, "v0 was not changed")
        equal(t.lab.show("v0")["addresses"], ["198.51.100.200"], "addresses")
        t.alive()
        load(t, {"v0": {"own": list(PEER_OWN)}})
        equal([i["ifname"] for i in shown(t)], ["v0"], "interfaces left")
        equal(t.lab.show("v0")["deny"], [], "deny list")
        load(t, {})
        equal(shown(t), [], "interfaces of an empty file")
        load(t, {})
    t.alive()


def test_key(t):
    """Named it is set, random it is new, absent it stays."""
    conn = t.tcp().open()
    load(t, {DEV: {"own": OWN_LIST}})
    need(b"401" in conn.fetch(GET), "the key did not stay")
    conn = t.tcp().open()
    load(t, {DEV: {"own": OWN_LIST, "key": "f" * 32}})
    equal(t.lab.show()["key"], "given", "key")
    t.silent(conn.segment("PA", GET))
    conn = t.tcp().open()
    load(t, {DEV: {"own": OWN_LIST, "key": "random"}})
    equal(t.lab.show()["key"], "random", "key")
    t.silent(conn.segment("PA", GET))


def test_every_address_is_said_plainly(t):
    """It is a word; a file with an empty list, or none, is refused in words."""
    before = t.lab.show()
    for settings in ({}, {"own": []}, {"snap": 64}):
        done = load(t, {DEV: settings}, ok=False)
        need(done.status == 1 and ".interfaces.eth0" in done.err and
             "give addresses, or `address any`" in done.err, str(done))
        equal(t.lab.show(), before, "after a refusal")
    done = load(t, {DEV: {"own": "any"}})
    equal(len(done.err.strip().splitlines()), 1, f"lines said: {done}")
    need(f"{DEV}: address any:" in done.err, str(done))
    equal(dump(t)["interfaces"][DEV]["own"], "any", "own list in a dump")
    valid("config", dump(t))
    t.lab.sh("msdctl dump | msdctl load -")
    equal(dump(t)["interfaces"][DEV]["own"], "any", "loaded again")
    equal(load(t, {DEV: {"own": OWN_LIST}}).err, "", "with addresses")


def test_force(t):
    """The host's addresses: refused with the range, accepted with force."""
    t.lab.sh("ip address add 192.0.2.140/32 dev eth0")
    try:
        own = ["192.0.2.129", *OWN_LIST]
        before = t.lab.json("show")
        done = load(t, {DEV: {"own": own}}, ok=False)
        need(done.status == 1 and f"{FILE}: .interfaces.eth0.own[1]: "
             in done.err and "(192.0.2.140)" in done.err, str(done))
        equal(t.lab.json("show"), before, "after a refusal")
        load(t, {DEV: {"own": own, "force": True}})
        equal(dump(t)["interfaces"][DEV]["force"], True, "force in a dump")
        t.lab.sh("msdctl dump | msdctl load -")
        equal(dump(t)["interfaces"][DEV]["force"], True, "force, loaded")
        t.lab.msdctl("set", DEV, "ssh-banner", "SSH-2.0-x")
        equal(t.lab.show()["force"], True, "force after another setting")
    finally:
        t.lab.sh("ip address del 192.0.2.140/32 dev eth0")
    t.lab.msdctl("set", DEV, *OWN_RANGES, "ssh-banner", "SSH-2.0-1")
    equal(t.lab.show()["force"], False, "force after a list without")


def spoiled(**members):
    """Both interfaces, the second with members that are wrong."""
    return {DEV: {"own": [OWN[4]], "ssh-banner": "SSH-2.0-changed"},
            "v0": {"own": list(PEER_OWN), **members}}


# name: (interfaces, path, offending text): one wrong thing each.
WRONG = {
    "key": (spoiled(ovn=[]), ".interfaces.v0.ovn", "unknown key"),
    "type": (spoiled(deny="192.0.2.1"), ".interfaces.v0.deny", '"192.0.2.1"'),
    "prefix": (spoiled(deny=["192.0.2.0/24", "192.0.2.1/24"]),
               ".interfaces.v0.deny[1]", "192.0.2.1/24"),
    "length": (spoiled(own=["2001:db8::/129"]), ".interfaces.v0.own[0]",
               "2001:db8::/129"),
    "range": (spoiled(own=["198.51.100.1", "198.51.100.9-198.51.100.8"]),
              ".interfaces.v0.own[1]", "198.51.100.9-198.51.100.8"),
    "loopback": (spoiled(own=["127.0.0.1"]), ".interfaces.v0.own[0]",
                 "127.0.0.1"),
    "MAC": (spoiled(mac="01:00:5e:00:00:01"), ".interfaces.v0.mac",
            "01:00:5e:00:00:01"),
    "banner": (spoiled(**{"ssh-banner": "SSH-3-x"}),
               '.interfaces.v0."ssh-banner"', "SSH-3-x"),
    "number": (spoiled(snap=1025), ".interfaces.v0.snap", "1025"),
    "switch": (spoiled(proto={"ssh": "off"}), ".interfaces.v0.proto.ssh",
               '"off"'),
    # What only the running system knows.
    "protocol": (spoiled(proto={"gopher": False}),
                 ".interfaces.v0.proto.gopher", "no such protocol"),
    "hook": (spoiled(via="ingress"), ".interfaces.v0.via", "ingress"),
    "device": ({**spoiled(), "eth9": {"own": "any"}}, ".interfaces.eth9",
               "no such device"),
    "loopback device": ({**spoiled(), "lo": {"own": [OWN[4]]}},
                        ".interfaces.lo", "loopback"),
    "hook in use": ({**spoiled(), "p0": {"own": ["192.0.2.7"]}},
                    ".interfaces.p0", ""),
}


def test_one_wrong_thing_changes_nothing(t):
    """Not even what comes before it; and the path is named."""
    with two(t):
        t.lab.sh("ip link add p0 type dummy && ip link add b0 type bridge && "
                 "ip link set p0 master b0")
        try:
            before = t.lab.json("show")
            for name, (interfaces, path, text) in WRONG.items():
                done = load(t, interfaces, ok=False)
                need(done.status == 1 and not done.out
                     and f": {path}: " in done.err and text in done.err
                     and FILE in done.err, f"{name}: {done}")
                equal(t.lab.json("show"), before, f"after {name}")
        finally:
            t.lab.sh("ip link del b0; ip link del p0")
        load(t, spoiled())
        equal(t.lab.show("eth0")["ssh-banner"], "SSH-2.0-changed",
              "banner of the file without a fault")


# Own ranges: the end of what is allowed, then what meets a forbidden one, with
# the word that every refusal has. msdctl set leaves the judgement to the module.
ALLOWED = ("1.0.0.0-126.255.255.255", "128.0.0.0-223.255.255.255",
           "::2-::fffe:ffff:ffff", "::1:0:0:0-feff::", "2000::/3")
FORBIDDEN = {
    "0.0.0.0/8": ("0.0.0.0/0", "0.255.255.255-1.0.0.1", "0.0.0.0"),
    "loopback": ("127.0.0.1", "126.0.0.1-127.0.0.0",
                 "127.255.255.255-128.0.0.1"),
    "multicast": ("224.0.0.1", "223.0.0.1-224.0.0.0", "255.255.255.255",
                  "ff02::1", "feff::-ff00::", "ffff::"),
    ":: or ::1": ("::", "::1", "::1-::9", "::/0"),
    "IPv4-mapped": ("::ffff:192.0.2.1", "::fffe:ffff:ffff-::ffff:0:0",
                    "::ffff:ffff:ffff-::1:0:0:0", "::2-2001:db8::"),
}


def test_one_judge(t):
    """check, load and the module itself say the same of a range and a banner."""
    def judged(member, word, value, said):
        conf = {"own": OWN_LIST, member: [value] if member == "own" else value}
        t.lab.put(json.dumps({"interfaces": {DEV: conf}}), FILE)
        for words in (("check", FILE), ("load", FILE), ("set", DEV, word, value)):
            done = t.lab.msdctl(*words, ok=not said)
            need(not said or (done.status == 1 and said in done.err),
                 f"{words} of {value}: {done}")

    try:
        for text in ALLOWED:
            judged("own", "address", text, "")
        for said, texts in FORBIDDEN.items():
            for text in texts:
                judged("own", "address", text, said)
        for text in ("SSH-2.0-x", "SSH-1.99-a b-c", "SSH-2.0-" + "x" * 245):
            judged("ssh-banner", "ssh-banner", text, "")
        for text in ("SSH-3-x", "SSH-2.0-", "SSH-2.0-a-b", "SSH-2.0- x",
                     "HTTP/1.1"):
            judged("ssh-banner", "ssh-banner", text, "SSH banner")
        for text in ("127.0.0.1", "::/0", "0.0.0.0/0", "::ffff:192.0.2.1"):
            t.lab.msdctl("set", DEV, "deny", text)
            load(t, {DEV: {"own": OWN_LIST, "deny": [text]}})
    finally:
        t.lab.attach_default()


def test_lists_of_others(t):
    """A byte order mark, comments of Spamhaus' kind, blanks round a hyphen."""
    t.lab.put("\ufeff; DROP\r\n192.0.2.128 - 192.0.2.150 ; SBL1\r\n"
              "\ufeff2001:db8:1::/64 ; SBL2\r\n", "/tmp/list")
    t.lab.put("\ufeff" + json.dumps({"interfaces": {DEV: {
        "own": ["192.0.2.128 - 192.0.2.150", "2001:db8:1::/64"]}}}), FILE)
    wanted = ["192.0.2.128-192.0.2.150", "2001:db8:1::/64"]
    try:
        t.lab.msdctl("set", DEV, "address-file", "/tmp/list")
        equal(dump(t)["interfaces"][DEV]["own"], wanted, "from a list")
        t.lab.attach_default()
        t.lab.msdctl("check", FILE)
        t.lab.msdctl("load", FILE)
        equal(dump(t)["interfaces"][DEV]["own"], wanted, "from a configuration")
    finally:
        t.lab.attach_default()


def test_bad_text_changes_nothing(t):
    """A file that is cut, empty, missing, or no JSON."""
    before = t.lab.json("show")
    for text in ("", '{"interfaces": {"eth0": {', "not JSON",
                 '{"interfaces": {"eth0": {}, "eth0": {}}}'):
        t.lab.put(text, FILE)
        t.lab.refuse("load", FILE, said=f"{FILE}:1:")
    t.lab.refuse("load", "/nonexistent", said="/nonexistent: cannot open")
    t.lab.refuse("load", status=2, said="FILE is missing")
    equal(t.lab.json("show"), before, "after refusals")


def test_check_needs_nothing(t):
    """Neither root, nor the module, nor the devices."""
    t.lab.put(json.dumps({"interfaces": {"nodev0": DEFAULT}}), FILE)
    t.lab.sh(f"chmod 644 {FILE}; msdctl dump >/tmp/d; rmmod kmasscanned")
    try:
        t.lab.msdctl("check", FILE)
        t.lab.msdctl("check", "/tmp/d")
        t.lab.refuse("load", FILE, said="not loaded")
    finally:
        t.lab.sh("insmod /lab/kmasscanned.ko")
        t.lab.attach_default()
    t.alive()


def test_load_leaves_no_gap(t):
    """While files are loaded over one another, no echo is lost."""
    for n in (1, 2):
        load(t, {DEV: {"own": OWN_LIST + [f"10.{n}.0.0/16"],
                       "deny": [f"10.0.0.{n}"],
                       "ssh-banner": f"SSH-2.0-{n}"}})
        t.lab.sh(f"cp {FILE} /tmp/{n}.json")
    script = ("for i in $(seq 20); do msdctl load /tmp/1.json && "
              "msdctl load /tmp/2.json || exit 1; done; echo all done")
    sent = t.answers_during(script)
    need(sent > 100, f"only {sent} requests were sent meanwhile")
    load(t, {DEV: {"own": OWN_LIST}})


def test_many_ranges(t):
    """Loaded, dumped and loaded again; a million take five times as long."""
    own = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
           for n in range(0, 400000, 2)] + OWN_LIST
    try:
        t.lab.put(json.dumps({"interfaces": {DEV: {"own": own}}}), FILE)
        t.lab.msdctl("load", FILE, timeout=120)
        t.ask(t.echo(dst="10.6.26.126"))
        t.silent(t.echo(dst="10.6.26.127"))
        t.lab.sh("set -e; msdctl dump >/tmp/d; msdctl load /tmp/d; "
                 "msdctl dump | cmp - /tmp/d", timeout=240)
        equal(t.lab.sh("""grep -c '"10\\.' /tmp/d""").out, "200000\n",
              "ranges in the dump")
    finally:
        t.lab.sh(f"rm -f {FILE} /tmp/d")
        t.lab.attach_default()
