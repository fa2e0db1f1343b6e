#!/usr/bin/env python3
"""Writes docs/compile-error.svg: what the compiler says of a call that a role may not make, as a terminal shows it.

Builds a small crate outside the workspace, takes the compiler's own coloured output, and draws it. Needs nothing but
Python and cargo: `cargo xtask release picture`.
"""

import html
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

MANIFEST = f"""
[package]
name = "partner-app"
edition = "2024"

[dependencies]
ostrom-core = {{ path = "{ROOT}/ostrom-core" }}
ostrom-users = {{ path = "{ROOT}/ostrom-users" }}
rolecall = {{ path = "{ROOT}/runtime" }}

[workspace]
"""

SOURCE = """\
use ostrom_core::{Environment, Partner};
use ostrom_users::UsersApi;

pub async fn hello() -> Result<(), rolecall::Error> {
    let client = Environment::Sandbox.client::<Partner>("client id", "client secret").build()?;
    client.get_me().await?;
    Ok(())
}
"""

# The terminal's colours: what SGR 30 to 37 and 90 to 97 look like on a dark ground.
GROUND, PLAIN = "#1e1e2e", "#cdd6f4"
COLOURS = ["#45475a", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#f5c2e7", "#94e2d5", "#bac2de"]
FONT, SIZE, ADVANCE, LINE, MARGIN = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace", 14, 8.43, 20, 20


def compiled() -> str:
    """The compiler's words about the crate, with the terminal's escapes."""
    crate = TARGET / "compile-error"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(MANIFEST)
    (crate / "src" / "lib.rs").write_text(SOURCE)
    shutil.copy(ROOT / "Cargo.lock", crate / "Cargo.lock")
    command = ["cargo", "check", "--quiet", "--color=always", "--target-dir", str(TARGET)]
    run = subprocess.run(command, cwd=crate, capture_output=True, text=True)
    start, end = run.stderr.find("error[E0277]"), run.stderr.find("For more information")
    if run.returncode == 0 or start < 0 or end < 0:
        sys.exit(f"that is not the error which was expected:\n{run.stderr}")
    start = run.stderr.rindex("\n", 0, start) + 1 if "\n" in run.stderr[:start] else 0
    shown = run.stderr[start:end]
    # The last line belongs to cargo, not to the mistake.
    shown = re.split(r"\n(?=[^\n]*could not compile)", shown)[0]
    # Where the repository happens to be is nobody's business.
    shown = shown.replace(f"{ROOT}/", "")
    return "$ cargo check\n" + re.sub(r"\x1b\[[0-9;]*m\s*$", "", shown.rstrip()).rstrip()


def spans(text: str):
    """Pieces of text of one look each: (text, colour, bold)."""
    colour, bold = PLAIN, False
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        if not piece.startswith("\x1b["):
            yield piece, colour, bold
            continue
        codes = [int(code or 0) for code in piece[2:-1].split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                colour, bold = PLAIN, False
            elif code == 1:
                bold = True
            elif 30 <= code <= 37 or 90 <= code <= 97:
                colour = COLOURS[code % 10]
            elif code == 38 and codes[:1] == [5]:
                colour, codes = COLOURS[codes[1] % 8], codes[2:]


def drawn(text: str) -> str:
    """The text as a picture."""
    lines, column, width = [[]], 0, 0
    for piece, colour, bold in spans(text):
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append([])
                column = 0
            if part:
                weight = ' font-weight="bold"' if bold else ""
                x = MARGIN + column * ADVANCE
                lines[-1].append(f'<tspan x="{x:.1f}" fill="{colour}"{weight}>{html.escape(part)}</tspan>')
                column += len(part)
                width = max(width, column)
    w, h = round(2 * MARGIN + width * ADVANCE), 2 * MARGIN + len(lines) * LINE - (LINE - SIZE)
    rows = [
        f'<text y="{MARGIN + SIZE - 2 + number * LINE}" xml:space="preserve">{"".join(line)}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    plain = html.escape(re.sub(r"\x1b\[[0-9;]*m", "", text))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img">',
        f"<title>{plain}</title>",
        f'<rect width="{w}" height="{h}" rx="8" fill="{GROUND}"/>',
        f'<g font-family="{FONT}" font-size="{SIZE}">',
        *rows,
        "</g>",
        "</svg>",
        "",
    ])


if __name__ == "__main__":
    (ROOT / "docs" / "compile-error.svg").write_text(drawn(compiled()))
