# SPDX-License-Identifier: GPL-2.0-only
"""Unmodified clients, started in the client's namespace."""

import concurrent.futures
import json
import re
import subprocess
import tempfile
import threading

from lab import run
from test_http import METHODS, PORTS, check_page
from wire import CLIENT, OWN, Failure, equal, need, other_traffic

DEV = "lab0"
OURS = "192.0.2.1"


def host(fam):
    """An own address as it stands in a URL."""
    return OWN[4] if fam == 4 else f"[{OWN[6]}]"


def succeed(*argv, timeout=60):
    """Run a client that must end with status 0."""
    done = run(argv, timeout=timeout)
    equal(done.status, 0, str(done))
    return done


def test_arping(t):
    done = succeed("arping", "-c", "3", "-w", "10", "-W", "0.1", "-i", DEV,
                   OWN[4])
    need(t.wire.mac in done.out, str(done))
    done = run(["arping", "-c", "1", "-w", "1", "-i", DEV, "192.0.2.99"])
    need(done.status != 0, f"somebody has a foreign address: {done}")


def test_ping(t):
    for fam in (4, 6):
        for more in ([], ["-s", "1400"], ["-s", "0"]):
            done = succeed("ping", f"-{fam}", "-c", "5", "-i", "0.05", "-W",
                           "10", *more, OWN[fam])
            need(" 5 received, 0% packet loss" in done.out, str(done))
            need("wrong data" not in done.out + done.err, str(done))
    t.alive()


def test_ping_broadcast(t):
    """Nobody answers."""
    done = run(["ping", "-b", "-c", "2", "-i", "0.2", "-W", "1",
                "192.0.2.255"])
    need("2 packets transmitted, 0 received" in done.out, str(done))
    t.alive()


def test_ping_flood(t):
    done = succeed("ping", "-f", "-q", "-c", "3000", "-W", "10", OWN[4])
    need("3000 received, 0% packet loss" in done.out, str(done))
    t.alive()


def test_ndisc6(t):
    done = succeed("ndisc6", "-1", "-r", "5", OWN[6], DEV)
    need(t.wire.mac.lower() in done.out.lower(), str(done))
    done = run(["ndisc6", "-1", "-r", "1", "2001:db8::99", DEV])
    need(done.status != 0, f"somebody has a foreign address: {done}")


def curl(fam, port, method):
    """One request; None, or what is wrong with it."""
    option = ["--head"] if method == "HEAD" else ["-X", method]
    done = run(["curl", "-i", "-v", "--no-progress-meter", "--max-time", "30",
                *option, f"http://{host(fam)}:{port}/"])
    what = f"curl {method} {host(fam)}:{port}: {done}"
    if done.status:
        return what
    for word in ("warning", "excess", "curl: (", "malformed", "ignor"):
        if word in done.err.lower():
            return f"{word!r} in {what}"
    if "left intact" not in done.err:
        return f"connection not left intact: {what}"
    try:
        check_page(done.out.encode(), head=method == "HEAD")
    except Failure as failure:
        return f"{failure}: {what}"
    return None


def test_curl_with_nine_methods(t):
    """On four ports, over both families: exit 0, no warning, whole page."""
    jobs = [(fam, port, method) for fam in (4, 6) for port in PORTS
            for method in METHODS]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        bad = [b for b in pool.map(lambda job: curl(*job), jobs) if b]
    need(not bad, f"{len(bad)} of {len(jobs)}: " + "\n".join(bad[:3]))
    t.alive()


def test_curl_reuses_the_connection(t):
    """Two URLs, one connection, no retry."""
    url = f"http://{host(4)}/"
    done = succeed("curl", "-v", "--no-progress-meter", "--max-time", "30",
                   url, url)
    need("Re-using existing connection" in done.err
         or "Re-using connection" in done.err, done.err)
    equal(done.err.count("< HTTP/1.1 401"), 2, f"pages in {done.err}")
    t.alive()


def test_curl_posts_100_kb(t):
    """More than any window or table: a whole page, no reset."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(b"x" * 100000)
        body.flush()
        for fam in (4, 6):
            done = succeed("curl", "-i", "--no-progress-meter",
                           "--max-time", "30", "--data-binary",
                           f"@{body.name}", f"http://{host(fam)}/")
            check_page(done.out.encode())
    t.alive()


def test_curl_without_a_password(t):
    """Daemons that are open to everybody: Docker, Elasticsearch."""
    for fam in (4, 6):
        for ports, path, field, want in (
                ((80, 2375), "/version", "Server: Docker/20.10.24",
                 {"ApiVersion": "1.41", "Os": "linux"}),
                ((80, 9200), "/_cat/indices?format=json",
                 "X-elastic-product: Elasticsearch",
                 {"index": "customers", "docs.count": "1642"})):
            for port in ports:
                done = succeed("curl", "-i", "--fail", "--no-progress-meter",
                               "--max-time", "30",
                               f"http://{host(fam)}:{port}{path}")
                head, body = done.out.split("\r\n\r\n", 1)
                need(f"\r\n{field}" in head, f"{field!r} not in {head!r}")
                got = json.loads(body)
                got = got[0] if isinstance(got, list) else got
                equal({key: got[key] for key in want}, want, path)
    t.alive()


def until(argv, token):
    """Start a client, read its output up to a line with the token, end it."""
    seen = ""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, errors="replace",
                          stderr=subprocess.STDOUT) as client:
        timer = threading.Timer(60, client.kill)
        timer.start()
        try:
            for line in client.stdout:
                seen += line
                if token in line:
                    return line
        finally:
            timer.cancel()
            client.kill()
    raise Failure(f"{argv!r} never said {token!r}, but {seen!r}")


def test_ssh(t):
    for fam in (4, 6):
        for port in (22, 2222):
            line = until(["ssh", "-v", "-F", "/dev/null",
                          "-o", "BatchMode=yes",
                          "-o", "StrictHostKeyChecking=no",
                          "-o", "UserKnownHostsFile=/dev/null",
                          "-o", "ConnectTimeout=50", "-p", str(port),
                          OWN[fam]], "remote software version")
            need("Remote protocol version 2.0, remote software version 1"
                 in line, line)
    t.alive()


def test_stun(t):
    """An RFC 3489 client learns its address, and that ports change."""
    line = until(["stun", OWN[4], "1", "-v"], "MappedAddress")
    need(f"MappedAddress = {OURS}:" in line, line)
    t.alive()


def test_netcat_udp(t):
    """An HTTP request in a datagram."""
    request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    for fam in (4, 6):
        done = run(["nc", "-u", "-w", "2", OWN[fam], "80"], stdin=request)
        check_page(done.out.encode())
    t.alive()


def test_netcat_tcp(t):
    done = run(["nc", "-q", "2", "-w", "5", OWN[4], "4444"],
               stdin="GET / HTTP/1.0\n\n")
    check_page(done.out.encode())
    t.alive()


def test_nmap_all_ports(t):
    done = succeed("nmap", "-sS", "-n", "-Pn", "-p-", "-T5", "--open",
                   "--min-rate", "2000", "--max-retries", "6", "-oG", "-",
                   OWN[4], timeout=300)
    ports = re.findall(r"(\d+)/open/tcp", done.out)
    equal(len(set(ports)), 65535, "open ports")
    t.alive()


def test_nmap_version(t):
    """The version scan ends, and names the service."""
    done = succeed("nmap", "-sV", "-n", "-Pn", "-p80", "--version-light",
                   "-oG", "-", OWN[4], timeout=120)
    need("80/open/tcp//http//nginx 1.22.1/" in done.out, str(done))
    t.alive()


def test_nmap_ipv6(t):
    done = succeed("nmap", "-6", "-sS", "-n", "-Pn", "-p1-1000", "--open",
                   "-oG", "-", OWN[6], timeout=120)
    equal(len(set(re.findall(r"(\d+)/open/tcp", done.out))), 1000,
          "open ports")
    t.alive()


def masscan(*args):
    """Its own TCP stack, at an address the client's host does not have."""
    with other_traffic():
        return succeed("masscan", OWN[4], "-e", DEV, "--source-ip",
                       CLIENT[4], "--rate", "100", *args, timeout=60)


def test_masscan_banners(t):
    done = masscan("-p80,8080", "--banners", "--wait", "5", "--router-mac",
                   t.wire.mac.replace(":", "-"))
    for port in (80, 8080):
        need(f"Discovered open port {port}/tcp" in done.out, str(done))
        need(re.search(rf"Banner on port {port}/tcp .*\[http\] "
                       "HTTP/1.1 401 Unauthorized", done.out), str(done))
    t.alive()


def test_masscan_finds_the_router_by_arp(t):
    done = masscan("-p443", "--wait", "2", "--router-ip", OWN[4])
    need("Discovered open port 443/tcp" in done.out, str(done))
    t.alive()
