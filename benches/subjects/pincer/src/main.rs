//! `pincer`: a macro on a trait, hyper-util's pooled client, tower layers; the token is one of them.

use benchkit::{BoxError, LinkRequest, LinkResponse, Me, SUM_DISCONNECT, Subject};
use pincer::{HttpClient, HyperClient, pincer};

#[pincer(url = "http://127.0.0.1")]
pub trait Users {
    #[get("/me")]
    async fn get_me(&self) -> pincer::Result<Me>;

    #[post("/users/link")]
    async fn link_user(&self, #[body] body: &LinkRequest) -> pincer::Result<LinkResponse>;

    #[delete("/users/{external_user_id}/disconnect")]
    async fn disconnect_user(&self, #[path] external_user_id: &str) -> pincer::Result<()>;
}

pub struct Client {
    users: UsersClient,
}

impl Subject for Client {
    type Body = LinkRequest;
    fn body(plain: LinkRequest) -> LinkRequest {
        plain
    }
    fn new(base: &str, token: &str) -> Result<Self, BoxError> {
        let http = HyperClient::builder().with_bearer_auth(token).build();
        let users = UsersClientBuilder::default().client(http).base_url(base).build()?;
        Ok(Self { users })
    }
    async fn me(&self) -> Result<u64, BoxError> {
        Ok(self.users.get_me().await?.sum())
    }
    async fn link(&self, body: &LinkRequest) -> Result<u64, BoxError> {
        Ok(self.users.link_user(body).await?.sum())
    }
    async fn disconnect(&self, external_user_id: &str) -> Result<u64, BoxError> {
        self.users.disconnect_user(external_user_id).await?;
        Ok(SUM_DISCONNECT)
    }
}

fn main() {
    benchkit::main::<Client>();
}
