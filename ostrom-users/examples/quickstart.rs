//! The three calls of the Users API, and one that is refused.
//!
//! Without credentials in the environment it calls an `ostrom-sandbox` that it starts on loopback. With
//! `OSTROM_CLIENT_ID` and `OSTROM_CLIENT_SECRET` it calls Ostrom, in the environment that `OSTROM_ENVIRONMENT`
//! names: `sandbox` (the default) or `production`.

use std::env::{self, VarError};
use std::error::Error;
use std::process::ExitCode;

use ostrom_core::{Environment, Partner, User};
use ostrom_sandbox::Sandbox;
use ostrom_users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use rolecall::{Client, ErrorKind, Role, StatusCode};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nquickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let server = Server::choose().await?;
    println!("Server: {}\n", server.description);
    let partner: Client<Partner> = server.client(&server.partner)?;
    let user: Client<User> = server.client(&server.user)?;

    let body = UsersLinkBody {
        external_user_id: "rolecall-quickstart".to_owned(),
        referral_code: None,
        language: LinkLanguage::DeDe,
        redirect_url: "https://partner.example/linked".to_owned(),
        scopes: vec![Scope::OrderReadData, Scope::ContractReadData],
    };
    say::<Partner>("link_user", "link a user to the partner's application");
    show::<Partner, _>(partner.link_user(&body).await, |link| {
        format!("the user logs in and consents at {}", link.link_url.as_deref().unwrap_or("(no link in the answer)"))
    })?;

    say::<User>("get_me", "read who the user is");
    show::<User, _>(user.get_me().await, |me| {
        let name = [me.first_name.as_deref(), me.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        format!("{} <{}>", name.join(" "), me.email.as_deref().unwrap_or("no address"))
    })?;

    say::<Partner>("disconnect_user", "disconnect the user again");
    show::<Partner, _>(partner.disconnect_user(&body.external_user_id).await, |()| "disconnected".to_owned())?;

    say::<Partner>("disconnect_user", "disconnect a user whom nobody linked, which the server refuses");
    show::<Partner, _>(partner.disconnect_user("rolecall-nobody").await, |()| "disconnected".to_owned())
}

fn say<R: Role>(call: &str, purpose: &str) {
    println!("{:<8} {call}: {purpose}", R::NAME);
}

/// Shows how a call ended. Credentials that no token is given for end the run; anything else is a result.
fn show<R: Role, T>(result: Result<T, rolecall::Error>, text: impl FnOnce(T) -> String) -> Result<(), Box<dyn Error>> {
    match result {
        Ok(answer) => println!("         {}\n", text(answer)),
        Err(error) if error.kind() == ErrorKind::Authorization => return Err(error.into()),
        Err(error) => {
            println!("         {error}");
            if matches!(error.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) {
                println!(
                    "         The server gave these credentials a token, but doesn't let it make this call:\n         \
                     they lack the role {}. Everything else goes on.",
                    R::NAME
                );
            } else {
                println!(
                    "         kind: {:?}, status: {}, the API's word for it: {}, worth trying again: {}",
                    error.kind(),
                    error.status().map_or_else(|| "none".to_owned(), |status| status.as_u16().to_string()),
                    error.problem().map_or("none", |problem| problem.kind()),
                    if error.is_retryable() { "yes" } else { "no" },
                );
            }
            println!();
        }
    }
    Ok(())
}

/// Which server to call, and as whom.
struct Server {
    description: String,
    environment: Environment,
    partner: Credentials,
    user: Credentials,
    /// Stops when it is dropped.
    _sandbox: Option<Sandbox>,
}

#[derive(Clone)]
struct Credentials {
    id: String,
    secret: String,
}

impl From<ostrom_sandbox::Credentials> for Credentials {
    fn from(credentials: ostrom_sandbox::Credentials) -> Self {
        Self { id: credentials.client_id, secret: credentials.client_secret }
    }
}

impl Server {
    async fn choose() -> Result<Self, Box<dyn Error>> {
        match (variable("OSTROM_CLIENT_ID")?, variable("OSTROM_CLIENT_SECRET")?) {
            (Some(id), Some(secret)) => Self::ostrom(Credentials { id, secret }),
            (None, None) => Self::loopback().await,
            (Some(_), None) => Err("OSTROM_CLIENT_ID is set, but OSTROM_CLIENT_SECRET is not".into()),
            (None, Some(_)) => Err("OSTROM_CLIENT_SECRET is set, but OSTROM_CLIENT_ID is not".into()),
        }
    }

    fn ostrom(credentials: Credentials) -> Result<Self, Box<dyn Error>> {
        let name = variable("OSTROM_ENVIRONMENT")?;
        let environment: Environment = match name.as_deref() {
            Some(name) => name.parse().map_err(|error| format!("OSTROM_ENVIRONMENT: {error}"))?,
            None => Environment::Sandbox,
        };
        Ok(Self {
            description: format!("Ostrom's {environment} environment, {}", environment.api_url()),
            environment,
            partner: credentials.clone(),
            user: credentials,
            _sandbox: None,
        })
    }

    async fn loopback() -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::start().await?;
        Ok(Self {
            description: format!("an ostrom-sandbox in this process, {}", sandbox.api_url()),
            environment: Environment::custom(sandbox.api_url(), sandbox.auth_url()),
            partner: sandbox.partner_credentials().into(),
            user: sandbox.user_credentials().into(),
            _sandbox: Some(sandbox),
        })
    }

    fn client<R: Role>(&self, credentials: &Credentials) -> Result<Client<R>, rolecall::Error> {
        self.environment.client(&credentials.id, credentials.secret.as_str()).build()
    }
}

/// A variable of the environment; one that is empty counts as not set.
fn variable(name: &str) -> Result<Option<String>, Box<dyn Error>> {
    match env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is no text").into()),
    }
}
