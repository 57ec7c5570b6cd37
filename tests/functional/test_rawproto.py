# SPDX-License-Identifier: GPL-2.0-only
"""Protocols that no small client of Debian's speaks, from plain sockets.

The client's kernel does the TCP; requests are put together here, and replies
are read by the lengths they carry.
"""

import contextlib
import socket
import struct
import zlib

from cases import both
from wire import OWN, equal, need, patience, payload

# Where nobody expects a server.
ODD = 24602


class Stream:
    """A connection of the client's kernel."""

    def __init__(self, fam, port):
        self.sock = socket.create_connection((OWN[fam], port), patience())

    def close(self):
        """For contextlib.closing()."""
        self.sock.close()

    def ask(self, data, size):
        """Send a request; the first bytes of what it draws."""
        self.sock.sendall(data)
        return self.read(size)

    def read(self, size):
        """Exactly this many bytes."""
        got = b""
        while len(got) < size:
            more = self.sock.recv(size - len(got))
            need(more, f"connection ends behind {got!r}, {size} bytes due")
            got += more
        return got


@contextlib.contextmanager
def stream(t, port):
    """A connection to an own address."""
    with contextlib.closing(Stream(t.fam, port)) as conn:
        yield conn


@both
def test_gh0st(t):
    """A login is answered by the command that activates."""
    login = zlib.compress(b"\x66" + bytes(300))
    packet = b"Gh0st" + struct.pack("<II", 13 + len(login), 301) + login
    for port in (80, ODD):
        with stream(t, port) as conn:
            magic, size, plain = struct.unpack("<5sII", conn.ask(packet, 13))
            equal((magic, plain), (b"Gh0st", 1), "head of the reply")
            equal(zlib.decompress(conn.read(size - 13)), b"\0", "command")


def jdwp(conn, serial, group, command):
    """One command of the debugger; error and data of the reply."""
    size, same, flags, error = struct.unpack(">IIBH", conn.ask(
        struct.pack(">IIBBB", 11, serial, 0, group, command), 11))
    equal((same, flags), (serial, 0x80), "id and flags of the reply")
    return error, conn.read(size - 11)


@both
def test_jdwp(t):
    for port in (8000, ODD):
        with stream(t, port) as conn:
            hello = b"JDWP-Handshake"
            equal(conn.ask(hello, len(hello)), hello, "handshake")
            error, version = jdwp(conn, 1, 1, 1)
            size = struct.unpack(">I", version[:4])[0]
            need(not error and version[4:].startswith(b"Java Debug Wire"),
                 f"{error} {version!r}")
            equal(struct.unpack(">II", version[4 + size:12 + size]), (17, 0),
                  "JDWP version")
            equal(jdwp(conn, 2, 1, 7), (0, struct.pack(">5I", *[8] * 5)),
                  "sizes of identifiers")
            error, threads = jdwp(conn, 3, 1, 4)
            equal((error, threads[:4]), (0, b"\0\0\0\6"), "threads")
            equal(jdwp(conn, 4, 1, 0x6f), (99, b""), "a command it has not")


def modbus(conn, serial, pdu):
    """One request to unit 1; the PDU of the reply."""
    same, protocol, size, unit = struct.unpack(">HHHB", conn.ask(
        struct.pack(">HHHB", serial, 0, len(pdu) + 1, 1) + pdu, 7))
    equal((same, protocol, unit), (serial, 0, 1), "header of the reply")
    return conn.read(size - 1)


@both
def test_modbus(t):
    for port in (502, ODD):
        with stream(t, port) as conn:
            pdu = modbus(conn, 7, b"\x2b\x0e\x01\x00")
            equal(pdu[:7], b"\x2b\x0e\x01\x83\0\0\x03", "identification")
            need(pdu[7:].startswith(b"\0\x12Schneider Electric"), repr(pdu))
            read = modbus(conn, 8, b"\x03\0\0\0\x0a")
            equal((read[:2], len(read)), (b"\x03\x14", 22), "registers")
            equal(modbus(conn, 9, b"\x03\0\0\0\x0a"), read, "again")
            equal(modbus(conn, 10, b"\x06\0\0\0\x0a"),
                  b"\x06\0\0\0\x0a", "a register written")
            equal(modbus(conn, 11, b"\x11"), b"\x11\rBMX P34 2020\xff",
                  "server id")


@both
def test_rdp(t):
    """The client's reference and the best protocol it knows come back."""
    cookie = b"Cookie: mstshash=somebody\r\n"
    for port in (3389, ODD):
        for asked, chosen in ((0, 0), (1, 1), (3, 2), (11, 8)):
            ask = b"\xe0\0\0\x0a\x0b\0" + cookie + \
                struct.pack("<BBHI", 1, 0, 8, asked)
            ask = struct.pack(">BBHB", 3, 0, 5 + len(ask), len(ask)) + ask
            with stream(t, port) as conn:
                got = conn.ask(ask, 19)
            equal(got[:8], b"\x03\0\0\x13\x0e\xd0\x0a\x0b", "confirm")
            kind, _, size, choice = struct.unpack("<BBHI", got[11:])
            equal((kind, size, choice), (2, 8, chosen), f"choice of {asked}")


@both
def test_mongodb(t):
    """The driver finds a server, learns its version, and has to log in."""
    import pymongo  # pylint: disable=import-outside-toplevel
    for port in (27017, ODD):
        host = OWN[4] if t.fam == 4 else f"[{OWN[6]}]"
        with pymongo.MongoClient(f"mongodb://{host}:{port}/",
                                 serverSelectionTimeoutMS=30000) as client:
            equal(client.admin.command("ping")["ok"], 1.0, "ping")
            version = client.server_info()["version"]
            need(version.startswith("4.4."), version)
            try:
                names = client.list_database_names()
            except pymongo.errors.OperationFailure as refused:
                equal(refused.code, 13, f"code of {refused}")
            else:
                need(False, f"a stranger is told of {names}")


def options(transport, host, port):
    """An OPTIONS request of RFC 3261 section 11."""
    return (f"OPTIONS sip:100@{host}:{port} SIP/2.0\r\n"
            f"Via: SIP/2.0/{transport} client.example.org;"
            "branch=z9hG4bK776asdhds;rport\r\n"
            "Max-Forwards: 70\r\n"
            f"To: <sip:100@{host}>\r\n"
            "From: <sip:me@example.org>;tag=1928301774\r\n"
            "Call-ID: a84b4c76e66710\r\nCSeq: 7 OPTIONS\r\n"
            "Contact: <sip:me@example.org>\r\nContent-Length: 0\r\n\r\n"
            ).encode()


def check_ok(text):
    """A reply to options()."""
    need(text.startswith(b"SIP/2.0 200 ") and text.endswith(b"\r\n\r\n"),
         repr(text))
    for line in (b"Call-ID: a84b4c76e66710", b"CSeq: 7 OPTIONS"):
        need(b"\r\n" + line + b"\r\n" in text, f"{line!r} not in {text!r}")


@both
def test_sip(t):
    host = OWN[4] if t.fam == 4 else f"[{OWN[6]}]"
    for port in (5060, ODD):
        check_ok(payload(t.ask(t.udp(options("UDP", host, port), port))))
        check_ok(t.tcp(port).open().fetch(options("TCP", host, port)))


@both
def test_ntp(t):
    """The request's transmit time comes back as originate time."""
    request = b"\x23\0\6\x20" + bytes(36) + b"transmit"
    for port in (123, ODD):
        reply = payload(t.ask(t.udp(request, port)))
        equal((len(reply), reply[0], reply[24:32]), (48, 0x24, b"transmit"),
              "length, version and mode, originate time")


@both
def test_rpc(t):
    """The null procedure of rpcbind, over UDP and TCP."""
    call = struct.pack(">10I", 7, 0, 2, 100000, 4, 0, 0, 0, 0, 0)
    reply = struct.pack(">6I", 7, 1, 0, 0, 0, 0)
    for port in (111, ODD):
        equal(payload(t.ask(t.udp(call, port))), reply, "over UDP")
        with stream(t, port) as conn:
            equal(conn.ask(struct.pack(">I", 0x80000028) + call, 28),
                  struct.pack(">I", 0x80000018) + reply, "over TCP")


@both
def test_memcached_never_over_udp(t):
    """Not in the frames of its UDP protocol, and not without."""
    for request in (b"stats\r\n", b"version\r\n",
                    b"\x80\x10" + bytes(22), b"\x80\x0b" + bytes(22)):
        t.silent(t.udp(request, 11211))
        t.silent(t.udp(bytes.fromhex("0001000000010000") + request, 11211))


@both
def test_ntp_control_draws_nothing(t):
    """Modes 6 and 7 amplify (CVE-2013-5211)."""
    for request in (b"\x16\x02\0\x01" + bytes(8), b"\x17\0\x03\x2a" + bytes(4),
                    b"\x17\0\x03\x2a" + bytes(44), b"\x1c" + bytes(47)):
        t.silent(t.udp(request, 123))
