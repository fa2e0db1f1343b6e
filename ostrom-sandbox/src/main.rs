//! Runs a sandbox until ctrl-c: `ostrom-sandbox [API_PORT AUTH_PORT]`.

#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::{env, io};

use ostrom_sandbox::{Credentials, Sandbox};

const USAGE: &str = "usage: ostrom-sandbox [API_PORT AUTH_PORT]   (free ports if left out)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((api_port, auth_port)) = ports(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(api_port, auth_port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ostrom-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ports(arguments: &[String]) -> Option<(u16, u16)> {
    match arguments {
        [] => Some((0, 0)),
        [api, auth] => Some((api.parse().ok()?, auth.parse().ok()?)),
        _ => None,
    }
}

async fn run(api_port: u16, auth_port: u16) -> io::Result<()> {
    let sandbox = Sandbox::builder().api_port(api_port).auth_port(auth_port).start().await?;
    println!("{}", welcome(&sandbox));
    tokio::signal::ctrl_c().await
}

fn welcome(sandbox: &Sandbox) -> String {
    format!(
        "An Ostrom on loopback. Stop it with ctrl-c.

  API    {api}
  auth   {auth}

In the shell of your client:

export OSTROM_API_URL={api}
export OSTROM_AUTH_URL={auth}
{user}
{partner}

A token, by hand:

curl -u \"$OSTROM_PARTNER_CLIENT_ID:$OSTROM_PARTNER_CLIENT_SECRET\" -d grant_type=client_credentials $OSTROM_AUTH_URL/oauth2/token
",
        api = sandbox.api_url(),
        auth = sandbox.auth_url(),
        user = exports("USER", &sandbox.user_credentials()),
        partner = exports("PARTNER", &sandbox.partner_credentials()),
    )
}

fn exports(role: &str, credentials: &Credentials) -> String {
    let Credentials { client_id, client_secret, .. } = credentials;
    format!("export OSTROM_{role}_CLIENT_ID={client_id}\nexport OSTROM_{role}_CLIENT_SECRET={client_secret}")
}
