# SPDX-License-Identifier: GPL-2.0-only
"""The front page: what its transcripts show is what comes."""

import os
import re
import shlex

from lab import run
from monitor import monitoring
from wire import equal, need

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "README.md")
BLOCK = re.compile(r"^```\n([$#] .*?)^```$", re.M | re.S)


def transcripts():
    """The blocks that begin with a prompt: lists of lines."""
    with open(README, encoding="utf-8") as page:
        return [text.splitlines() for text in BLOCK.findall(page.read())]


def block(word):
    """The block whose first line names a program."""
    (found,) = [b for b in transcripts() if word in b[0].split()]
    return found


def test_nmap(t):
    """Each port that the page shows is named so by nmap."""
    lines = block("nmap")
    done = run(shlex.split(lines[0][2:]), timeout=180)
    equal(done.status, 0, str(done))
    for line in lines[1:]:
        need(line in done.out.splitlines(), f"no line {line!r} in {done.out}")


def test_monitor(t):
    """What the monitor tells of curl's request, through the page's jq."""
    monitor, curl, line = block("msdctl")
    words = shlex.split(monitor[2:])
    bar = words.index("|")
    with monitoring(t, *words[2:bar]) as m:
        run(shlex.split(curl[2:]), timeout=60)
        m.until("out", '"responder":"http"')
        seen = m.read()
    done = run(words[bar + 1:], stdin=seen.splitlines(keepends=True)[0])
    equal(done.out, line + "\n", "what the page shows")
