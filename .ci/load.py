"""Clients that mean no good, and a build that commits every second, while an honest client measures. See .ci/load."""

import json
import pathlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

address, program, work, seconds = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), float(sys.argv[4])
watched, server = float(sys.argv[5]), sys.argv[6]
host, port = urllib.parse.urlsplit(address).netloc.split(":")


def ask(path, **fields):
    with urllib.request.urlopen(address.rstrip("/") + path + "?" + urllib.parse.urlencode(fields), timeout=30) as answer:
        return json.load(answer)


def honest(name, check=None):
    """One client that asks as people do; its times tell what others do to it."""
    times, wrong, end = [], [], time.time() + seconds
    while time.time() < end:
        start = time.time()
        try:
            found = ask("/api/search", q="营商环境")["total"]["passages"]
            times.append(time.time() - start)
            if found != expected:
                wrong.append(found)
            if check:
                check()
        except Exception as error:
            wrong.append(repr(error))
        time.sleep(0.005)
    times.sort()
    print(f"   {name}: {len(times)} answers, median {times[len(times) // 2] * 1e3:.1f} ms, "
          f"99% {times[int(len(times) * 0.99)] * 1e3:.1f} ms, wrong or failed {len(wrong)} {wrong[:3]}")
    return not wrong


def while_doing(name, work, threads, check=None):
    stop = threading.Event()

    def forever():
        while not stop.is_set():
            try:
                work()
            except Exception:
                time.sleep(0.01)

    running = [threading.Thread(target=forever, daemon=True) for _ in range(threads)]
    [thread.start() for thread in running]
    time.sleep(0.3)
    good = honest(name, check)
    stop.set()
    [thread.join(5) for thread in running]
    return good


def connection():
    return socket.create_connection((host, int(port)), timeout=20)


def half_open():
    held = [connection() for _ in range(50)]
    [each.sendall(b"GET / HT") for each in held]
    time.sleep(2)


def slow_reader():
    with connection() as each:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        each.sendall(b"GET /?q=%E5%8F%91%E5%B1%95 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        for _ in range(20):
            each.recv(16)
            time.sleep(0.1)


def large_header():
    with connection() as each:
        each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        for _ in range(160):
            each.sendall(b"x" * (64 << 10))


def hard_query():
    ask("/api/search", q="/[发展].*[改革].*[^0-9]{20,40}[创新]/")


def leaves():
    with connection() as each:
        each.sendall(b"GET /api/kwic?q=%E7%9A%84&sort=left HTTP/1.1\r\nHost: localhost\r\n\r\n")


def anything(at):
    """One of everything that people ask for, so that memory which any of it keeps is seen to grow."""
    query = ["典型村", "营商环境", "改革 创新", "句:(投资 num:1亿元..)", "2025年gdp目标", "发展"][at % 6]
    pages = ["/", "/?tab=kwic", "/?tab=trend", "/api/search", "/api/count", "/api/kwic", "/api/facets", "/api/suggest"]
    page = pages[at // 6 % len(pages)]
    joined = page + ("&" if "?" in page else "?") + urllib.parse.urlencode({"q": query})
    with urllib.request.urlopen(address.rstrip("/") + joined, timeout=30) as answer:
        answer.read()


def resident():
    lines = pathlib.Path(f"/proc/{server}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def flat():
    """Memory over a long time of all kinds of requests and commits: what is there after a third of it is all there is."""
    at, sizes, end = [0], [], time.time() + watched

    def work():
        at[0] += 1
        anything(at[0])

    def watch():
        while time.time() < end:
            time.sleep(watched / 10)
            sizes.append(resident())

    stop = threading.Event()

    def forever(job):
        while not stop.is_set():
            try:
                job()
            except urllib.error.HTTPError as error:
                assert error.code in (429, 503), error

    running = [threading.Thread(target=forever, args=[job], daemon=True) for job in [work] * 8 + [commit]]
    [thread.start() for thread in running]
    watch()
    stop.set()
    [thread.join(30) for thread in running]
    print(f"   memory over {watched:.0f} s of all kinds of requests ({at[0]}) and commits: "
          + " ".join(f"{size:.0f}" for size in sizes) + " MB")
    return max(sizes[4:]) <= 1.15 * max(sizes[:4])


commits = 0


def commit():
    global commits
    commits += 1
    (work / "more").mkdir(exist_ok=True)
    (work / "more" / f"{commits}.txt").write_text(f"某镇政府工作报告\n\n一、第{commits}次\n种植龙眼。\n")
    subprocess.run([program, "--index", work / "index", "-q", "build", work / "more"], check=True, stderr=subprocess.DEVNULL)
    time.sleep(1)


counted = [0]


def never_fewer():
    now = ask("/api/count", q="种植龙眼")["occurrences"]
    assert counted[0] <= now <= commits, (counted[0], now, commits)
    counted[0] = now


expected = ask("/api/search", q="营商环境")["total"]["passages"]
good = [
    honest("alone"),
    while_doing("half-open sockets, 200", half_open, 4),
    while_doing("slow readers, 32", slow_reader, 32),
    while_doing("10 MB headers, 4", large_header, 4),
    while_doing("hard queries, 16", hard_query, 16),
    while_doing("clients that leave, 8", leaves, 8),
    while_doing("a commit every second", commit, 1, never_fewer),
    flat(),
]
print(f"   commits: {commits}, seen: {counted[0]}")
text = urllib.request.urlopen(address + "metrics").read().decode()
print("   " + "; ".join(line for line in text.splitlines() if "left_total " in line or "reloads_total " in line))
sys.exit(0 if all(good) else 1)
