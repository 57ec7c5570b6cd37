# SPDX-License-Identifier: GPL-2.0-only
"""Unmodified clients of each protocol, on usual ports and on others."""

import contextlib
import os
import re
import tempfile

from cases import both
from lab import HERE, run
from test_clients import host
from wire import OWN, equal, need

# Where nobody expects a server.
ODD = 24601
# Clients give a host less time than a busy emulated one may need.
PATIENCE = 20


def client(*argv, status=0, timeout=90, stdin=None, **environment):
    """Run a client that must end with this status."""
    words = [f"{name}={value}" for name, value in environment.items()]
    done = run(["env", "LC_ALL=C", *words, *map(str, argv)], timeout=timeout,
               stdin=stdin)
    equal(done.status, status, f"exit status: {done}")
    return done


def says(done, *texts):
    """The client printed each of the texts."""
    for text in texts:
        need(text in done.out + done.err, f"{text!r} missing: {done}")


def matches(done, pattern):
    """The client printed what the pattern describes; the match."""
    found = re.search(pattern, done.out + done.err)
    need(found, f"/{pattern}/ missing: {done}")
    return found


# DNS ------------------------------------------------------------------------

def dig(t, *words, port=53):
    """One query; what dig prints without a warning."""
    done = client("dig", f"-{t.fam}", f"+time={PATIENCE}", "+tries=3",
                  "-p", port, f"@{t.own}", *words)
    for bad in (";; Warning", "malformed", "timed out"):
        need(bad not in done.out + done.err, f"{bad!r}: {done}")
    return done


@both
def test_dig_address(t):
    """The address asked for is the one that is asked."""
    kind, other = ("A", "AAAA") if t.fam == 4 else ("AAAA", "A")
    for words in ((), ("+tcp",), ("+edns",), ("+noedns",), ("+dnssec",),
                  ("+noedns", "+tcp")):
        for port in (53, ODD):
            done = dig(t, *words, "www.example.org", kind, port=port)
            says(done, "status: NOERROR", "flags: qr aa rd")
            matches(done, rf"www\.example\.org\.\s+\d+\s+IN\s+{kind}\s+"
                    rf"{re.escape(t.own)}\n")
    done = dig(t, "www.example.org", other)
    says(done, "status: NOERROR", "ANSWER: 0")


@both
def test_dig_version(t):
    for words in ((), ("+tcp",)):
        done = dig(t, *words, "+short", "version.bind", "TXT", "CH")
        matches(done, r'^"9\.[0-9.]+')


@both
def test_dig_edns(t):
    says(dig(t, "+edns=0", "example.org", "MX"), "EDNS: version: 0",
         "status: NOERROR")
    says(dig(t, "+edns=1", "+noednsneg", "example.org", "MX"),
         "status: BADVERS")


@both
def test_dig_any(t):
    """One record will do (RFC 8482), over UDP and TCP."""
    kind = "A" if t.fam == 4 else "AAAA"
    for words in ("+notcp", "+tcp"):
        done = dig(t, words, "www.example.org", "ANY")
        says(done, "status: NOERROR", "ANSWER: 1, AUTHORITY: 0")
        matches(done, rf"www\.example\.org\.\s+\d+\s+IN\s+{kind}\s+"
                rf"{re.escape(t.own)}\n")


@both
def test_dig_soa(t):
    """Every name heads a zone, which is not given away."""
    for words in ((), ("+tcp",)):
        done = dig(t, *words, "www.example.org", "SOA")
        says(done, "status: NOERROR", "flags: qr aa rd", "ANSWER: 1")
        matches(done, r"IN\s+SOA\s+www\.example\.org\. \. 0 28800 7200 ")
    says(dig(t, "www.example.org", "AXFR"), "; Transfer failed.")


@both
def test_dig_notify(t):
    for words in ((), ("+tcp",)):
        says(dig(t, *words, "+opcode=NOTIFY", "example.org", "SOA"),
             "opcode: NOTIFY, status: NOTAUTH")


@both
def test_nsupdate(t):
    """It looks for the zone's head first, unless told."""
    update = "update add www.example.org 60 TXT text\nsend\n"
    for words in ((), ("-v",)):
        for zone in ("", "zone example.org\n"):
            done = client("nsupdate", "-t", 2 * PATIENCE, "-u", PATIENCE,
                          *words, status=2,
                          stdin=f"server {t.own}\n{zone}{update}")
            says(done, "update failed: NOTAUTH")


@both
def test_dig_not_taken_for_ntp(t):
    """A query of the size and with the first byte of an NTP request."""
    says(dig(t, "+qid=6931", "+cookie=0102030405060708", "example.org", "MX"),
         "id: 6931", "status: NOERROR")


@both
def test_host(t):
    kind = "address" if t.fam == 4 else "IPv6 address"
    done = client("host", "-W", PATIENCE, "-R", 3, "www.example.org", t.own)
    says(done, f"www.example.org has {kind} {t.own}")
    done = client("host", "-T", "-W", PATIENCE, "-t", "TXT", "-c", "CH",
                  "version.bind", t.own)
    says(done, "version.bind descriptive text \"9.")


# SMB ------------------------------------------------------------------------

DIALECTS = {"NT1": "NT1", "SMB2_02": "SMB2_02", "SMB2_10": "SMB2_10",
            "SMB3_00": "SMB3_00", "SMB3_02": "SMB3_02", "SMB3_11": "SMB3_11",
            "SMB3": "SMB3_11"}


def smbclient(t, most, port=445):
    """List shares as a user nobody knows."""
    return client("smbclient", "-L", f"//{t.own}", "-p", port, "-U",
                  "somebody%secret", "-m", most, "-d", "5",
                  "--configfile=/dev/null", "-t", PATIENCE,
                  "--option=client min protocol=NT1", status=1)


@both
def test_smbclient(t):
    """Every dialect reaches the challenge, and the logon fails."""
    for most, dialect in DIALECTS.items():
        done = smbclient(t, most)
        says(done, f"negotiated dialect[{dialect}] against server[{t.own}]",
             "Got challenge flags", "NT_STATUS_LOGON_FAILURE")
        print(f"# smbclient -m {most}: negotiated dialect[{dialect}]")


@both
def test_smbclient_elsewhere(t):
    for port in (139, ODD):
        for most in ("SMB3", "NT1"):
            says(smbclient(t, most, port), "NT_STATUS_LOGON_FAILURE")


# ONC RPC --------------------------------------------------------------------

def rpcinfo(*words):
    """Debian's rpcinfo."""
    path = client(os.path.join(HERE, "borrow"), "rpcbind",
                  "rpcinfo").out.strip()
    return client(path, *words, timeout=120)


def test_rpcinfo_list(t):
    """Portmapper version 2, and the table of rpcbind."""
    done = rpcinfo("-p", t.own)
    for version in (2, 3, 4):
        matches(done, rf"100000\s+{version}\s+tcp\s+111\s+portmapper")
    for fam, netid in ((4, "tcp"), (6, "tcp6")):
        done = rpcinfo("-T", netid, OWN[fam])
        for of, address in (("tcp", "0.0.0.0.0.111"), ("tcp6", "::.0.111"),
                            ("udp", "0.0.0.0.0.111"), ("udp6", "::.0.111"),
                            ("local", "/run/rpcbind.sock")):
            matches(done, rf"100000\s+4\s+{of}\s+{re.escape(address)}\s")


@both
def test_rpcinfo_null(t):
    """The null procedure of each version is called."""
    for transport in ("-u", "-t") if t.fam == 4 else ():
        done = rpcinfo(transport, t.own, 100000)
        for version in (2, 3, 4):
            says(done, f"program 100000 version {version} ready and waiting")
    for transport in ("udp", "tcp") if t.fam == 4 else ("udp6", "tcp6"):
        done = rpcinfo("-T", transport, t.own, 100000, 4)
        says(done, "program 100000 version 4 ready and waiting")


# Databases and caches -------------------------------------------------------

@both
def test_redis_cli(t):
    for port in (6379, ODD):
        redis = ("redis-cli", "-h", t.own, "-p", port)
        equal(client(*redis, "ping").out, "PONG\n", "ping")
        says(client(*redis, "info"), "redis_version:")
        says(client(*redis, "get", "key"), "\n")
        says(client(*redis, "nonsense"), "ERR unknown command `nonsense`")
        equal(client(*redis, "slaveof", "192.0.2.1", "6380").out, "OK\n",
              "first step of a rogue server")
        equal(client(*redis, "module", "load", "./exp.so").out, "OK\n",
              "its second step")
        says(client(*redis, "system.exec", "id"),
             "ERR unknown command `system.exec`, with args beginning with: `id`")
        says(client(*redis, "-a", "secret", "--no-auth-warning", "ping"),
             "ERR Client sent AUTH, but no password is set")


@both
def test_psql(t):
    """The password is asked for, and refused."""
    for port in (5432, ODD):
        for mode in ("prefer", "disable"):
            where = f"host={t.own} port={port} user=somebody sslmode={mode}"
            done = client("psql", "-w", where, status=2)
            says(done, "fe_sendauth: no password supplied")
            done = client("psql", "-w", where, status=2, PGPASSWORD="secret")
            says(done, "FATAL:  password authentication failed for user "
                 '"postgres"')


@both
def test_memcached(t):
    """In text and in binary."""
    for port in (11211, ODD):
        for mode in ((), ("--binary",)):
            done = client("memcstat", *mode,
                          f"--servers={host(t.fam)}:{port}")
            says(done, "curr_items: 0", "version: 1.")


# Messages, telephones, things -----------------------------------------------

@both
def test_mosquitto(t):
    for port in (1883, ODD):
        for version, said, status in (("311", "not authorised", 5),
                                      ("31", "not authorised", 5),
                                      ("5", "Not authorized", 135)):
            done = client("mosquitto_pub", "-h", t.own, "-p", port, "-V",
                          version, "-t", "topic", "-m", "text", status=status)
            says(done, "Connection error: ", said)


def test_sipsak(t):
    """OPTIONS over UDP and TCP; sipsak has no IPv6."""
    for transport in ("udp", "tcp"):
        for port in (5060, ODD):
            done = client("sipsak", "-v", "-v", "-E", transport, "-s",
                          f"sip:100@{t.own}:{port}")
            says(done, "SIP/2.0 200", "Allow:")


def test_sipsak_registers(t):
    """The challenge is taken up, and the credentials are refused."""
    for transport in ("udp", "tcp"):
        done = client("sipsak", "-v", "-v", "-i", "-U", "-E", transport,
                      "-C", f"sip:me@{t.client}:5062", "-x", 60, "-a",
                      "secret", "-s", f"sip:100@{t.own}", status=1)
        says(done, "authorizing", "SIP/2.0 403 Forbidden")


@both
def test_adb(t):
    """The client's server connects us as a device, and no shell comes."""
    with tempfile.TemporaryDirectory() as home, contextlib.ExitStack() as end:
        def adb(*words, status=0):
            return client("adb", "-P", "5937", *words, status=status,
                          HOME=home, TMPDIR=home)

        end.callback(adb, "kill-server")
        for port in (5555, ODD):
            where = f"{host(t.fam)}:{port}"
            says(adb("connect", where), f"connected to {where}")
            adb("-s", where, "wait-for-device")
            says(adb("devices", "-l"), where, "device product:marlin",
                 "model:Pixel_XL")
            says(adb("-s", where, "shell", "id", status=1), "error: closed")
            adb("disconnect", where)


# Time, management -----------------------------------------------------------

@both
def test_ntpdate(t):
    """The guest's clock was set from the host's."""
    done = client("ntpdate", "-q", "-t", "10", t.own)
    offset = matches(done, r"([-+][0-9.]+) \+/- [0-9.]+ "
                     rf"{re.escape(t.own)}").group(1)
    print(f"# ntpdate: offset {offset} s")
    need(abs(float(offset)) < 60, f"clock of the guest: {done}")
    matches(done, r"\bs[1-9]\b")


@both
def test_snmpget(t):
    """The text is empty: a reply is never larger than its request."""
    target = t.own if t.fam == 4 else f"udp6:{host(6)}"
    for version in ("1", "2c"):
        for port in (161, ODD):
            done = client("snmpget", "-v", version, "-c", "public", "-t",
                          PATIENCE, "-r", "2", f"{target}:{port}",
                          "1.3.6.1.2.1.1.1.0")
            equal(done.out, 'iso.3.6.1.2.1.1.1.0 = ""\n', "sysDescr")
            print(f"# snmpget -v {version}: {done.out.strip()}")


@both
def test_snmpget_other_community(t):
    """As an agent that does not know it: no word."""
    target = t.own if t.fam == 4 else f"udp6:{host(6)}"
    for version, community in (("1", "private"), ("2c", "Public")):
        done = client("snmpget", "-v", version, "-c", community, "-t", "3",
                      "-r", "0", target, "1.3.6.1.2.1.1.1.0", status=1)
        says(done, "Timeout: No Response from ")
    t.alive()


# What is refused: TLS, SOCKS ------------------------------------------------

@both
def test_openssl(t):
    """Our alert is taken for what it is."""
    for port in (443, ODD):
        for version in ("-tls1_3", "-tls1_2"):
            done = client("openssl", "s_client", version, "-connect",
                          f"{host(t.fam)}:{port}", "-servername",
                          "www.example.org", "-alpn", "h2,http/1.1", status=1)
            alert = matches(done, r"(alert [a-z ]+):.*SSL alert number 40")
            print(f"# openssl {version}: {alert.group(1)}")


@both
def test_curl_socks(t):
    """The method is agreed upon, the connection refused."""
    for port in (1080, ODD):
        for scheme, said in (("socks5", "Can't complete SOCKS5 connection"),
                             ("socks5h", "Can't complete SOCKS5 connection"),
                             ("socks4", "Can't complete SOCKS4 connection")):
            done = client("curl", "--no-progress-meter", "--max-time", "60",
                          "--proxy", f"{scheme}://{host(t.fam)}:{port}",
                          "http://198.51.100.1/", status=97)
            says(done, said)
    done = client("curl", "--no-progress-meter", "--max-time", "60",
                  "--proxy", f"socks5://me:secret@{host(t.fam)}:1080",
                  "http://198.51.100.1/", status=97)
    says(done, "Can't complete SOCKS5 connection")
