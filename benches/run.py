#!/usr/bin/env python3
"""Builds and measures the subjects and prints the tables as markdown.

    ./run.py all                  build, check, and the tables that README.md marks with a star
    ./run.py build                builds server and subjects into target/bench-bin
    ./run.py check                every subject gives the same answers; what it sends
    ./run.py instr                instructions per call (callgrind)
    ./run.py addresses            the same by address: digits, a name, TLS with HTTP/1.1 and with HTTP/2
    ./run.py alloc                heap allocations and bytes per call
    ./run.py throughput           calls per second at concurrency 1 and 64
    ./run.py promises             what each promise of rolecall costs
    ./run.py growth               what does not make a call dearer
    ./run.py decode               an answer of 1 MB
    ./run.py ablate               what each saving of `tuned` is worth, and what a careful engineer adds
    ./run.py profile              where the instructions go, by crate and by function
    ./run.py probe                start-up, memory of a waiting call
    ./run.py expansion            what `#[api]` itself takes, and leaves for the compiler
    ./run.py compile              crates, seconds of a clean release build
    ./run.py scale                compiler time per endpoint
    ./run.py linear               compiler time of an API of 600 endpoints
    ./run.py size                 stripped binary size

A subject is a folder of subjects/ (a Cargo package `subject-NAME`), or a variant of one. `--only NAME,NAME` limits a
run; `handwritten` always takes part.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from by_function import profile
from harness import (ADDRESSES, BASE, DIGITS, TARGET, WITHOUT_TLS, binary, build, cargo, client, command, per_call, ratio, server, subject, subjects,
                     table)


def check(names):
    sums = {}
    for n in names:
        if not command(n):
            print(f"{n}: not built")
            continue
        seen = []
        with server("--check", out=seen) as at:
            v = client(n, at, "--calls", 3, "--warmup", 0)
        with server("--check") as at:
            w = client(n, at, "--calls", 192, "--concurrency", 64, "--warmup", 0)
        sums[n] = (v["checksum"], w["checksum"])
        print(f"## {n}\n{seen[0].strip()}\n")
    odd = [n for n in sums if sums[n] != sums[BASE]]
    if odd:
        sys.exit(f"answers differ from {BASE}: {', '.join(odd)}")
    print(f"{len(sums)} subjects, same answers")


def instr(names, a):
    endpoints = ["mix", "me", "link", "disconnect"]
    got = {}
    with server(address=a.address) as at:
        for n in names:
            if command(n):
                got[n] = {e: per_call(n, at, e, a.lo, a.hi, a.reps if e == "mix" else 1) for e in endpoints}
    base = got[BASE]
    rows = []
    for n in sorted(got, key=lambda n: got[n]["mix"][0]):
        mid, spread = got[n]["mix"]
        row = [n, f"{mid:,.0f}", ratio(mid, base["mix"][0]), f"{spread:.2f} %"]
        for e in endpoints[1:]:
            row += [f"{got[n][e][0]:,.0f} ({ratio(got[n][e][0], base[e][0])})"]
        rows.append(row)
    print(f"### Instructions per call, client only (callgrind, {a.lo} and {a.hi} calls, {a.address})\n")
    table(["subject", "mix", "ratio", f"spread of {a.reps}", *endpoints[1:]], rows)


def speaks(name, address):
    """Ends the run unless the subject speaks the protocol that it is said to."""
    protocol = ADDRESSES[address][1]
    seen = []
    with server("--check", out=seen, address=address) as at:
        client(name, at, "--calls", 3, "--warmup", 0)
    version = "HTTP/2.0" if protocol == "h2" else "HTTP/1.1"
    spoken = re.findall(r"^[A-Z]+ \S+ (HTTP/\S+)$", seen[0], re.M)
    if spoken != [version] * 3:
        sys.exit(f"{name} at {address}: {spoken}")


def addresses(names, a):
    """Beside the subjects, hyper's pooled client with TLS: pincer over TLS would be above it."""
    names = [n for n in dict.fromkeys([*names, "hyper, tls", "rolecall, by reqwest"]) if command(n)]
    rows = {n: [n] for n in names}
    for address, (_, protocol) in ADDRESSES.items():
        got = {}
        for n in names:
            if not (protocol and n in WITHOUT_TLS):
                speaks(n, address)
        with server(address=address) as at:
            for n in names:
                if not (protocol and n in WITHOUT_TLS):
                    got[n] = per_call(n, at, "mix", a.lo, a.hi, a.reps)[0]
        for n in names:
            rows[n].append(f"{got[n]:,.0f} ({ratio(got[n], got[BASE])})" if n in got else "-")
    print(f"### Instructions per call by address (callgrind, {a.lo} and {a.hi} calls)\n")
    table(["subject", *ADDRESSES], rows.values())


def alloc(names, a):
    got = {}
    with server(address=a.address) as at:
        for n in names:
            if not command(n, ".alloc"):
                continue
            lo = client(n, at, "--calls", a.lo, kind=".alloc")
            hi = client(n, at, "--calls", a.hi, kind=".alloc")
            got[n] = [(int(hi[k]) - int(lo[k])) / (a.hi - a.lo) for k in ("allocs", "reallocs", "bytes")]
    base = got[BASE]
    rows = [[n, f"{v[0]:.2f}", ratio(v[0], base[0]), f"{v[1]:.2f}", f"{v[2]:,.0f}", ratio(v[2], base[2])]
            for n, v in sorted(got.items(), key=lambda kv: kv[1][0])]
    print("### Heap use per call (counting global allocator)\n")
    table(["subject", "allocations/call", "ratio", "reallocations/call", "bytes/call", "ratio"], rows)


def throughput(names, a):
    """With several threads the programs are those that `build --threads` makes."""
    kind = "" if a.threads == 1 else ".threads"
    names = [n for n in names if command(n, kind) and not (ADDRESSES[a.address][1] and n in WITHOUT_TLS)]
    for c in (1, 64):
        got = {n: [] for n in names}
        cpu = {n: [] for n in names}
        with server(address=a.address) as at:
            count = {}
            for n in names:
                v = client(n, at, "--calls", 2000, "--concurrency", c, kind=kind, threads=a.threads)
                count[n] = max(c * 10, int(float(v["calls/s"]) * a.seconds))
            for _ in range(a.rounds):
                for n in names:
                    v = client(n, at, "--calls", count[n], "--concurrency", c, kind=kind, threads=a.threads)
                    got[n].append(float(v["calls/s"]))
                    cpu[n].append(float(v["user_us/call"]) + float(v["sys_us/call"]))
        mid = {n: statistics.median(v) for n, v in got.items()}
        rows = []
        for n in sorted(mid, key=lambda n: -mid[n]):
            # The ratio of each round is taken within that round, then the median.
            r = statistics.median(x / y for x, y in zip(got[n], got[BASE]))
            rows.append([n, f"{mid[n]:,.0f}", f"{r:.3f}", f"{min(got[n]):,.0f} - {max(got[n]):,.0f}",
                         f"{statistics.median(cpu[n]):.1f}"])
        print(f"### Calls per second, {c} at a time, {a.threads} threads, {a.address} (median of {a.rounds} interleaved "
              "rounds)\n")
        table(["subject", "calls/s", "ratio", "least - most", "CPU us/call"], rows)


def costs(title, steps, a):
    """A table of instructions a call: (label, subject, environment, more arguments)."""
    rows, first = [], None
    with server() as at:
        base = per_call(BASE, at, "mix", a.lo, a.hi)[0]
        for label, n, extra, *args in steps:
            v = per_call(n, at, "mix", a.lo, a.hi, 1, extra, *args)[0]
            first = first or v
            rows.append([label, f"{v:,.0f}", f"{v - first:+,.0f}", ratio(v, base)])
    print(f"### {title}\n")
    table(["", "instructions/call", "difference to the first", f"ratio to {BASE}"], rows)


def promises(a):
    build(["rolecall", "rolecall, no gzip", "rolecall, subscriber", BASE], [""])
    steps = [(f"without {what}" if what else "all promises", "rolecall", {"ROLECALL": kept}) for what, kept in [
        ("", "credentials,pace,retry"), ("credentials (a bearer token)", "pace,retry"), ("pace", "credentials,retry"),
        ("retry", "credentials,pace"), ("credentials, pace and retry", "")]]
    steps += [("without gzip", "rolecall, no gzip", {}),
              ("with a subscriber (`tracing_subscriber::registry()`)", "rolecall, subscriber", {})]
    costs("What each promise costs", steps, a)


def growth(a):
    build(["rolecall", "rolecall, many", BASE], [""])
    costs("What does not make a call dearer", [
        ("one client, three endpoints", "rolecall", {}),
        ("10,000 clones alive", "rolecall", {"ROLECALL": "credentials,pace,retry,clones"}),
        ("500 other endpoints called before", "rolecall, many", {}),
        ("20,000 calls made before", "rolecall", {}, "--warmup", "20000"),
    ], a)
    rows = []
    with server() as at:
        for c in (1, 64, 1000):
            v = {n: per_call(n, at, "mix", c * 2, c * 6 if c > 64 else a.hi, 1, None, "--concurrency", str(c))[0]
                 for n in (BASE, "rolecall")}
            rows.append([c, f"{v['rolecall']:,.0f}", f"{v[BASE]:,.0f}", ratio(v["rolecall"], v[BASE])])
    print("### Callers at a time (instructions/call)\n")
    table(["callers", "rolecall", BASE, "ratio"], rows)


def decode(a):
    rows = []
    with server() as at:
        v = {n: per_call(n, at, "big", 3, 13)[0] for n in (BASE, "rolecall")}
    for n in v:
        rows.append([n, f"{v[n]:,.0f}", ratio(v[n], v[BASE])])
    print("### A call with an answer of 1 MB of JSON (instructions/call; hand-written: `.json()`, which is "
          "`serde_json::from_slice`)\n")
    table(["subject", "instructions/call", "ratio"], rows)


def tree(name):
    package, _, args = subject(name)
    r = cargo("tree", "-p", f"subject-{package}", "-e", "normal", "--prefix", "none", *args,
              capture_output=True, text=True, check=True)
    lines = {line.replace(" (*)", "").replace(" (proc-macro)", "") for line in r.stdout.splitlines() if line.strip()}
    return len(lines)


def compile_(names, a):
    rows = []
    for n in dict.fromkeys([*(n for n in names if not subject(n)[1]), "rolecall-lean", "rolecall, no gzip", "hyper, tls"]):
        package, _, args = subject(n)
        if package not in names:
            continue
        out = TARGET / "clean-build"
        shutil.rmtree(out, ignore_errors=True)
        t0, c0 = time.perf_counter(), os.times()
        r = cargo("build", "--release", "-q", "-j2", "-p", f"subject-{package}", *args, "--target-dir", str(out),
                  stderr=subprocess.DEVNULL)
        took, c1 = time.perf_counter() - t0, os.times()
        cpu = c1.children_user - c0.children_user + c1.children_system - c0.children_system
        shutil.rmtree(out, ignore_errors=True)
        if r.returncode:
            print(f"{n}: did not build")
            continue
        rows.append([n, tree(n), took, cpu])
        print(f"{n}: {took:.1f} s, {cpu:.1f} CPU s", file=sys.stderr)
    base = next(r for r in rows if r[0] == BASE)
    rows = [[r[0], r[1], ratio(r[1], base[1]), f"{r[2]:.1f}", ratio(r[2], base[2]), f"{r[3]:.1f}", ratio(r[3], base[3])]
            for r in sorted(rows, key=lambda r: r[2])]
    print("### Cost of building (clean `cargo build --release -j2`)\n")
    table(["subject", "crates", "ratio", "seconds", "ratio", "CPU seconds", "ratio"], rows)


def size(names, a):
    sizes = {}
    with tempfile.TemporaryDirectory() as tmp:
        for n in names:
            if command(n) and not subject(n)[1]:
                subprocess.run(["strip", "-o", f"{tmp}/x", str(binary(n))], check=True)
                sizes[n] = os.path.getsize(f"{tmp}/x")
    rows = [[n, f"{v:,}", ratio(v, sizes[BASE])] for n, v in sorted(sizes.items(), key=lambda kv: kv[1])]
    print("### Stripped release binary\n")
    table(["subject", "bytes", "ratio"], rows)


def probe():
    cargo("build", "--release", "-p", "probe", check=True)
    exe = TARGET / "release" / "probe"
    for what in ("startup", "memory rolecall", "memory in-line", "memory handwritten"):
        print(f"### probe {what}\n")
        print(subprocess.run([str(exe), *what.split()], stdout=subprocess.PIPE, text=True, check=True).stdout)


def expansion():
    cargo("build", "--release", "-p", "expansion", check=True)
    print("### `#[api]`, an endpoint (50 and 500 endpoints, a third each of GET, POST, DELETE)\n")
    print(subprocess.run([str(TARGET / "release" / "expansion")], capture_output=True, text=True, check=True).stdout)


def ablate(a):
    build(["tuned, gzip", BASE], [""])
    best = "url,auth,direct,json,noproxy,noretry"
    sets = ["", "url", "url,auth", "url,auth,direct", "url,auth,direct,json", "url,auth,direct,json,noproxy", best,
            f"{best},host", f"{best},agent", f"{best},gzip", f"{best},timeout", f"{best},agent,gzip,timeout"]
    costs("What each saving is worth on reqwest's public API, and what a careful engineer adds (subject `tuned`)",
          [(s or "(none)", "tuned, gzip", {"TUNED": s}) for s in sets], a)


def quietly(what, *args):
    keep, sys.stdout = sys.stdout, open(os.devnull, "w")
    try:
        what(*args)
    finally:
        sys.stdout = keep


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["all", "build", "check", "instr", "addresses", "alloc", "throughput", "promises", "growth",
                                    "decode", "ablate", "profile", "probe", "expansion", "compile", "scale", "linear",
                                    "size"])
    p.add_argument("--only", help="subjects, separated by commas, or by semicolons if one has a comma in its name")
    p.add_argument("--lo", type=int, default=300, help="the smaller N of a difference")
    p.add_argument("--hi", type=int, default=1500, help="the larger N of a difference")
    p.add_argument("--reps", type=int, default=3, help="callgrind repetitions of the mix")
    p.add_argument("--how", default="check", choices=["check", "build", "release"], help="for scale")
    p.add_argument("--endpoint", default="mix", help="for profile")
    p.add_argument("--top", type=int, default=40, help="functions that profile lists")
    p.add_argument("--address", default=DIGITS, choices=ADDRESSES, help="for instr, alloc, throughput, and profile")
    p.add_argument("--threads", type=int, default=1, help="of the client's runtime, for build and throughput")
    p.add_argument("--rounds", type=int, default=7, help="throughput rounds")
    p.add_argument("--seconds", type=float, default=1.0, help="aimed length of one throughput run")
    a = p.parse_args()
    names = subjects(a.only)
    if a.what == "all":
        build([*names, "hyper, tls", "rolecall, by reqwest"])
        # The answers are compared; what each subject sends is left to `check`.
        quietly(check, names)
        instr(names, a)
        addresses(names, a)
        alloc(names, a)
        promises(a)
        growth(a)
        decode(a)
        probe()
        expansion()
        size(names, a)
    elif a.what == "build":
        build([*names, "hyper, tls", "rolecall, by reqwest"])
        if a.threads > 1:
            build(names, [".threads"])
    elif a.what == "check":
        check(names)
    elif a.what == "scale":
        import scale
        scale.main(names, a)
    elif a.what == "linear":
        import scale
        scale.linear(a)
    elif a.what in ("promises", "growth", "decode", "ablate"):
        {"promises": promises, "growth": growth, "decode": decode, "ablate": ablate}[a.what](a)
    elif a.what in ("probe", "expansion"):
        {"probe": probe, "expansion": expansion}[a.what]()
    else:
        {"instr": instr, "addresses": addresses, "alloc": alloc, "throughput": throughput, "compile": compile_, "size": size,
         "profile": profile}[a.what](names, a)


if __name__ == "__main__":
    main()
