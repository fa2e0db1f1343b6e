"""The subjects: how each is built and started, and what is counted while it calls."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
TARGET = ROOT / "target"
BIN = TARGET / "bench-bin"
BASE = "handwritten"

# Where the server is, and which protocol it speaks over TLS. A name costs other instructions than digits: `localhost` is
# resolved without DNS, once a connection.
DIGITS = "127.0.0.1"
ADDRESSES = {
    DIGITS: ("http://127.0.0.1", None),
    "a name": ("http://localhost", None),
    "TLS, HTTP/1.1": ("https://localhost", "http/1.1"),
    "TLS, HTTP/2": ("https://localhost", "h2"),
}
# The authority of the server's certificate.
AUTHORITY = BIN / "authority.pem"

# name: (subject, environment, arguments for cargo). Those with equal arguments share a build.
NO_GZIP = ["--no-default-features", "--features", "tls"]
LEAN = ["--no-default-features", "--features", "gzip,tls"]
VARIANTS = {
    "rolecall-bare": ("rolecall", {"ROLECALL": ""}, []),
    "rolecall-lean": ("rolecall", {}, LEAN),
    "rolecall-bare, no gzip": ("rolecall", {"ROLECALL": ""}, NO_GZIP),
}
# Only built for the tables that ask for them.
SPECIAL = {
    "rolecall, no gzip": ("rolecall", {}, NO_GZIP),
    "rolecall, subscriber": ("rolecall", {}, ["--features", "subscriber"]),
    "rolecall, many": ("rolecall", {}, ["--features", "many"]),
    "tuned, gzip": ("tuned", {}, ["--features", "gzip"]),
    "hyper, tls": ("hyper", {}, ["--features", "tls"]),
    "rolecall-lean, bare": ("rolecall", {"ROLECALL": ""}, LEAN),
    "rolecall, by reqwest": ("rolecall", {"ROLECALL": "credentials,pace,retry,reqwest"}, ["--features", "by-reqwest"]),
}
# These can't call a server whose certificate is by an authority of its own: pincer trusts Mozilla's alone, and `hyper`
# has its TLS in a variant.
WITHOUT_TLS = {"pincer", "hyper"}

# How a subject's program is built beside the plain one.
KINDS = {".alloc": "benchkit/count-alloc", ".threads": "benchkit/threads"}


class At(NamedTuple):
    """Where a server is: a subject's arguments and environment."""

    arguments: list
    environment: dict


def packages():
    return [d.parent.name for d in ROOT.glob("subjects/*/Cargo.toml")]


def subject(name):
    """Its package, environment and arguments for cargo."""
    return VARIANTS.get(name) or SPECIAL.get(name) or (name, {}, [])


def subjects(only=None):
    names = [*packages(), *VARIANTS]
    if only:
        wanted = {n.strip() for n in only.split(";" if ";" in only else ",")}
        unknown = wanted - set(names)
        if unknown:
            sys.exit(f"no such subject: {', '.join(sorted(unknown))}")
        names = [n for n in names if n in wanted or n == BASE]
    return sorted(names, key=lambda n: (n != BASE, n))


def binary(name, kind=""):
    """Where a subject's program is kept: one for all variants that are built alike."""
    package, _, args = subject(name)
    built = re.sub(r"[^a-z]+", "-", " ".join(a for a in args if a != "--features")).strip("-")
    return BIN / (package + (f".{built}" if built else "") + kind)


def command(name, kind=""):
    """How to start a built subject, or None if it isn't built."""
    exe = binary(name, kind)
    return [str(exe)] if exe.exists() else None


def env(name=None, **extra):
    return {**os.environ, **(subject(name)[1] if name else {}), **extra}


def cargo(*args, **kw):
    return subprocess.run(["cargo", *args], cwd=ROOT, **kw)


def build(names, kinds=("", ".alloc")):
    BIN.mkdir(parents=True, exist_ok=True)
    failed, done = [], set()
    cargo("build", "--release", "-p", "server", check=True)
    shutil.copy2(TARGET / "release" / "server", BIN / "server")
    for n in names:
        package, _, args = subject(n)
        # One package at a time: a workspace-wide build would merge the features of the dependencies that subjects
        # share.
        for kind in kinds:
            if binary(n, kind) in done:
                continue
            done.add(binary(n, kind))
            count = ["--features", KINDS[kind]] if kind else []
            if cargo("build", "--release", "-p", f"subject-{package}", *args, *count).returncode:
                failed.append(n)
                break
            shutil.copy2(TARGET / "release" / f"subject-{package}", binary(n, kind))
    if failed:
        sys.exit(f"did not build: {', '.join(failed)}")


def pin(cpu, args):
    """On a machine with at least two cores the server gets the first, a client of one thread the last."""
    if cpu and shutil.which("taskset") and (os.cpu_count() or 1) >= 2:
        return ["taskset", "-c", str(0 if cpu == "server" else os.cpu_count() - 1), *args]
    return args


@contextmanager
def server(*flags, out=None, address=DIGITS):
    """Yields where it is."""
    host, protocol = ADDRESSES[address]
    if protocol:
        flags = [*flags, "--tls", str(AUTHORITY), "--alpn", protocol]
    exe = BIN / "server"
    if not exe.exists():
        sys.exit("./run.py build first")
    with tempfile.TemporaryFile("w+") as log:
        p = subprocess.Popen(pin("server", [str(exe), *flags]), stdout=log)
        try:
            while True:
                log.seek(0)
                line = log.readline()
                if line.endswith("\n"):
                    break
                time.sleep(0.02)
            port = line.strip().removeprefix("port=")
            trusting = {"SSL_CERT_FILE": str(AUTHORITY)} if protocol else {}
            yield At(["--port", port, "--host", host], trusting)
        finally:
            p.terminate()
            p.wait()
            if out is not None:
                log.seek(0)
                out.append(log.read())


def values(text):
    return dict(re.findall(r"^([a-z_/]+)=(\S+)$", text, re.M))


def client(name, at, *args, kind="", threads=1):
    r = subprocess.run(
        pin("client" if threads == 1 else None,
            [*command(name, kind), *at.arguments, *map(str, args), *([] if threads == 1 else ["--threads", str(threads)])]),
        capture_output=True, text=True, env=env(name, **at.environment))
    if r.returncode:
        sys.exit(f"{name}: {r.stderr.strip()[-500:]}")
    return values(r.stdout)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for r in rows:
        print("| " + " | ".join(str(c) for c in r) + " |")
    print(flush=True)


def ratio(v, base):
    return f"{v / base:.3f}" if base else "-"


def callgrind(name, at, endpoint, n, extra_env, out, *args):
    r = subprocess.run(
        pin("client", ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command(name),
                       *at.arguments, "--calls", str(n), "--endpoint", endpoint, *args]),
        capture_output=True, text=True, env=env(name, **at.environment, **(extra_env or {})))
    m = re.search(r"Collected : (\d+)", r.stderr)
    if r.returncode or not m:
        sys.exit(f"valgrind {name}: {r.stderr[-500:]}")
    return int(m.group(1))


def instructions(name, at, endpoint, n, extra_env=None, *args):
    with tempfile.TemporaryDirectory() as tmp:
        return callgrind(name, at, endpoint, n, extra_env, f"{tmp}/out", *args)


def per_call(name, at, endpoint, lo, hi, reps=1, extra_env=None, *args):
    """Median of reps differences, and their spread in percent."""
    v = []
    for _ in range(reps):
        a = instructions(name, at, endpoint, lo, extra_env, *args)
        b = instructions(name, at, endpoint, hi, extra_env, *args)
        v.append((b - a) / (hi - lo))
    mid = statistics.median(v)
    return mid, (max(v) - min(v)) / mid * 100
