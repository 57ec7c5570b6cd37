# SPDX-License-Identifier: GPL-2.0-only
"""Cases: how a test module says what it tests, and how they are run.

A case is a function test_NAME(t) of a module test_TOPIC.py; its name is
TOPIC/NAME, with "-ipv4" or "-ipv6" behind it when it is for both families.
It passes when it returns and fails when it raises.
"""

import importlib
import sys
import time
import traceback

import lab as lab_module
import wire as wire_module


def both(function):
    """The case runs once for each family; t.fam tells which."""
    function.families = (4, 6)
    return function


class Context:
    """What a case works with: t.lab, and t.wire with its short-hands."""

    def __init__(self, lab, wire):
        self.lab, self.wire = lab, wire
        self.fam = 4

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


def collect(topic):
    """The cases of a module: list of (name, function, family)."""
    module = importlib.import_module(f"test_{topic}")
    found = []
    for attr, function in vars(module).items():
        if not attr.startswith("test_") or not callable(function):
            continue
        name = f"{topic}/{attr[5:].replace('_', '-')}"
        families = getattr(function, "families", None)
        if families:
            found += [(f"{name}-ipv{f}", function, f) for f in families]
        else:
            found.append((name, function, 4))
    return found


def diagnose(error):
    """Lines of a TAP diagnostic for what a case raised."""
    if isinstance(error, wire_module.Failure):
        where = traceback.extract_tb(error.__traceback__)
        trail = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in where]
        text = f"{error}\nat {' < '.join(reversed(trail))}"
    else:
        text = "".join(traceback.format_exception(error))
    return "".join(f"# {line}\n" for line in text.splitlines())


def run_one(name, function, fam, context):
    """Run a case and print its line; True when it passed."""
    begin = time.monotonic()
    context.fam = fam
    try:
        function(context)
        error = None
    except Exception as raised:  # pylint: disable=broad-except
        error = raised
    took = f"# {time.monotonic() - begin:.1f} s"
    if error is None:
        print(f"ok - {name} {took}", flush=True)
        return True
    print(f"not ok - {name} {took}\n{diagnose(error)}", end="", flush=True)
    return False


def worker(topic, names):
    """Run cases of one module inside the client's namespace."""
    lab = lab_module.Lab()
    try:
        wire = wire_module.Wire("lab0", lab.show()["mac"])
    except wire_module.Failure as failure:
        print(diagnose(failure), end="")
        return 1
    context = Context(lab, wire)
    passed = True
    for name, function, fam in collect(topic):
        if name in names:
            passed &= run_one(name, function, fam, context)
            if not passed:
                lab.attach_default()
    return 0 if passed else 1


if __name__ == "__main__":
    # The module's functions must raise the same Failure as this file knows.
    import cases
    sys.exit(cases.worker(sys.argv[1], sys.argv[2:]))
