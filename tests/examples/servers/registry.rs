//! Debian's `docker-registry`: an image is pushed, listed, pulled, and deleted.

use rolecall::auth::Basic;
use rolecall::{Bytes, Client, Error, NextPage, Page, PageBody, Response, Role, api, endpoint};
use serde::{Deserialize, Serialize};

/// A user in the registry's file of passwords.
#[derive(Role)]
pub(crate) enum User {}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    schema_version: u8,
    media_type: String,
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    media_type: String,
    digest: String,
    size: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tags {
    tags: Vec<String>,
}

/// A page of the repositories. The header `Link` names the next one.
#[derive(Debug, Deserialize)]
pub(crate) struct Catalog {
    repositories: Vec<String>,
}

impl PageBody for Catalog {
    type Item = String;

    fn next_page(&self) -> Option<NextPage> {
        None
    }

    fn into_items(self) -> Vec<String> {
        self.repositories
    }
}

/// The endpoints of a repository, whose name may have slashes.
#[api(path = "/v2", role = User)]
pub(crate) trait RegistryApi {
    /// Starts an upload. The response's `Location` says where it continues.
    #[endpoint(method = POST, path = "/{*name}/blobs/uploads/")]
    async fn start_upload(&self, name: &str) -> Result<Response<()>, Error>;

    /// Sends the blob, and completes the upload.
    #[endpoint(method = PUT, path = "/{*name}/blobs/uploads/{uuid}")]
    async fn finish_upload(
        &self,
        name: &str,
        uuid: &str,
        #[query("_state")] state: &str,
        #[query] digest: &str,
        #[body(bytes)] blob: Bytes,
    ) -> Result<Response<()>, Error>;

    /// Returns the headers of a blob.
    #[endpoint(method = HEAD, path = "/{*name}/blobs/{digest}")]
    async fn has_blob(&self, name: &str, digest: &str) -> Result<Option<Response<()>>, Error>;

    /// Returns a blob, or a part of it.
    #[endpoint(method = GET, path = "/{*name}/blobs/{digest}")]
    async fn blob(
        &self,
        name: &str,
        digest: &str,
        #[header("range")] range: Option<&str>,
    ) -> Result<Response<Bytes>, Error>;

    /// Stores a manifest under a tag.
    #[endpoint(method = PUT, path = "/{*name}/manifests/{reference}")]
    async fn put_manifest(
        &self,
        name: &str,
        reference: &str,
        #[body(content_type = "application/vnd.oci.image.manifest.v1+json")] manifest: &Manifest,
    ) -> Result<Response<()>, Error>;

    /// Returns a manifest by its tag or digest.
    #[endpoint(
        method = GET,
        path = "/{*name}/manifests/{reference}",
        accept = "application/vnd.oci.image.manifest.v1+json"
    )]
    async fn manifest(&self, name: &str, reference: &str) -> Result<Response<Manifest>, Error>;

    /// Deletes a manifest by its digest.
    #[endpoint(method = DELETE, path = "/{*name}/manifests/{digest}")]
    async fn delete_manifest(&self, name: &str, digest: &str) -> Result<(), Error>;

    /// Returns the tags of a repository.
    #[endpoint(method = GET, path = "/{*name}/tags/list")]
    async fn tags(&self, name: &str) -> Result<Tags, Error>;

    /// Returns the names of the repositories, `n` on each page.
    #[endpoint(method = GET, path = "/_catalog")]
    async fn catalog(&self, #[query] n: u32) -> Result<Page<Catalog>, Error>;
}

const NAME: &str = "team/app";
const NAMES: [&str; 3] = ["team/a/web", NAME, "team/db"];
const CONFIG: (&str, &str) = ("{}", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
const LAYER: (&str, &str) =
    ("a layer of an image", "sha256:2c874717ef0390443505b4eff4834b19fbcda7f4df6268333dbecae167bc5124");

/// Runs the checks. The user is the one of `xtask/src/servers.rs`.
pub(crate) async fn run(url: &str) {
    let client = Client::<User>::builder(url).credentials(Basic::new("max", "s3cret of max")).build().unwrap();
    let stranger = Client::<User>::builder(url).credentials(Basic::new("max", "a guess")).build().unwrap();
    let error = stranger.tags(NAME).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "tags (GET /v2/{*name}/tags/list) failed: 401 Unauthorized: UNAUTHORIZED: authentication required"
    );
    println!("ok: a wrong password is rejected");

    for name in NAMES {
        for (blob, digest) in [CONFIG, LAYER] {
            push(&client, name, blob, digest).await;
        }
    }
    let part = client.blob(NAME, LAYER.1, Some("bytes=2-6")).await.unwrap();
    assert_eq!((part.status().as_u16(), part.body().as_ref()), (206, &b"layer"[..]));
    println!("ok: blobs are uploaded in two steps, found, and read in part");

    let manifest = Manifest {
        schema_version: 2,
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        config: Descriptor {
            media_type: "application/vnd.oci.image.config.v1+json".to_owned(),
            digest: CONFIG.1.to_owned(),
            size: CONFIG.0.len(),
        },
        layers: vec![Descriptor {
            media_type: "application/vnd.oci.image.layer.v1.tar".to_owned(),
            digest: LAYER.1.to_owned(),
            size: LAYER.0.len(),
        }],
    };
    let tags = ["v1", "v2", "v3", "v4", "v5"];
    for tag in tags {
        assert_eq!(client.put_manifest(NAME, tag, &manifest).await.unwrap().status(), 201);
    }
    let pulled = client.manifest(NAME, "v3").await.unwrap();
    let digest = pulled.headers()["docker-content-digest"].to_str().unwrap().to_owned();
    assert_eq!(*pulled.body(), manifest);
    println!("ok: a manifest with its own media type is stored and read");

    // In no order.
    let mut listed = client.tags(NAME).await.unwrap().tags;
    listed.sort_unstable();
    assert_eq!(listed, tags);

    for name in NAMES {
        client.put_manifest(name, "latest", &manifest).await.unwrap();
    }
    let first = client.catalog(2).await.unwrap();
    assert!(first.has_next() && first.repositories.len() == 2);
    let mut items = first.into_items();
    let mut all = Vec::new();
    while let Some(name) = items.next().await {
        all.push(name.unwrap());
    }
    assert_eq!(all, NAMES);
    println!("ok: repositories come page by page by the header Link");

    client.delete_manifest(NAME, &digest).await.unwrap();
    let error = client.manifest(NAME, &digest).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.problem().unwrap().kind()), (404, "MANIFEST_UNKNOWN"));
    println!("ok: a deleted manifest is unknown");
}

async fn push(client: &Client<User>, name: &str, blob: &'static str, digest: &str) {
    assert!(client.has_blob(name, digest).await.unwrap().is_none());
    let started = client.start_upload(name).await.unwrap();
    assert_eq!(started.status(), 202);
    let location = url::Url::parse(started.headers()["location"].to_str().unwrap()).unwrap();
    let uuid = location.path_segments().unwrap().next_back().unwrap();
    let (_, state) = location.query_pairs().find(|(name, _)| name == "_state").unwrap();
    let stored = client.finish_upload(name, uuid, &state, digest, Bytes::from_static(blob.as_bytes())).await.unwrap();
    assert_eq!((stored.status().as_u16(), &stored.headers()["docker-content-digest"]), (201, &digest.parse().unwrap()));
    assert!(client.has_blob(name, digest).await.unwrap().is_some());
    assert_eq!(client.blob(name, digest, None).await.unwrap().body(), blob);
}
