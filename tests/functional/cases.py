# SPDX-License-Identifier: GPL-2.0-only
"""What a case works with: t.lab, and t.wire with its short-hands."""

import pytest

import lab as lab_module
import wire as wire_module

# The case runs once for each family; t.fam tells which.
both = pytest.mark.both


class Context:
    """What a case works with: t.lab, and t.wire with its short-hands."""

    def __init__(self, lab, wire, fam):
        self.lab, self.wire, self.fam = lab, wire, fam

    @property
    def own(self):
        """An own address of this family."""
        return wire_module.OWN[self.fam]

    @property
    def client(self):
        """The client's address of this family."""
        return wire_module.CLIENT[self.fam]

    def ip(self, **fields):
        """Link and network header from the client to us."""
        return self.wire.ip(self.fam, **fields)

    def echo(self, data=b"abcdefgh", **fields):
        """An echo request to us."""
        return wire_module.echo(self.wire, self.fam, data, **fields)

    def udp(self, data, dport=80, **fields):
        """A datagram to us."""
        return wire_module.udp(self.wire, self.fam, data, dport, **fields)

    def tcp(self, dport=80, **fields):
        """A connection not yet opened."""
        return wire_module.Tcp(self.wire, self.fam, dport, **fields)

    def ask(self, *frames):
        """Exactly one reply must come; it is returned."""
        return self.wire.ask(*frames)

    def silent(self, *frames):
        """No reply may come."""
        self.wire.silent(*frames)

    def link(self, *changes, dev=lab_module.DEV):
        """Change a device of the guest with ip link; returns when frames
        are answered again."""
        self.lab.link(*changes, dev=dev)
        self.wire.ready()

    def alive(self):
        """A plain echo request of this family is answered."""
        self.ask(self.echo(b"alive?"))

    def answers_during(self, script):
        """While a script runs in the guest, which prints "all done" at its
        end, no echo is lost. Returns how many were sent."""
        sent = 0
        with self.lab.background(script) as loop:
            while loop.running() or not sent:
                for self.fam in (4, 6):
                    got = self.wire.raw_talk(*[bytes(self.echo())] * 20)
                    wire_module.equal(len(got), 20, f"replies after {sent}")
                    sent += 20
            wire_module.need("all done" in loop.wait(), "the script failed")
        return sent
