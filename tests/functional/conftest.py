# SPDX-License-Identifier: GPL-2.0-only
"""The lab as fixtures, the order of the cases, and the line at the end.

A case is a function test_NAME(t) of a module test_TOPIC.py; with the mark
"both" it runs once for each family. It asks the one guest that the session
boots (tests/lab/lab, LAB=functional unless set), from inside the client's
network namespace.
"""

import ctypes
import os
import signal

import pytest

import cases
from lab import DEV, Lab
from wire import Failure, Wire

# In this order: from the wire up, and what may upset the guest last. Any other
# test_TOPIC.py in this folder comes in between.
FIRST = ("arp", "ndisc", "icmp", "ip", "tcp", "cookie", "udp", "http", "ssh",
         "stun", "vlan", "taps", "control", "refusals", "offload", "clients")
LAST = ("lifecycle",)

CLONE_NEWNET = 0x40000000
OPTIONS = (
    ("--cpus", "processors of the guest"),
    ("--nic", "network card of the guest; QEMU's e1000e pads short frames and "
     "takes off inner VLAN tags, which test_ip length, test_vlan two_tags, "
     "test_stats golden and test_control counters notice"),
    ("--kernel", "a kernel of tests/lab/kernel, as 6.12 or debug"),
    ("--append", "words for the kernel's command line"),
)


def pytest_addoption(parser):
    """What the guest is booted with."""
    group = parser.getgroup("lab")
    for name, text in OPTIONS:
        group.addoption(name, help=text)
    group.addoption("--keep", action="store_true",
                    help="leave the lab up, and use it again if it is")


def pytest_configure(config):
    """However the session ends, its lab is taken down."""
    os.environ.setdefault("LAB", "functional")
    config.guest, config.status = Guest(config), 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: pytest.exit("ended by a signal", 1))


def pytest_generate_tests(metafunc):
    """A case for both families is two."""
    if metafunc.definition.get_closest_marker("both"):
        metafunc.parametrize("fam", (4, 6), ids=("ipv4", "ipv6"),
                             indirect=True)


def rank(item):
    """Where a case stands in the order."""
    topic = item.path.stem.removeprefix("test_")
    if topic in FIRST:
        return 0, FIRST.index(topic), topic
    return (2 if topic in LAST else 1), 0, topic


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session, items):
    """Order the cases; a look at the console ends them."""
    items.sort(key=rank)
    if items and not session.config.option.keep:
        items.append(Console.from_parent(session, name="console"))


class Guest:
    """The session's lab: booted with its first case, ended with its last."""

    def __init__(self, config):
        self.lab, self.option, self.home = Lab(), config.option, None

    def words(self):
        """The options given, as the lab takes them."""
        given = ((name, getattr(self.option, name[2:])) for name, _ in OPTIONS)
        return [word for pair in given if pair[1] for word in pair]

    def up(self):
        """Boot it, and move this process to where its client is."""
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        if not (self.option.keep and self.lab.is_up()):
            self.lab.up(*self.words())
        os.environ["LAB_FACTOR"] = self.lab.factor()
        enter(os.open(f"/run/netns/msd-lab-{os.environ['LAB']}", os.O_RDONLY))
        return self.lab

    def down(self):
        """End it once. Return: how the lab's command ended, or None."""
        if self.home is None:
            return None
        enter(self.home)
        self.home = None
        return None if self.option.keep else self.lab.down()


def enter(descriptor):
    """Move this process into a network namespace; closes the descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(descriptor)


class Console(pytest.Item):
    """The lab ends, and its kernel has complained of nothing."""

    def runtest(self):
        done = self.config.guest.down()
        if done is not None and done.status:
            raise Failure(str(done).replace("\\n", "\n"))

    def repr_failure(self, excinfo, style=None):
        return str(excinfo.value)

    def reportinfo(self):
        return self.path, None, "the guest's console is clean"


@pytest.fixture(scope="session", name="lab")
def fixture_lab(request):
    """The running lab."""
    guest = request.config.guest
    try:
        lab = guest.up()
    except Failure as failure:
        pytest.exit(f"the lab does not come up: {failure}", 1)
    yield lab
    guest.down()


@pytest.fixture(scope="module", name="wire")
def fixture_wire(lab):
    """A packet socket on the client's interface."""
    wire = Wire("lab0", lab.show()["mac"])
    yield wire
    wire.sock.close()


@pytest.fixture(name="fam")
def fixture_fam(request):
    """The family: IPv4 unless the case is for both."""
    return getattr(request, "param", 4)


@pytest.fixture(name="t")
def fixture_t(request, lab, wire, fam):
    """What a case works with. One that failed leaves no mark behind."""
    yield cases.Context(lab, wire, fam)
    if request.node.stash.get(FAILED, False):
        lab.msdctl("detach", DEV, ok=False)
        lab.attach_default()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember for fixtures that the case has failed."""
    outcome = yield
    if call.when == "call":
        item.stash[FAILED] = outcome.get_result().failed


def pytest_sessionfinish(session, exitstatus):
    """How the session ended, for the sum."""
    session.config.status = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """The sum, as every part of "make check" prints it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or config.option.collectonly:
        return
    count = {key: len(reporter.stats.get(key, ()))
             for key in ("passed", "failed", "error")}
    failed = count["failed"] + count["error"]
    if config.status and not failed:
        failed = 1
    print(f"{count['passed']} passed, {failed} failed", flush=True)
