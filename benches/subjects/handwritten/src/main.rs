//! The baseline: what a good engineer writes by hand on reqwest.

use benchkit::{BoxError, LinkRequest, LinkResponse, Me, Price, SUM_DISCONNECT, Subject, sum_prices};
use reqwest::Url;

pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: String,
}

impl Client {
    async fn get_me(&self) -> Result<Me, BoxError> {
        let me = self
            .http
            .get(self.base.join("me")?)
            .bearer_auth(&self.token)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        Ok(me)
    }

    async fn link_user(&self, body: &LinkRequest) -> Result<LinkResponse, BoxError> {
        let linked = self
            .http
            .post(self.base.join("users/link")?)
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        Ok(linked)
    }

    async fn get_big(&self) -> Result<Vec<Price>, BoxError> {
        let big = self
            .http
            .get(self.base.join("big")?)
            .bearer_auth(&self.token)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        Ok(big)
    }

    async fn disconnect_user(&self, external_user_id: &str) -> Result<(), BoxError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| "the base URL can't have a path")?
            .pop_if_empty()
            .extend(["users", external_user_id, "disconnect"]);
        self.http
            .delete(url)
            .bearer_auth(&self.token)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }
}

impl Subject for Client {
    type Body = LinkRequest;
    fn body(plain: LinkRequest) -> LinkRequest {
        plain
    }
    fn new(base: &str, token: &str) -> Result<Self, BoxError> {
        Ok(Self {
            http: reqwest::Client::new(),
            base: Url::parse(base)?,
            token: token.to_owned(),
        })
    }
    async fn me(&self) -> Result<u64, BoxError> {
        Ok(self.get_me().await?.sum())
    }
    async fn link(&self, body: &LinkRequest) -> Result<u64, BoxError> {
        Ok(self.link_user(body).await?.sum())
    }
    async fn disconnect(&self, external_user_id: &str) -> Result<u64, BoxError> {
        self.disconnect_user(external_user_id).await?;
        Ok(SUM_DISCONNECT)
    }
    async fn big(&self) -> Result<u64, BoxError> {
        Ok(sum_prices(&self.get_big().await?))
    }
}

fn main() {
    benchkit::main::<Client>();
}
