//! Runs a sandbox until Ctrl-C.

#![forbid(unsafe_code)]

mod options;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use options::Command;
use ostrom_sandbox::{Credentials, Sandbox, SandboxBuilder};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match options::parse(env::args_os().skip(1)) {
        Ok(Command::Help) => print(options::HELP),
        Ok(Command::Version) => print(concat!("ostrom-sandbox ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Command::Serve(builder)) => serve(*builder).await,
        Err(error) => {
            eprintln!("ostrom-sandbox: {error}\n\nFor the options, run `ostrom-sandbox --help`.");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ostrom-sandbox: {error}");
            if error.kind() == io::ErrorKind::AddrInUse {
                eprintln!("Choose other ports with `--api-port` and `--auth-port`; without them, free ports are used.");
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve(builder: SandboxBuilder) -> io::Result<()> {
    let sandbox = builder.start().await?;
    print(&welcome(&sandbox))?;
    tokio::signal::ctrl_c().await
}

/// Prints to standard output. A reader that has closed the pipe, such as `head`, is not an error.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn welcome(sandbox: &Sandbox) -> String {
    format!(
        "A local sandbox server for the Ostrom API. All data is invented. Stop it with Ctrl-C.

  In a browser  {api}/
  API           {api}
  Auth          {auth}

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
