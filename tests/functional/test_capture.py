# SPDX-License-Identifier: GPL-2.0-only
"""Capture files: of tcpdump on the interface, and of msdctl capture.

Real clients make the traffic; tshark reads the files.
"""

import contextlib
import shlex

from cases import both
from lab import DEV, run
from shark import Capture
from wire import OWN, equal, need

# The client's end of the wire. Its kernel may know no VLANs, so that the client
# of those is in the guest, behind a veth pair.
TAP, VLAN = "lab0", 7
TAGGED = {4: "203.0.113.129", 6: "2001:db8:2::8001"}
CURL = ("-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "30")

# All of: SYN, SYN-ACK, ACK, data, FIN.
COMPLETE = "31"


@contextlib.contextmanager
def whole_checksums():
    """The client's kernel leaves them to a card that is not there, and a tap
    on the sensor would see them unfinished."""
    run(["ethtool", "-K", TAP, "tx", "off"])
    try:
        yield
    finally:
        run(["ethtool", "-K", TAP, "tx", "on"])


@contextlib.contextmanager
def vlan(t):
    """v0 is attached, and its peer is on a VLAN there."""
    t.lab.push("/usr/bin/curl")
    with t.lab.peer(address=TAGGED.values()):
        t.lab.in_peer("""sh -ec '
            ethtool -K v1 tx off
            ip link add link v1 name tagged type vlan id %d
            ip link set tagged up
            ip address add 203.0.113.1/24 dev tagged
            ip address add 2001:db8:2::1/64 dev tagged nodad'""" % VLAN)
        yield


def url(host, path=""):
    """Of an address of either family."""
    return f"http://[{host}]/{path}" if ":" in host else f"http://{host}/{path}"


def get(_, *where):
    """A page with an unmodified client."""
    done = run(["curl", *CURL, url(*where)])
    equal(done.out, "401", str(done))


def get_tagged(t, *where):
    """The same from the VLAN."""
    done = t.lab.in_peer(shlex.join(["/lab/curl", *CURL, url(*where)]))
    equal(done.out, "401", str(done))


@contextlib.contextmanager
def tcpdump(t, path, dev, client, host):
    """What the block sends is in the file with its replies, and then whole.

    Last of all a request is sent that is known by its path."""
    script = f"""
        tcpdump -Z root -U --immediate-mode -n -i {dev} -w {path} 2>&1 &
        until [ -e {path}.end ]; do usleep 20000; done
        kill -INT $!
        wait $!
        rm {path}.end"""
    with t.lab.background(script, "listening on") as tap:
        yield
        client(t, host, "last-of-all")
        t.lab.sh(f"until grep -aq last-of-all {path}; do usleep 20000; done; "
                 f"touch {path}.end")
        said = tap.wait()
    need("0 packets dropped by kernel" in said, f"tcpdump: {said!r}")


def one_connection(raw, host):
    """The file begins with one whole HTTP dialogue with this address."""
    cap = Capture(raw)
    where = (f"{'ipv6' if ':' in host else 'ip'}.addr == {host}"
             " && tcp.stream == 0")
    equal(cap.column("tcp.completeness", where)[-1:], [COMPLETE],
          "Wireshark's completeness of the connection")
    flags = [int(f, 16) for f in cap.column("tcp.flags", where)]
    equal(flags[:3], [0x02, 0x12, 0x10], "handshake")
    equal(cap.column("http.request.method", where), ["GET"], "requests")
    equal(cap.column("http.response.code", where), ["401"], "responses")
    cap.sound()
    return cap


@both
def test_tcpdump(t):
    """Both directions of a connection, as tcpdump writes them."""
    host = OWN[t.fam]
    with whole_checksums(), tcpdump(t, "/tmp/a.pcap", DEV, get, host):
        get(t, host)
    one_connection(t.lab.fetch("/tmp/a.pcap"), host)


@both
def test_tcpdump_vlan(t):
    """The same under a tag, which both directions bear."""
    host = TAGGED[t.fam]
    with vlan(t), tcpdump(t, "/tmp/a.pcap", "v0", get_tagged, host):
        get_tagged(t, host)
    cap = one_connection(t.lab.fetch("/tmp/a.pcap"), host)
    equal(set(cap.column("vlan.id", "tcp")), {str(VLAN)}, "tags")
    equal(cap.rows("frame.number", where="tcp && !vlan"), [], "untagged")
