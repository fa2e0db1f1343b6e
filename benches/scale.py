"""Table d2: what an endpoint more costs the compiler, per peer.

For each peer one library crate with 50 and one with 500 endpoints is written under
target/scale (a third each: GET with a JSON answer, POST with a JSON body and answer,
DELETE with a path parameter and an empty answer; the data types are shared by all
endpoints, so that their derives don't count). With the dependencies already checked,
`cargo check` of each is timed as CPU user-seconds; the slope between the two sizes is
the cost of one endpoint. CARGO_INCREMENTAL=0.

A peer is one function here: it gets the number of endpoints and returns the lines of
[dependencies] and the files of the crate.
"""

import json
import os
import resource
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WS = ROOT / "target" / "scale" / "ws"
OUT = ROOT / "target" / "scale" / "out"
SIZES = (50, 500)

TYPES = """
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me { pub email: String, pub first_name: String, pub last_name: String }

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRequest { pub external_user_id: String, pub redirect_url: String, pub scopes: Vec<String> }

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkResponse { pub link_url: String }
"""
SERDE = 'serde = { version = "1", features = ["derive"] }'
REQWEST = 'reqwest = { version = "0.13.5", features = ["json"] }'


def join(n, get, post, delete):
    """The n endpoints from three templates with `{k}` in them."""
    return "".join((get, post, delete)[k % 3].replace("{k}", str(k)) for k in range(n))


def handwritten(n):
    body = join(n, """
    pub async fn get_{k}(&self) -> Result<Me, Error> {
        Ok(self.http.get(self.base.join("r{k}/me")?).bearer_auth(&self.token)
            .send().await?.error_for_status()?.json().await?)
    }
""", """
    pub async fn link_{k}(&self, body: &LinkRequest) -> Result<LinkResponse, Error> {
        Ok(self.http.post(self.base.join("r{k}/link")?).bearer_auth(&self.token).json(body)
            .send().await?.error_for_status()?.json().await?)
    }
""", """
    pub async fn disconnect_{k}(&self, external_user_id: &str) -> Result<(), Error> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| "base")?.pop_if_empty()
            .extend(["r{k}", external_user_id, "disconnect"]);
        self.http.delete(url).bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(())
    }
""")
    return [REQWEST, SERDE], {"src/lib.rs": f"""{TYPES}
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub struct Client {{ pub http: reqwest::Client, pub base: reqwest::Url, pub token: String }}
impl Client {{{body}}}
"""}


def feignhttp(n):
    body = join(n, """
    #[get(path = "/r{k}/me")]
    async fn get_{k}(&self) -> feignhttp::Result<Me>;
""", """
    #[post(path = "/r{k}/link")]
    async fn link_{k}(&self, #[body] body: &LinkRequest) -> feignhttp::Result<LinkResponse>;
""", """
    #[delete(path = "/r{k}/{externalUserId}/disconnect")]
    async fn disconnect_{k}(&self, #[path("externalUserId")] external_user_id: &str) -> feignhttp::Result<()>;
""")
    return ['feignhttp = { version = "0.6.3", features = ["reqwest-json"] }', SERDE], {"src/lib.rs": f"""{TYPES}
use feignhttp::{{Context, FeignClientBuilder, feign}};
#[derive(Context)]
pub struct Shared {{ #[url_path] base: String, #[header("authorization")] authorization: String }}
#[feign(url = "{{base}}")]
pub trait Users {{{body}}}
"""}


def conjure(n):
    body = join(n, """
    #[endpoint(method = GET, path = "/r{k}/me", accept = StdResponseDeserializer)]
    async fn get_{k}(&self, #[auth] auth: &BearerToken) -> Result<Me, Error>;
""", """
    #[endpoint(method = POST, path = "/r{k}/link", accept = StdResponseDeserializer)]
    async fn link_{k}(&self, #[auth] auth: &BearerToken, #[body] body: &LinkRequest) -> Result<LinkResponse, Error>;
""", """
    #[endpoint(method = DELETE, path = "/r{k}/{external_user_id}/disconnect")]
    async fn disconnect_{k}(&self, #[auth] auth: &BearerToken, #[path] external_user_id: &str) -> Result<(), Error>;
""")
    deps = ['conjure-error = "5.20.0"', 'conjure-http = "5.20.0"', 'conjure-object = "5.20.0"', SERDE]
    return deps, {"src/lib.rs": f"""{TYPES}
use conjure_error::Error;
use conjure_http::client::StdResponseDeserializer;
use conjure_http::{{conjure_client, endpoint}};
use conjure_object::BearerToken;
#[conjure_client]
pub trait Users {{{body}}}
"""}


def retrofit_rs(n):
    body = join(n, """
    #[get("/r{k}/me")]
    async fn get_{k}(&self) -> Result<Me>;
""", """
    #[post("/r{k}/link")]
    async fn link_{k}(&self, body: Body<LinkRequest>) -> Result<LinkResponse>;
""", """
    #[delete("/r{k}/{external_user_id}/disconnect")]
    async fn disconnect_{k}(&self, external_user_id: &str) -> Result<()>;
""")
    return ['async-trait = "0.1"', 'retrofit-rs = "0.2.0"', SERDE], {"src/lib.rs": f"""{TYPES}
use retrofit_rs::{{Body, Result, api, delete, get, post}};
#[api("http://localhost")]
pub trait Users {{{body}}}
"""}


def rustify(n):
    body = join(n, """
#[derive(Endpoint)]
#[endpoint(path = "r{k}/me", response = "Me")]
pub struct Get{k} {}
""", """
#[derive(Serialize, Endpoint)]
#[endpoint(path = "r{k}/link", method = "POST", response = "LinkResponse")]
#[serde(rename_all = "camelCase")]
pub struct Link{k} { pub external_user_id: String, pub redirect_url: String, pub scopes: Vec<String> }
""", """
#[derive(Endpoint)]
#[endpoint(path = "r{k}/{self.external_user_id}/disconnect", method = "DELETE")]
pub struct Disconnect{k} { #[endpoint(skip)] pub external_user_id: String }
""")
    return ['rustify = "0.7.0"', 'rustify_derive = "0.5.5"', SERDE], {"src/lib.rs": f"""{TYPES}
use rustify_derive::Endpoint;
use serde::Serialize;
{body}
"""}


def restcrab(n):
    body = join(n, """
    #[restcrab(method = "GET", uri = "/r{k}/me")]
    fn get_{k}(#[headers] headers: Headers) -> Me;
""", """
    #[restcrab(method = "POST", uri = "/r{k}/link", header("Content-Type", "application/json"))]
    fn link_{k}(#[headers] headers: Headers, #[body] body: LinkRequest) -> LinkResponse;
""", """
    #[restcrab(method = "DELETE", uri = "/r{k}/{external_user_id}/disconnect")]
    fn disconnect_{k}(#[headers] headers: Headers, #[parameter] external_user_id: &str);
""")
    return ['restcrab = "0.2.0"', SERDE], {"src/lib.rs": f"""{TYPES}
use restcrab::{{Restcrab, crabs::reqwest, restcrab}};
pub type Headers = std::collections::HashMap<String, String>;
#[restcrab(crab = "reqwest::Reqwest")]
#[allow(dead_code)]
pub trait Users {{{body}}}
"""}


def apisdk(n):
    body = join(n, """
    pub async fn get_{k}(&self) -> ApiResult<Me> {
        let req = self.get("/r{k}/me").await?;
        send!(req, Json).await
    }
""", """
    pub async fn link_{k}(&self, body: &LinkRequest) -> ApiResult<LinkResponse> {
        let req = self.post("/r{k}/link").await?;
        send_json!(req, body, Json).await
    }
""", """
    pub async fn disconnect_{k}(&self, external_user_id: &str) -> ApiResult<()> {
        let req = self.delete(format!("/r{k}/{external_user_id}/disconnect")).await?;
        send!(req, ()).await
    }
""")
    return ['apisdk = "0.1.0"', SERDE], {"src/lib.rs": f"""{TYPES}
use apisdk::{{ApiResult, http_api, send, send_json}};
#[http_api("http://localhost")]
#[derive(Clone)]
pub struct Users;
impl Users {{{body}}}
"""}


def rolecall(n):
    body = join(n, """
    #[endpoint(method = GET, path = "/r{k}/me", role = User)]
    async fn get_{k}(&self) -> Result<Me, Error>;
""", """
    #[endpoint(method = POST, path = "/r{k}/link", role = User)]
    async fn link_{k}(&self, #[body] body: &LinkRequest) -> Result<LinkResponse, Error>;
""", """
    #[endpoint(method = DELETE, path = "/r{k}/{externalUserId}/disconnect", role = User)]
    async fn disconnect_{k}(&self, external_user_id: &str) -> Result<(), Error>;
""")
    return [f'rolecall = {{ path = "{ROOT.parent / "runtime"}" }}', SERDE], {"src/lib.rs": f"""{TYPES}
use rolecall::{{Error, Role, api, endpoint}};
pub enum User {{}}
impl Role for User {{ const NAME: &'static str = "USER"; }}
#[api]
pub trait Users {{{body}}}
"""}


def openapi(n):
    """The same endpoints as an OpenAPI document."""
    def ref(name):
        return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}

    def obj(**props):
        return {"type": "object", "required": list(props), "properties": props}

    string = {"type": "string"}
    paths = {}
    for k in range(n):
        if k % 3 == 0:
            paths[f"/r{k}/me"] = {"get": {
                "operationId": f"get_{k}", "responses": {"200": {"description": "ok", **ref("Me")}}}}
        elif k % 3 == 1:
            paths[f"/r{k}/link"] = {"post": {
                "operationId": f"link_{k}", "requestBody": {"required": True, **ref("LinkRequest")},
                "responses": {"200": {"description": "ok", **ref("LinkResponse")}}}}
        else:
            paths[f"/r{k}/{{externalUserId}}/disconnect"] = {"delete": {
                "operationId": f"disconnect_{k}",
                "parameters": [{"name": "externalUserId", "in": "path", "required": True, "schema": string}],
                "responses": {"200": {"description": "ok"}}}}
    return json.dumps({
        "openapi": "3.0.3", "info": {"title": "scale", "version": "1.0.0"}, "paths": paths,
        "components": {"schemas": {
            "Me": obj(email=string, firstName=string, lastName=string),
            "LinkRequest": obj(externalUserId=string, redirectUrl=string,
                               scopes={"type": "array", "items": string}),
            "LinkResponse": obj(linkUrl=string)}}}, indent=1)


PROGENITOR = ['bytes = "1"', 'futures = "0.3"', REQWEST, SERDE, 'serde_json = "1"']


def progenitor_macro(n):
    return [*PROGENITOR, 'progenitor = "0.15.1"'], {
        "src/lib.rs": 'progenitor::generate_api!("openapi.json");\n', "openapi.json": openapi(n)}


def progenitor_build(n):
    build = """fn main() {
    println!("cargo:rerun-if-changed=openapi.json");
    let spec = serde_json::from_reader(std::fs::File::open("openapi.json").unwrap()).unwrap();
    let tokens = progenitor::Generator::default().generate_tokens(&spec).unwrap();
    let out = std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("codegen.rs");
    std::fs::write(out, tokens.to_string()).unwrap();
}
"""
    deps = [*PROGENITOR, 'progenitor-client = "0.15.1"', "", "[build-dependencies]",
            'progenitor = { version = "0.15.1", default-features = false }', 'serde_json = "1"']
    return deps, {"build.rs": build, "openapi.json": openapi(n),
                  "src/lib.rs": 'include!(concat!(env!("OUT_DIR"), "/codegen.rs"));\n'}


# name in the table, function, the file that is touched before each timed check
PEERS = [
    ("handwritten", handwritten, "src/lib.rs"),
    ("rolecall", rolecall, "src/lib.rs"),
    ("feignhttp", feignhttp, "src/lib.rs"),
    ("conjure", conjure, "src/lib.rs"),
    ("retrofit-rs", retrofit_rs, "src/lib.rs"),
    ("rustify", rustify, "src/lib.rs"),
    ("restcrab", restcrab, "src/lib.rs"),
    ("apisdk", apisdk, "src/lib.rs"),
    ("progenitor macro", progenitor_macro, "src/lib.rs"),
    ("progenitor build.rs, document changed", progenitor_build, "openapi.json"),
    ("progenitor build.rs, generated code only", progenitor_build, "src/lib.rs"),
]


def crate(make, n):
    return f"scale-{make.__name__.replace('_', '-')}-{n}"


def write(peers=PEERS, sizes=SIZES):
    shutil.rmtree(WS, ignore_errors=True)
    members = {}
    for _, make, _ in peers:
        for n in sizes:
            deps, files = make(n)
            name = crate(make, n)
            files = {**files, "Cargo.toml": f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2024"\n\n'
                                            "[dependencies]\n" + "\n".join(deps) + "\n"}
            for path, text in files.items():
                to = WS / name / path
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_text(text)
            members[name] = None
    (WS / "Cargo.toml").write_text(f'[workspace]\nresolver = "3"\nmembers = {json.dumps(list(members))}\n')
    shutil.copy2(ROOT / "Cargo.lock", WS / "Cargo.lock")


def timed(how, name):
    """CPU user-seconds of one cargo run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    r = subprocess.run(["cargo", *how, "-q", "-p", name, "--target-dir", str(OUT)], cwd=WS,
                       env={**os.environ, "CARGO_INCREMENTAL": "0", "RUSTFLAGS": "-Awarnings"},
                       capture_output=True, text=True)
    if r.returncode:
        raise RuntimeError(r.stderr[:2000])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def linear(a):
    """Whether a large API costs the compiler no more than the same code by hand, and how the cost grows."""
    sizes, peers = (150, 300, 600), [peer for peer in PEERS if peer[0] in ("handwritten", "rolecall")]
    write(peers, sizes)
    rows = {}
    for label, make, touch in peers:
        for n in sizes:
            timed(["check"], crate(make, n))
        got = {n: [] for n in sizes}
        for _ in range(a.reps):
            for n in sizes:
                (WS / crate(make, n) / touch).touch()
                got[n].append(timed(["check"], crate(make, n)))
        rows[label] = [min(got[n]) for n in sizes]
    print(f"### d3. A large API (`cargo check`, user-seconds, least of {a.reps})\n")
    print("| subject | " + " | ".join(f"{n} endpoints" for n in sizes) + " | second half against first |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for label, times in rows.items():
        growth = (times[2] - times[1]) / 2 / (times[1] - times[0])
        print(f"| {label} | " + " | ".join(f"{time:.2f}" for time in times) + f" | {growth:.2f} |")
    print(f"\nrolecall / handwritten at {sizes[2]}: {rows['rolecall'][2] / rows['handwritten'][2]:.2f}", flush=True)


def main(names, a):
    how = {"check": ["check"], "build": ["build"], "release": ["build", "--release"]}[a.how]
    write()
    rows = []
    for label, make, touch in PEERS:
        if a.only and label.split()[0] not in names:
            continue
        try:
            for n in SIZES:
                timed(how, crate(make, n))
            got = {n: [] for n in SIZES}
            for _ in range(a.reps):
                for n in SIZES:
                    (WS / crate(make, n) / touch).touch()
                    got[n].append(timed(how, crate(make, n)))
        except RuntimeError as e:
            print(f"{label}: {e}")
            continue
        lo, hi = (min(got[n]) for n in SIZES)
        rows.append([label, lo, hi, (hi - lo) / (SIZES[1] - SIZES[0]) * 1000])
    base = rows[0][3]
    print(f"### d2. Compiler time as the API grows (`cargo {' '.join(how)}`, user-seconds, least of {a.reps})\n")
    print("| subject | 50 endpoints | 500 endpoints | ms per endpoint | ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for r in sorted(rows, key=lambda r: r[3]):
        print(f"| {r[0]} | {r[1]:.2f} | {r[2]:.2f} | {r[3]:.2f} | {r[3] / base:.2f} |")
    print(flush=True)
