//! The three calls of the Users API, and one that the server rejects.
//!
//! It starts a sandbox of its own, or calls the server that the environment names: see `server/mod.rs`.

mod server;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use ostrom_core::{Partner, User};
use ostrom_sandbox::Sandbox;
use ostrom_users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use rolecall::{ErrorKind, Role, StatusCode};
use server::Server;

#[tokio::main]
async fn main() -> ExitCode {
    server::exit("quickstart", run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let server = Server::choose(Sandbox::builder()).await?;
    let mut out = io::stdout().lock();
    writeln!(out, "Server: {}\n", server.description)?;
    let (partner, user) = (server.partner()?, server.user()?);

    let body = UsersLinkBody {
        external_user_id: "rolecall-quickstart".to_owned(),
        referral_code: None,
        language: LinkLanguage::DeDe,
        redirect_url: "https://partner.example/linked".to_owned(),
        scopes: vec![Scope::OrderReadData, Scope::ContractReadData],
    };
    announce::<Partner>(&mut out, "link_user", "link a user to the partner's application")?;
    show::<Partner, _>(&mut out, partner.link_user(&body).await, |link| {
        format!("the user logs in and consents at {}", link.link_url.as_deref().unwrap_or("(no link in the response)"))
    })?;

    announce::<User>(&mut out, "get_me", "retrieve the user's information")?;
    show::<User, _>(&mut out, user.get_me().await, |me| {
        let name = [me.first_name.as_deref(), me.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        format!("{} <{}>", name.join(" "), me.email.as_deref().unwrap_or("no address"))
    })?;

    announce::<Partner>(&mut out, "disconnect_user", "disconnect the user again")?;
    let disconnected = partner.disconnect_user(&body.external_user_id).await;
    show::<Partner, _>(&mut out, disconnected, |()| "disconnected".to_owned())?;

    announce::<Partner>(&mut out, "disconnect_user", "disconnect a user who is not linked, which the server rejects")?;
    let rejected = partner.disconnect_user("rolecall-nobody").await;
    show::<Partner, _>(&mut out, rejected, |()| "disconnected".to_owned())
}

fn announce<R: Role>(out: &mut impl Write, call: &str, purpose: &str) -> io::Result<()> {
    writeln!(out, "{:<8} {call}: {purpose}", R::NAME)
}

/// Shows the result of a call. An error ends the example if no further call can succeed: the server cannot be reached,
/// or it rejected the credentials.
fn show<R: Role, T>(
    out: &mut impl Write,
    result: Result<T, rolecall::Error>,
    text: impl FnOnce(T) -> String,
) -> Result<(), Box<dyn Error>> {
    match result {
        Ok(response) => writeln!(out, "         {}\n", text(response))?,
        Err(error) if error.status().is_none() || error.kind() == ErrorKind::Authorization => return Err(error.into()),
        Err(error) => {
            writeln!(out, "         {error}")?;
            if matches!(error.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) {
                writeln!(
                    out,
                    "         The server issued a token for these credentials, but the token lacks the role {}.",
                    R::NAME
                )?;
            } else {
                writeln!(
                    out,
                    "         kind: {:?}, status: {}, the API's error type: {}, retryable: {}",
                    error.kind(),
                    error.status().map_or_else(|| "none".to_owned(), |status| status.as_u16().to_string()),
                    error.problem().map_or("none", |problem| problem.kind()),
                    if error.is_retryable() { "yes" } else { "no" },
                )?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
