//! Sends every operation through Prism, which validates requests and responses against the API specification, to a
//! sandbox: `cargo xtask interop prism`.
//!
//! Usage: `prism OPENAPI_JSON PRISM`, the path of the specification and that of Prism's program.

use std::error::Error;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ostrom::contracts::ContractsApi;
use ostrom::jiff::civil::date;
use ostrom::orders::OrdersApi;
use ostrom::prices::PricesApi;
use ostrom::products::ProductsApi;
use ostrom::users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use ostrom::webhooks::{WebhooksApi, WebhooksBody};
use ostrom::{Environment, Hours, Partner, TimeRange, User, midnight};
use ostrom_sandbox::{Sandbox, SandboxBuilder};
use rolecall::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const USER: &str = "user-42";
/// Prism starts in a second or two.
const START_TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("prism: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, program] = arguments.as_slice() else { return Err("usage: prism OPENAPI_JSON PRISM".into()) };
    let specified = check("as in the API specification", Sandbox::builder(), document, program).await?;
    let live = check("as observed from the live API", Sandbox::builder().live_api_quirks(), document, program).await?;
    if !specified.is_empty() {
        return Err("responses violate the API specification".into());
    }
    // The live API's deposits are numbers, against the schema: of the operations that return contracts, and only there.
    let contracts = ["get_contracts", "get_contracts_by_external_user_id", "get_contract_by_external_user_id"];
    let deposit = |problem: &String| problem.ends_with("currentMonthlyDepositAmount must be string");
    if live.iter().map(|(name, _)| *name).collect::<Vec<_>>() != contracts
        || !live.iter().all(|(_, problems)| problems.iter().all(deposit))
    {
        return Err(format!("the live format should violate the schema in {contracts:?} by the deposit alone").into());
    }
    println!(
        "\nBy default, 17 of 17 operations and the token are valid in both directions; in the live format, all but"
    );
    println!("the deposits of contracts, as documented.");
    Ok(())
}

/// Operations with the problems that Prism found.
type Violations = Vec<(&'static str, Vec<String>)>;

/// Sends every operation; returns those that Prism found invalid.
async fn check(
    format: &str,
    builder: SandboxBuilder,
    document: &str,
    program: &str,
) -> Result<Violations, Box<dyn Error>> {
    println!("\nResponses {format}:");
    let now = "2025-04-15T12:00:00Z".parse()?;
    let sandbox = builder.linked_user(USER).now(now).no_rate_limit().start().await?;
    let (api, auth) =
        (Prism::start(program, document, sandbox.api_url())?, Prism::start(program, document, sandbox.auth_url())?);
    let environment = Environment::custom(&api.url, &auth.url);
    let (user, partner) = (sandbox.user_credentials(), sandbox.partner_credentials());
    let user: Client<User> = environment.client(user.client_id, user.client_secret).build()?;
    let partner: Client<Partner> = environment.client(partner.client_id, partner.client_secret).build()?;

    let mut report = Report::default();
    let start = midnight(date(2025, 3, 28));
    let range = TimeRange::days(start, midnight(date(2025, 4, 1)))?;
    let hours = Hours::new(start, range.end())?;
    let receiver = receiver().await?;

    report.add("get_me", user.get_me().await);
    // The ids are read from the sandbox itself, because in the live format Prism withholds the response.
    let direct: Client<Partner> = {
        let credentials = sandbox.partner_credentials();
        let direct = Environment::custom(sandbox.api_url(), sandbox.auth_url());
        direct.client(credentials.client_id, credentials.client_secret).build()?
    };
    let own = ostrom::Id::from(100_523_456);
    let contract = direct.get_contracts_by_external_user_id(USER).await?.data.remove(0).id.ok_or("no id")?;
    let order = direct.get_orders_by_external_user_id(USER).await?.data.remove(0).id.ok_or("no id")?;

    report.add("get_contracts", user.get_contracts().await);
    report.add("get_contract_energy_consumption", user.get_contract_energy_consumption(&own, &range).await);
    report.add("get_contracts_by_external_user_id", partner.get_contracts_by_external_user_id(USER).await);
    report.add("get_contract_by_external_user_id", partner.get_contract_by_external_user_id(USER, &contract).await);
    report.add(
        "get_contract_energy_consumption_by_external_user_id",
        partner.get_contract_energy_consumption_by_external_user_id(USER, &contract, &range).await,
    );
    report.add("get_orders_by_external_user_id", partner.get_orders_by_external_user_id(USER).await);
    report.add("get_order_by_external_user_id", partner.get_order_by_external_user_id(USER, &order).await);
    report.add("get_spot_prices", user.get_spot_prices(&hours, Some("22083")).await);
    report.add("get_product_prices", partner.get_product_prices("22083", Some(2), Some(2500)).await);

    let link = UsersLinkBody::builder()
        .external_user_id("user-43")
        .language(LinkLanguage::DeDe)
        .redirect_url("https://partner.example/linked")
        .scopes([Scope::ContractReadData])
        .build()?;
    report.add("link_user", partner.link_user(&link).await);
    report.add("disconnect_user", partner.disconnect_user("user-43").await);

    let body = WebhooksBody { url: receiver, secret: "s3cret".to_owned() };
    let webhook = report.add("create_webhook", partner.create_webhook(&body).await);
    let webhook = webhook.and_then(|webhook| webhook.id).ok_or("no webhook")?;
    report.add("get_webhooks", partner.get_webhooks().await);
    report.add("get_webhook", partner.get_webhook(&webhook).await);
    report.add("test_webhook", partner.test_webhook(&webhook).await);
    report.add("delete_webhook", partner.delete_webhook(&webhook).await);
    if report.operations != 17 {
        return Err(format!("{} operations instead of 17", report.operations).into());
    }
    Ok(report.violations)
}

/// Accepts every delivery. Returns its URL.
async fn receiver() -> Result<String, Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        }
    });
    Ok(url)
}

#[derive(Default)]
struct Report {
    operations: usize,
    violations: Violations,
}

impl Report {
    fn add<T>(&mut self, name: &'static str, result: Result<T, rolecall::Error>) -> Option<T> {
        self.operations += 1;
        match result {
            Ok(response) => {
                println!("  {name:52} valid");
                Some(response)
            }
            Err(error) => {
                println!("  {name:52} INVALID");
                let problems = problems(&error);
                for problem in &problems {
                    println!("    {problem}");
                }
                self.violations.push((name, problems));
                None
            }
        }
    }
}

/// Returns the problems that Prism reports, or the error if it is another one.
fn problems(error: &rolecall::Error) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_slice(error.body()).unwrap_or_default();
    match report["validation"].as_array() {
        Some(list) => list.iter().map(|problem| problem["message"].as_str().unwrap_or_default().to_owned()).collect(),
        None => vec![error.to_string()],
    }
}

/// A running Prism, which ends when it is dropped.
struct Prism {
    url: String,
    process: Child,
}

impl Prism {
    /// Starts Prism before a server. With `--errors` it replaces an invalid request's or response's body by an error.
    fn start(program: &str, document: &str, upstream: &str) -> Result<Self, Box<dyn Error>> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Command::new(program)
            .args(["proxy", document, upstream, "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("could not run {program}: {error}"))?;
        let mut prism = Self { url: format!("http://127.0.0.1:{port}"), process };
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = prism.process.try_wait()? {
                return Err(format!("Prism ended with {status}").into());
            }
            if start.elapsed() > START_TIMEOUT {
                return Err("Prism does not listen".into());
            }
            sleep(Duration::from_millis(100));
        }
        Ok(prism)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
