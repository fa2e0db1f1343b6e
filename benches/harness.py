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

ROOT = Path(__file__).resolve().parent
TARGET = ROOT / "target"
BIN = TARGET / "bench-bin"
BASE = "handwritten"

# name: (subject, environment, arguments for cargo). Those with equal arguments share a build.
NO_GZIP = ["--no-default-features", "--features", "tls"]
VARIANTS = {
    "rolecall-bare": ("rolecall", {"ROLECALL": ""}, []),
    "rolecall-bare, no gzip": ("rolecall", {"ROLECALL": ""}, NO_GZIP),
}
# Only built for the tables that ask for them.
SPECIAL = {
    "rolecall, no gzip": ("rolecall", {}, NO_GZIP),
    "rolecall, subscriber": ("rolecall", {}, ["--features", "subscriber"]),
    "rolecall, many": ("rolecall", {}, ["--features", "many"]),
    "tuned, gzip": ("tuned", {}, ["--features", "gzip"]),
    "hyper, tls": ("hyper", {}, ["--features", "tls"]),
}


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
            count = ["--features", "benchkit/count-alloc"] if kind else []
            if cargo("build", "--release", "-p", f"subject-{package}", *args, *count).returncode:
                failed.append(n)
                break
            shutil.copy2(TARGET / "release" / f"subject-{package}", binary(n, kind))
    if failed:
        sys.exit(f"did not build: {', '.join(failed)}")


def pin(cpu, args):
    """On a machine with at least two cores the server gets the first, the client the last."""
    if shutil.which("taskset") and (os.cpu_count() or 1) >= 2:
        return ["taskset", "-c", str(0 if cpu == "server" else os.cpu_count() - 1), *args]
    return args


@contextmanager
def server(*flags, out=None):
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
            yield line.strip().removeprefix("port=")
        finally:
            p.terminate()
            p.wait()
            if out is not None:
                log.seek(0)
                out.append(log.read())


def values(text):
    return dict(re.findall(r"^([a-z_/]+)=(\S+)$", text, re.M))


def client(name, port, *args, kind=""):
    r = subprocess.run(
        pin("client", [*command(name, kind), "--port", port, *map(str, args)]),
        capture_output=True, text=True, env=env(name))
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


def callgrind(name, port, endpoint, n, extra_env, out, *args):
    r = subprocess.run(
        pin("client", ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command(name),
                       "--port", port, "--calls", str(n), "--endpoint", endpoint, *args]),
        capture_output=True, text=True, env=env(name, **(extra_env or {})))
    m = re.search(r"Collected : (\d+)", r.stderr)
    if r.returncode or not m:
        sys.exit(f"valgrind {name}: {r.stderr[-500:]}")
    return int(m.group(1))


def instructions(name, port, endpoint, n, extra_env=None, *args):
    with tempfile.TemporaryDirectory() as tmp:
        return callgrind(name, port, endpoint, n, extra_env, f"{tmp}/out", *args)


def per_call(name, port, endpoint, lo, hi, reps=1, extra_env=None, *args):
    """Median of reps differences, and their spread in percent."""
    v = []
    for _ in range(reps):
        a = instructions(name, port, endpoint, lo, extra_env, *args)
        b = instructions(name, port, endpoint, hi, extra_env, *args)
        v.append((b - a) / (hi - lo))
    mid = statistics.median(v)
    return mid, (max(v) - min(v)) / mid * 100
