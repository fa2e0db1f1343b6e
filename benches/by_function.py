"""Where the instructions go, by crate and by function."""

import re
import tempfile

from harness import callgrind, command, server, table

# C library functions that make up the allocator.
MALLOC = {"malloc", "free", "calloc", "realloc", "_int_malloc", "_int_free", "_int_realloc",
          "malloc_consolidate", "unlink_chunk", "sysmalloc", "malloc_usable_size", "cfree"}


def functions(name, at, endpoint, n):
    """Instructions by function (own ones, without callees), from callgrind's output."""
    with tempfile.TemporaryDirectory() as tmp:
        callgrind(name, at, endpoint, n, None, f"{tmp}/out")
        names, own, fn, skip = {}, {}, None, False
        for line in open(f"{tmp}/out"):
            m = re.match(r"(c?)fn=\((\d+)\)(?: (.*))?$", line)
            if m:
                if m.group(3):
                    names[m.group(2)] = m.group(3)
                if not m.group(1):
                    fn = names[m.group(2)]
            elif line.startswith("calls="):
                skip = True
            elif line[0] in "0123456789+-*":
                if not skip and fn:
                    own[fn] = own.get(fn, 0) + int(line.split()[1])
                skip = False
    return own


def group(fn):
    """The crate of a demangled name; the allocator and the C library by themselves."""
    plain = re.sub(r"'\d+$", "", fn)
    if plain.split("@")[0] in MALLOC or "__rust_alloc" in plain or "__rdl_" in plain:
        return "allocator"
    m = re.match(r"[<&*\[( ]*(?:dyn |mut |impl )*([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::", plain)
    if not m:
        return "libc and startup"
    root = m.group(1)
    if root in ("core", "alloc", "std"):
        # Generic code of the standard library belongs to whoever it was made for.
        inner = re.findall(r"\b(?!core|alloc|std)([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::", plain)
        return f"std for {inner[0]}" if inner else "std"
    return root


def profile(names, a):
    got = {}
    with server(address=a.address) as at:
        for n in names:
            if command(n):
                lo = functions(n, at, a.endpoint, a.lo)
                hi = functions(n, at, a.endpoint, a.hi)
                got[n] = {f: (v - lo.get(f, 0)) / (a.hi - a.lo) for f, v in hi.items()}
    by = {n: {} for n in got}
    for n, fs in got.items():
        for f, v in fs.items():
            by[n][group(f)] = by[n].get(group(f), 0) + v
    keys = sorted({g for v in by.values() for g in v}, key=lambda g: -max(v.get(g, 0) for v in by.values()))
    print(f"### Instructions per call by crate (endpoint {a.endpoint})\n")
    rows = [[g] + [f"{by[n].get(g, 0):,.0f}" for n in by] for g in keys if max(v.get(g, 0) for v in by.values()) >= 100]
    rows.append(["all"] + [f"{sum(v.values()):,.0f}" for v in by.values()])
    table(["crate", *by], rows)
    for n, fs in got.items():
        print(f"### {n}: functions with the most instructions per call of their own\n")
        top = sorted(fs.items(), key=lambda kv: -kv[1])[: a.top]
        table(["function", "instructions/call"], [["`" + f[:150] + "`", f"{v:,.0f}"] for f, v in top])
