# SPDX-License-Identifier: GPL-2.0-only
"""Capture files, read by Wireshark's own programs."""

import struct
import tempfile

from lab import run
from wire import equal

# Off by default, since many cards compute them behind the tap.
CHECKSUMS = [word for proto in ("ip", "tcp", "udp")
             for word in ("-o", f"{proto}.check_checksum:TRUE")]


class Capture:
    """The bytes of a capture file."""

    def __init__(self, raw):
        self.file = tempfile.NamedTemporaryFile(suffix=".pcap")
        self.file.write(raw)
        self.file.flush()

    def shark(self, *args):
        """What tshark prints of it."""
        done = run(["tshark", "-n", "-r", self.file.name, *CHECKSUMS, *args])
        equal(done.status, 0, str(done))
        return done.out

    def rows(self, *fields, where=""):
        """The fields of each packet the display filter matches: tuples of
        text, empty where the packet has no such field."""
        words = [word for field in fields for word in ("-e", field)]
        text = self.shark("-Y", where, "-T", "fields", *words)
        return [tuple(line.split("\t")) for line in text.splitlines()]

    def column(self, field, where=""):
        """One field, where it is not empty."""
        return [row[0] for row in self.rows(field, where=where) if row[0]]

    def sound(self, where=""):
        """Nothing is malformed, and no checksum is wrong; nor has tshark
        anything else to warn of."""
        wrong = self.rows("frame.number", "_ws.expert.message", where=(
            '(_ws.malformed || _ws.expert.severity >= "Warning")'
            + (f" && ({where})" if where else "")))
        equal(wrong, [], "what tshark warns of")

    def statistics(self):
        """Numbers of each interface at the end of a pcapng file: packets the
        capture was offered, those of them it lost, those in the file."""
        self.file.seek(0)
        raw, found = self.file.read(), []
        while raw:
            kind, size = struct.unpack("=II", raw[:8])
            if kind == 5:
                found.append(tuple(counters(raw[20:size - 4])))
            raw = raw[size:]
        return found


def counters(raw):
    """isb_ifrecv, isb_osdrop and isb_usrdeliv among the options."""
    while raw:
        code, size = struct.unpack("=HH", raw[:4])
        if code in (4, 7, 8):
            yield struct.unpack("=Q", raw[4:12])[0]
        raw = raw[4 + size + -size % 4:]
