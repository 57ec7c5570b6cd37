# SPDX-License-Identifier: GPL-2.0-only
"""How many of our protocols the two scanners of record call by their names.

Both ask a port by its number and we answer by content, so for each protocol
stands the port at which the scanner asks for that protocol before any other.
"""

import re
import xml.etree.ElementTree

from lab import run
from test_clients import DEV
from wire import CLIENT, OWN, equal, need, other_traffic

# Port → the label of what masscan asks there. It also asks for SIP and NTP:
# its SIP request is cut off in the middle of a line, its NTP request is one of
# mode 7, which amplifies. Both must draw nothing.
MASSCAN = {"80/tcp": "http", "443/tcp": "ssl", "445/tcp": "smb",
           "3389/tcp": "rdp", "11211/tcp": "memcached", "53/udp": "dns-ver",
           "161/udp": "snmp"}
MASSCAN_SILENT = ("123/udp", "5060/udp")

# Responder → where nmap asks for it, and what it says then.
NMAP = {"http": ("80/tcp", "http"), "dns": ("53/tcp", "domain"),
        "rpc": ("111/tcp", "rpcbind"), "smb1": ("445/tcp", "microsoft-ds"),
        "tls": ("443/tcp", "ssl"), "rdp": ("3389/tcp", "ms-wbt-server"),
        "redis": ("6379/tcp", "redis"), "mqtt": ("1883/tcp", "mqtt"),
        "memcached": ("11211/tcp", "memcached"),
        "mongodb": ("27017/tcp", "mongodb"), "socks": ("1095/tcp", "socks5"),
        "sip": ("406/tcp", "sip-proxy"), "ntp": ("123/udp", "ntp"),
        "snmp": ("161/udp", "snmp")}
NMAP_UDP = {"53/udp": "domain", "111/udp": "rpcbind", "5060/udp": "sip-proxy"}
# At ADB's port nmap asks for DNS and SMB first.
NMAP_ADB = ("5555/tcp", "adb")


def as_argument(ports):
    """Ports as both scanners have them: T:80,U:53."""
    return ",".join(f"{port[-3].upper()}:{port[:-4]}" for port in ports)


def test_masscan(t):
    """Every protocol it asks for is labelled."""
    with other_traffic():
        done = run(["masscan", OWN[4], "-e", DEV, "--source-ip", CLIENT[4],
                    "--rate", "100", "-p" + as_argument(
                        [*MASSCAN, *MASSCAN_SILENT]),
                    "--banners", "--wait", "8", "--router-mac",
                    t.wire.mac.replace(":", "-")], timeout=90)
    equal(done.status, 0, str(done))
    seen = re.findall(r"Banner on port (\S+) on \S+ \[([^]]+)\]", done.out)
    labels = {port: name for port, name in seen
              if name in MASSCAN.values()}
    print(f"# masscan labels {len(labels)} of {len(MASSCAN)}: "
          f"{' '.join(labels.values())}")
    equal(labels, MASSCAN, f"labels; masscan said {done.out}")
    need(not set(MASSCAN_SILENT) & {port for port, _ in seen}, done.out)
    t.alive()


def nmap(fam, ports):
    """Version scan; what nmap found by asking: port → name."""
    kinds = "".join(sorted({port[-3].upper() for port in ports}))
    kinds = kinds.replace("T", "S")
    done = run(["nmap", *(["-6"] if fam == 6 else []), f"-s{kinds}", "-sV",
                "--version-light", "-n", "-Pn", "-oX", "-",
                "-p" + as_argument(ports), OWN[fam]], timeout=300)
    equal(done.status, 0, str(done))
    found = {}
    for port in xml.etree.ElementTree.fromstring(done.out).iter("port"):
        service = port.find("service")
        if service is None:
            continue
        where = f"{port.get('portid')}/{port.get('protocol')}"
        if service.get("tunnel") == "ssl":
            found[where] = "ssl"
        elif service.get("method") == "probed":
            found[where] = service.get("name")
    return found


def named(fam):
    """Responders that nmap names over this family."""
    want = dict(NMAP.values()) | NMAP_UDP
    found = nmap(fam, list(want))
    equal(found, want, "names by nmap")
    return list(NMAP)


def test_nmap(t):
    """At least 15 protocols, one port each, by light version scans."""
    names = named(4)
    with t.lab.set("proto", "dns", "off", "proto", "smb1", "off",
                   undo=("proto", "dns", "on", "proto", "smb1", "on")):
        equal(nmap(4, NMAP_ADB[:1]), dict([NMAP_ADB]), "name of ADB")
    names.append("adb")
    print(f"# nmap names {len(names)} protocols: {' '.join(names)}")
    need(len(names) >= 15, f"{len(names)} protocols")
    t.alive()


def test_nmap_over_ipv6(t):
    names = named(6)
    print(f"# nmap names {len(names)} protocols over IPv6: {' '.join(names)}")
    t.fam = 6
    t.alive()
