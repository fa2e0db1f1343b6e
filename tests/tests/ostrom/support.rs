//! What these tests share.

use ostrom::contracts::{ContractsApi, GetContractsItemResponse};
use ostrom::jiff::Timestamp;
use ostrom::{Environment, Partner, User};
use ostrom_sandbox::{Credentials, Sandbox, SandboxBuilder};
use rolecall::{Client, Role};

/// A request as `Wire` shows it, without a body.
pub(crate) fn request(line: &str) -> String {
    format!(
        "{line}\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n"
    )
}

/// A request as `Wire` shows it, with a body of JSON.
pub(crate) fn request_with_body(line: &str, body: &str) -> String {
    format!(
        "{line}\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         content-length: {}\n\
         content-type: application/json\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n\
         {body}",
        body.len()
    )
}

pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A sandbox at noon in the spring of 2025, without a rate limit, and a client of each role.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) user: Client<User>,
    pub(crate) partner: Client<Partner>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of(Sandbox::builder().linked_user("user-42")).await
    }

    pub(crate) async fn of(builder: SandboxBuilder) -> Self {
        let builder = builder.no_rate_limit().now(moment("2025-04-15T10:00:00Z"));
        let sandbox = builder.start().await.unwrap();
        let user = client(&sandbox, &sandbox.user_credentials());
        let partner = client(&sandbox, &sandbox.partner_credentials());
        Self { sandbox, user, partner }
    }

    /// The user's contract that is in force.
    pub(crate) async fn contract(&self) -> GetContractsItemResponse {
        self.user.get_contracts().await.unwrap().data.remove(0)
    }
}

fn client<R: Role>(sandbox: &Sandbox, credentials: &Credentials) -> Client<R> {
    Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client(&credentials.client_id, credentials.client_secret.as_str())
        .build()
        .unwrap()
}
