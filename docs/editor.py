#!/usr/bin/env python3
"""Asks rust-analyzer what an editor would: where a call leads to, what completion lists, what hovering shows.

`python3 docs/editor.py [path of rust-analyzer]`. Needs nothing but Python; no file of the repository is changed. It fails
if an answer is not as it should be. rust-analyzer adds the toolchain's `rust-src` by itself; this removes it again, since
the compiler quotes the standard library where it has its source, and the compile-fail tests expect no quotes.
"""

import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAIT = ROOT / "ostrom-users" / "src" / "lib.rs"
FILE = ROOT / "ostrom-users" / "examples" / "quickstart.rs"
# The editor's text of the file, which the disk never sees.
TEXT = """\
use ostrom_core::Partner;
use ostrom_users::UsersApi;
use rolecall::Client;

async fn call(client: &Client<Partner>) {
    let _ = client.disconnect_user("user-42").await;
    client.l
}

fn main() {}
"""
# A method as it is while its author types it.
HALF_TYPED = [
    "#",
    "/// Returns",
    "#[endpoint()]",
    "#[endpoint(method = )]",
    '#[endpoint(method = GET path = "/half")]',
    '#[endpoint(method = GET, path = "/half/{", role = Part)]',
    '#[endpoint(method = GET, path = "/half", role = Partner)]\n    async fn half',
    '#[endpoint(method = GET, path = "/half", role = Partner)]\n    async fn half(&self, id)',
    '#[endpoint(method = GET, path = "/half", role = Partner)]\n    async fn half(&self, #[que] id: )',
    '#[endpoint(method = GET, path = "/half", role = Partner)]\n    async fn half(&self) -> Res',
    '#[endpoint(method = GET, path = "/half", role = Partner)]\n    async fn half(&self) -> Result<Vec<String, Error>;',
]
SOURCE = "rust-src"
CONTENT_MODIFIED = -32801
CALL, DOT = (5, 25), (6, 12)
SETTINGS = {
    "checkOnSave": False,
    "cachePriming": {"enable": False},
    "procMacro": {"enable": True},
    "cargo": {"buildScripts": {"enable": True}},
}


class Server:
    """rust-analyzer, over its standard input and output."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self.last = 0

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message = json.loads(self.process.stdout.read(length))
        if "method" in message and "id" in message:
            # A question to the editor: settings, or leave to show progress.
            items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            self.send({"id": message["id"], "result": None if items is None else [SETTINGS for _ in items]})
        return message

    def ask(self, method, params):
        while True:
            self.last += 1
            self.send({"id": self.last, "method": method, "params": params})
            message = self.receive()
            while message.get("id") != self.last or "method" in message:
                message = self.receive()
            # While it is still reading, an answer can be out of date before it is given.
            if message.get("error", {}).get("code") != CONTENT_MODIFIED:
                return message.get("result") or sys.exit(f"{method}: {message}")

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def wait_until_ready(self):
        while True:
            message = self.receive()
            if message.get("method") == "experimental/serverStatus" and message["params"]["quiescent"]:
                return message["params"]


def main():
    start = time.monotonic()
    server = Server(sys.argv[1] if len(sys.argv) > 1 else "rust-analyzer")
    uri = FILE.as_uri()
    server.ask("initialize", {
        "processId": None,
        "rootUri": ROOT.as_uri(),
        "initializationOptions": SETTINGS,
        "capabilities": {
            "experimental": {"serverStatusNotification": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        },
    })
    server.tell("initialized", {})
    server.tell("textDocument/didOpen", {
        "textDocument": {"uri": uri, "languageId": "rust", "version": 1, "text": TEXT},
    })
    print("ready:", server.wait_until_ready(), f"after {time.monotonic() - start:.0f} s")

    def at(position):
        return {"textDocument": {"uri": uri}, "position": {"line": position[0], "character": position[1]}}

    definition = server.ask("textDocument/definition", at(CALL))[0]
    path = definition.get("uri", definition.get("targetUri")).removeprefix(ROOT.as_uri() + "/")
    line = definition.get("range", definition.get("targetSelectionRange"))["start"]["line"]
    source = (ROOT / path).read_text().splitlines()[line].strip()
    print(f"\ngo to definition: {path}:{line + 1}: {source}")

    hover = server.ask("textDocument/hover", at(CALL))["contents"]["value"]
    print(f"\nhover:\n{hover}")

    completion = server.ask("textDocument/completion", at(DOT))
    items = completion["items"] if isinstance(completion, dict) else completion
    labels = [item["label"] for item in items]
    print(f"\ncompletion of `client.l`: {labels[:12]}")

    checks = [
        ("a call leads to the trait's method", "async fn disconnect_user" in source),
        ("hovering shows method, path and role", "`DELETE /users/{externalUserId}/disconnect`, role" in hover),
        ("completion lists the API's methods", any("link_user" in label for label in labels)),
    ]
    # The trait, with a method that is half typed.
    start, rest = TRAIT.read_text().split("pub trait UsersApi {\n", 1)
    document = {"uri": TRAIT.as_uri(), "languageId": "rust", "version": 1, "text": start + "pub trait UsersApi {\n" + rest}
    server.tell("textDocument/didOpen", {"textDocument": document})
    for version, half_typed in enumerate(HALF_TYPED, 2):
        server.tell("textDocument/didChange", {
            "textDocument": {"uri": TRAIT.as_uri(), "version": version},
            "contentChanges": [{"text": f"{start}pub trait UsersApi {{\n    {half_typed}\n\n{rest}"}],
        })
        completion = server.ask("textDocument/completion", at(DOT))
        items = completion["items"] if isinstance(completion, dict) else completion
        hover = server.ask("textDocument/hover", at(CALL))["contents"]["value"]
        both = any("link_user" in item["label"] for item in items) and "Disconnects a user" in hover
        checks.append((f"completion and hovering after {half_typed!r}", both))

    for what, holds in checks:
        print(f"{'yes' if holds else 'NO '}  {what}")
    server.process.kill()
    return all(holds for _, holds in checks)


def has_source():
    """Whether rustup has the source of the standard library, or is not there to ask."""
    try:
        installed = subprocess.run(["rustup", "component", "list", "--installed"], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return True
    return installed.returncode != 0 or any(line.startswith(SOURCE) for line in installed.stdout.splitlines())


if __name__ == "__main__":
    had_source = has_source()
    try:
        holds = main()
    finally:
        if not had_source and has_source():
            subprocess.run(["rustup", "component", "remove", SOURCE], cwd=ROOT, capture_output=True, check=True)
    sys.exit(not holds)
