# SPDX-License-Identifier: GPL-2.0-only
"""msdctl stats: totals, rates, Prometheus, and what it prints to the letter."""

import contextlib
import json
import os
import re

from prometheus_client.parser import text_string_to_metric_families

from lab import DEV, PEER_SERVER, run
from test_config import valid
from test_control import one_of_each
from wire import equal, need

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden")
OUTCOMES = ("answered", "dropped", "passed")
COUNTS = ("frames", "rx-bytes", "tx-frames", "tx-bytes")
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def stats(t, *args):
    """Counters of interfaces, as the schema says."""
    return valid("stats", t.lab.json("stats", *args))


def add_up(iface):
    """Totals are the sum of the verdicts; in is the sum of the others."""
    totals = iface["totals"]
    for key in COUNTS:
        equal(totals["in"][key], sum(totals[o][key] for o in OUTCOMES),
              f"{key} of {iface['ifname']}, in")
        for outcome, prefix in zip(OUTCOMES, ("answer-", "drop-", "pass-")):
            equal(totals[outcome][key],
                  sum(row[key] for name, row in iface["verdicts"].items()
                      if name.startswith(prefix)),
                  f"{key} of {iface['ifname']}, {outcome}")
        answers = sum(iface["verdicts"][v][key]
                      for v in ("answer-tcp", "answer-udp"))
        equal(sum(row[key] for row in iface["protos"].values()), answers,
              f"{key} of all responders of {iface['ifname']}")
    for key in ("tx-frames", "tx-bytes"):
        equal(totals["dropped"][key] + totals["passed"][key], 0,
              f"{key} of no answer")


@contextlib.contextmanager
def scripted(t):
    """eth0 attached anew, and one frame or two of every verdict sent."""
    with t.lab.attached("deny", "192.0.2.66"), t.lab.promiscuous():
        for frames in one_of_each(t).values():
            t.wire.raw_talk(*frames)
        yield


def golden(name, text):
    """The text must be as in the file. UPDATE_GOLDEN=1 writes it anew."""
    path = os.path.join(GOLDEN, name)
    if os.environ.get("UPDATE_GOLDEN"):
        os.makedirs(GOLDEN, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        want = file.read()
    for number, pair in enumerate(zip(want.splitlines(), text.splitlines()), 1):
        equal(pair[1], pair[0], f"{name}:{number}")
    equal(text, want, name)


def test_golden(t):
    """One run, told in three ways; nothing in it depends on the time."""
    with scripted(t):
        add_up(stats(t, DEV)[0])
        golden("stats.txt", t.lab.msdctl("stats", DEV).out)
        golden("stats-all.txt", t.lab.msdctl("stats", "-a", DEV).out)
        golden("stats.json", t.lab.msdctl("-j", "stats", DEV).out)
        golden("stats.prom", t.lab.msdctl("stats", "--prometheus", DEV).out)


def frames_in(t):
    """Frames into v0, as the device counts and as we do; none came while the
    two were read."""
    text = t.lab.sh("""now() { cat /sys/class/net/v0/statistics/rx_packets; }
        until n=$(now) && msdctl -j stats v0 >/tmp/v0 && [ "$n" = "$(now)" ]
        do :; done; echo $n; cat /tmp/v0; rm /tmp/v0""").out
    device, _, document = text.partition("\n")
    return int(device), json.loads(document)[0]["totals"]["in"]["frames"]


# What is answered, and what nobody answers, until it is ended.
PINGS = (f"while :; do ping -c 20 -i 0.01 -q {PEER_SERVER[4]}; "
         f"ping -6 -c 5 -i 0.01 -q {PEER_SERVER[6]}; "
         "ping -c 1 -W 1 -q 198.51.100.7; done >/dev/null 2>&1")


def test_in_is_answered_dropped_and_passed(t):
    """On each interface, while traffic of all kinds flows, and after it."""
    seen = []
    with t.lab.peer(), scripted(t):
        device, counted = frames_in(t)
        with t.lab.background(f"exec ip netns exec peer sh -c '{PINGS}'"):
            for _ in range(10):
                for frames in list(one_of_each(t).values())[::3]:
                    t.wire.raw_talk(*frames)
                both = stats(t)
                equal([i["ifname"] for i in both], [DEV, "v0"], "interfaces")
                for iface in both:
                    add_up(iface)
                seen.append([i["totals"]["in"]["frames"] for i in both])
        for before, after in zip(seen, seen[1:]):
            need(after[0] > before[0] and after[1] >= before[1],
                 f"frames counted: {seen}")
        need(seen[-1][1] > seen[0][1], f"no traffic on v0: {seen}")
        t.lab.sh("ip -n peer link set v1 down")
        for iface in stats(t):
            add_up(iface)
        device2, counted2 = frames_in(t)
        equal(counted2 - counted, device2 - device, "frames into v0")


def samples(text):
    """{(name, labels): value} and the families of an exposition."""
    families = list(text_string_to_metric_families(text))
    return {(s.name, tuple(sorted(s.labels.items()))): s.value
            for f in families for s in f.samples}, families


def check_metrics(text):
    """promtool has nothing to say, not even about style."""
    tool = run([os.path.join(HERE, "borrow"), "prometheus", "promtool"])
    equal(tool.status, 0, str(tool))
    done = run([tool.out.strip(), "check", "metrics"], stdin=text)
    equal((done.status, done.out + done.err), (0, ""), str(done))


def test_prometheus(t):
    """Both parsers take it, and it says what the JSON says."""
    with t.lab.peer(), scripted(t):
        t.lab.sh("ip -n peer link set v1 down")
        text = t.lab.msdctl("stats", "--prometheus").out
        counters = stats(t)
    check_metrics(text)
    got, families = samples(text)
    for family in families:
        equal((family.type, bool(family.documentation)), ("counter", True),
              f"type and help of {family.name}")
    want = {}
    names = dict(zip(COUNTS, ("receive_frames", "receive_bytes",
                              "transmit_frames", "transmit_bytes")))
    for iface in counters:
        dev = ("device", iface["ifname"])
        for verdict, row in iface["verdicts"].items():
            kind = verdict.split("-")[0]
            outcome = {"answer": "answered", "drop": "dropped",
                       "pass": "passed"}[kind]
            for key, name in names.items():
                if not key.startswith("tx-") or kind == "answer":
                    want[f"kmasscanned_{name}_total", (
                        dev, ("outcome", outcome), ("verdict", verdict))] = \
                        row[key]
        for proto, row in iface["protos"].items():
            for key, name in zip(COUNTS, ("requests", "receive_bytes",
                                          "transmit_frames", "transmit_bytes")):
                want[f"kmasscanned_responder_{name}_total", (
                    dev, ("responder", proto))] = row[key]
    equal(got, want, "samples")


def test_prometheus_escapes_names(t):
    """A device may be called almost anything."""
    name = 'a"\\{x}='
    t.lab.sh(f"ip link add '{name}' type dummy")
    try:
        t.lab.msdctl("attach", name, "address", "192.0.2.3")
        text = t.lab.msdctl("stats", "--prometheus", name).out
        check_metrics(text)
        got, _ = samples(text)
        equal({dict(labels)["device"] for _, labels in got}, {name}, "device")
        load = f"msdctl dump | msdctl load -; msdctl stats '{name}'"
        need(t.lab.sh(load).out.startswith(name), "loaded under its name")
    finally:
        t.lab.sh(f"ip link del '{name}'")


def test_prometheus_without_interfaces(t):
    t.lab.msdctl("detach", DEV)
    text = t.lab.msdctl("stats", "--prometheus").out
    t.lab.attach_default()
    check_metrics(text)
    equal(samples(text)[0], {}, "samples")


def test_watch_rates(t):
    """Lines of JSON whose rates, times their intervals, are the frames."""
    with t.lab.attached():
        with t.lab.background("exec msdctl -j stats --watch 0.2 eth0 "
                              ">/tmp/rates"):
            t.lab.sh("until [ -s /tmp/rates ]; do usleep 20000; done")
            for _ in range(5):
                t.wire.raw_talk(*[bytes(t.echo())] * 40)
            lines = int(t.lab.sh("wc -l </tmp/rates").out)
            t.lab.sh(f"until [ $(wc -l </tmp/rates) -gt {lines + 1} ]; do "
                     "usleep 20000; done")
        docs = [valid("stats", json.loads(line)) for line in
                t.lab.sh("cat /tmp/rates; rm /tmp/rates").out.splitlines()]
        frames = error = 0
        for (iface,) in docs:
            need(0 < iface["interval-ms"] < 5000, f"interval in {iface}")
            frames += (iface["totals"]["answered"]["frames/s"]
                       * iface["interval-ms"] / 1000)
            error += iface["interval-ms"] / 1000
        counted = stats(t, DEV)[0]["totals"]["answered"]["frames"]
        need(counted >= 200 and abs(frames - counted) <= error,
             f"{frames} frames by rates, {counted} counted")


def test_watch_ends_clean(t):
    """On SIGINT and SIGTERM with status 0, its last line whole; when nobody
    reads any more; when the interface or the module is gone."""
    for name in ("INT", "TERM"):
        text = t.lab.sh(
            "msdctl stats eth0 --watch 0.1 >/tmp/lines & pid=$!; "
            "until [ $(wc -l </tmp/lines) -gt 20 ]; do usleep 20000; done; "
            f"kill -{name} $pid; wait $pid; echo status $? >>/tmp/lines; "
            "cat /tmp/lines; rm /tmp/lines").out
        need(re.search(r"\n  passed( +\d+){4}\n(  .*\n)*status 0\n$", text),
             f"last lines of {text!r}")
    done = t.lab.sh("msdctl stats --watch 0.1 | head -n 3")
    equal((len(done.out.splitlines()), done.err), (3, ""),
          "said when nobody reads")
    t.lab.sh("ip link add d0 type dummy")
    t.lab.msdctl("attach", "d0", "address", "192.0.2.3")
    with t.lab.background("msdctl stats d0 --watch 0.1; echo ended $?",
                          "passed") as loop:
        t.lab.sh("ip link del d0")
        rest = loop.wait()
        need("d0: " in rest and rest.endswith("ended 1\n"), rest)
    with t.lab.background("msdctl stats --watch 0.1; echo ended $?",
                          "passed") as loop:
        t.lab.sh("rmmod kmasscanned")
        rest = loop.wait()
        need("msdctl: " in rest and rest.endswith("ended 1\n"), rest)
    t.lab.sh("insmod /lab/kmasscanned.ko")
    t.lab.attach_default()


def test_reset(t):
    """One interface, or all; then it counts on, and still adds up."""
    with t.lab.peer():
        t.wire.raw_talk(*[bytes(t.echo())] * 3, bytes(t.udp(GET)))
        t.lab.in_peer(f"ping -c 3 -i 0.01 -q {PEER_SERVER[4]}")
        other = stats(t, "v0")[0]["totals"]["answered"]["frames"]
        done = t.lab.msdctl("stats", "--reset", DEV)
        equal((done.out, done.err), ("", ""), "said")
        (iface,) = stats(t, DEV)
        equal([n for g in ("totals", "verdicts", "protos")
               for n, row in iface[g].items() if any(row.values())], [],
              "counters of eth0 after its reset")
        need(stats(t, "v0")[0]["totals"]["answered"]["frames"] >= other >= 3,
             "v0 was reset, too")
        t.wire.raw_talk(*[bytes(t.echo())] * 3)
        (iface,) = stats(t, DEV)
        add_up(iface)
        equal(iface["verdicts"]["answer-echo"]["frames"], 5, "frames since")
        t.lab.sh("ip -n peer link set v1 down")
        equal(t.lab.json("stats", "--reset"), None, "document of a reset")
        equal([i["totals"]["in"]["frames"] for i in stats(t)], [0, 0],
              "frames after a reset of all")
    t.lab.refuse("stats", "lo", "--reset", said="lo: ")


def test_options_refused(t):
    for args in (("--watch", "0"), ("--watch=x",), ("--prometheus", "-a"),
                 ("--prometheus", "--watch"), ("--watch", "86401"),
                 ("--reset", "--watch"), ("--reset", "-a")):
        t.lab.refuse("stats", *args, status=2, said="usage: msdctl")
    t.lab.refuse("show", "--watch", status=2, said="--watch")
