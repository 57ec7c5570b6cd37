# SPDX-License-Identifier: GPL-2.0-only
"""SSH: identification exchange on every port, over TCP and UDP."""

from scapy.layers.inet import TCP

from cases import both
from wire import equal, need, payload

PORTS = (22, 80, 2222, 2022, 23874, 50000)
CLIENTS = (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", b"SSH-2.0-PUTTY",
           b"SSH-2.0-libssh2_1.10.0", b"SSH-2.0-Go", b"SSH-1.99-Cisco-1.25")
OURS = b"SSH-2.0-1\r\n"


@both
def test_identification(t):
    for port in PORTS:
        for client in CLIENTS:
            equal(t.tcp(port).open().fetch(client + b"\r\n"), OURS,
                  f"answer to {client!r} on port {port}")


@both
def test_over_udp(t):
    for client in CLIENTS:
        equal(payload(t.ask(t.udp(client + b"\r\n", 22))), OURS,
              f"answer to {client!r}")


@both
def test_own_identification_draws_nothing_over_udp(t):
    t.silent(t.udp(OURS, 22))


@both
def test_incomplete(t):
    for text in (b"S", b"SSH-", b"SSH-2.0", b"SSH-2.0-Go", b"SSH-2.0-Go\r"):
        t.tcp(22).open().tell(text)
        t.silent(t.udp(text, 22))


def check_refusal(t, text, why):
    """As OpenSSH 9.2: its identification, a sentence, the end."""
    got = t.tcp(22).open().say(text)
    equal(b"".join(payload(p) for p in got), OURS + why, f"to {text!r}")
    need("F" in got[-1][TCP].flags, f"{text!r} does not end the connection")
    t.silent(t.udp(text, 22))


@both
def test_other_versions(t):
    for text in (b"SSH-1.5-old\r\n", b"SSH-3.0-new\r\n"):
        check_refusal(t, text, b"Protocol major versions differ.\r\n")


@both
def test_invalid(t):
    for text in (b"SSH-x-y\r\n", b"SSH-\r\n", b"SSH-2.0 x\n"):
        check_refusal(t, text, b"Invalid SSH identification string.\r\n")


@both
def test_not_ssh(t):
    for text in (b"ssh-2.0-x\r\n", b"XSSH-2.0-x\r\n", b"SSH2.0\r\n"):
        t.tcp(22).open().tell(text)
        t.silent(t.udp(text, 22))


@both
def test_key_exchange_is_acknowledged(t):
    conn = t.tcp(22).open()
    equal(conn.fetch(b"SSH-2.0-Go\r\n"), OURS, "identification")
    conn.tell(bytes.fromhex("0000001c0a14") + bytes(range(26)))


def test_banner_is_settable(t):
    """While the old one is served there is no gap, and it comes back."""
    banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"
    with t.lab.set("ssh-banner", banner, undo=("ssh-banner", "SSH-2.0-1")):
        for fam in (4, 6):
            t.fam = fam
            equal(t.tcp(22).open().fetch(b"SSH-2.0-Go\r\n"),
                  banner.encode() + b"\r\n", "settable banner")
        equal(t.lab.show()["ssh-banner"], banner, "banner shown")
    equal(t.tcp(22).open().fetch(b"SSH-2.0-Go\r\n"), OURS, "banner undone")


def test_banner_of_greatest_length(t):
    banner = "SSH-2.0-" + "x" * 245
    with t.lab.set("ssh-banner", banner, undo=("ssh-banner", "SSH-2.0-1")):
        equal(t.tcp(22).open().fetch(b"SSH-2.0-Go\r\n"),
              banner.encode() + b"\r\n", "253 bytes of banner")


def test_banner_refused(t):
    """RFC 4253 section 4.2; and a refusal changes nothing."""
    before = t.lab.show()
    for bad in ("", "SSH-2.0-" + "x" * 246, "hello"):
        done = t.lab.msdctl("set", "eth0", "ssh-banner", bad, ok=False)
        equal(done.status in (1, 2), True, f"refusal of {bad[:20]!r}: {done}")
    equal(t.lab.show(), before, "settings after refusals")
    equal(t.tcp(22).open().fetch(b"SSH-2.0-Go\r\n"), OURS, "banner")
