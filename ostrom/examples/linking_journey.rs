//! A partner's journey with a user: link, consent, read contracts and orders, disconnect.
//!
//! With its own sandbox, the example also plays the user, and opens the link. With another server you are the user: the
//! example shows the link, and continues when you have consented and press Enter.

mod common;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use common::server;
use ostrom::Partner;
use ostrom::contracts::ContractsApi;
use ostrom::orders::OrdersApi;
use ostrom::users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use rolecall::{Client, Public, Response, StatusCode, api, endpoint};

const USER: &str = "rolecall-linking-journey";

#[tokio::main]
async fn main() -> ExitCode {
    server::exit("linking_journey", run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (server, _) = common::choose_server().await?;
    let mut out = io::stdout().lock();
    writeln!(out, "Server: {}\n", server.description)?;
    let partner: Client<Partner> = server.partner()?;

    let body = UsersLinkBody::builder()
        .external_user_id(USER)
        .language(LinkLanguage::EnUs)
        .redirect_url("https://partner.example/linked")
        .scopes([Scope::ContractReadData, Scope::OrderReadData])
        .build()?;
    let link = partner.link_user(&body).await?.link_url.ok_or("the response has no link")?;
    writeln!(out, "1. The partner links {USER}, and gets a link for the user.")?;

    writeln!(out, "2. Before the user consents, the partner can read nothing:")?;
    show_contracts(&mut out, &partner).await?;

    writeln!(out, "3. The user opens the link and consents.")?;
    if server.sandbox.is_some() {
        writeln!(out, "   From there the user is sent to {}", open(&link).await?)?;
    } else {
        writeln!(out, "   {link}\n   Open it, consent, and press Enter.")?;
        out.flush()?;
        io::stdin().read_line(&mut String::new())?;
    }

    writeln!(out, "4. Now the partner can read the user's contracts and orders:")?;
    show_contracts(&mut out, &partner).await?;
    for order in partner.get_orders_by_external_user_id(USER).await?.data {
        let (id, product) = (text(order.id), text(order.product_code));
        writeln!(out, "   order {id}: {product}, {}", text(order.status))?;
    }

    partner.disconnect_user(USER).await?;
    writeln!(out, "5. The partner disconnects the user. Afterwards:")?;
    show_contracts(&mut out, &partner).await
}

/// Shows the user's contracts, or the server's reason why there are none.
async fn show_contracts(out: &mut impl Write, partner: &Client<Partner>) -> Result<(), Box<dyn Error>> {
    match partner.get_contracts_by_external_user_id(USER).await {
        Ok(contracts) => {
            for contract in contracts.data {
                let (id, product, start) = (text(contract.id), text(contract.product_code), text(contract.start_date));
                let deposit = text(contract.current_monthly_deposit_amount);
                writeln!(out, "   contract {id}: {product} since {start}, {deposit} EUR per month")?;
            }
            Ok(())
        }
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            writeln!(out, "   404: {}", error.problem().map_or("no reason given", |problem| problem.detail()))?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "(unknown)".to_owned(), |value| value.to_string())
}

/// The sandbox's consent page. Opening it is the consent.
#[api]
trait ConsentPage {
    /// Opens the page, which redirects.
    #[endpoint(method = GET, path = "/link/{page}", role = Public)]
    async fn open_page(&self, page: &str) -> Result<Response<()>, rolecall::Error>;
}

/// Opens a link as the user's browser does. Returns the URL that it redirects to.
async fn open(link: &str) -> Result<String, Box<dyn Error>> {
    let (host, page) = link.split_once("/link/").ok_or("the link is not one of the sandbox")?;
    let browser = Client::<Public>::builder(host).build()?;
    let redirect = match browser.open_page(page).await {
        // rolecall does not follow redirects: to an API's client, a redirect is an error.
        Err(error) if error.status() == Some(StatusCode::SEE_OTHER) => error,
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("the page does not redirect".into()),
    };
    let target = redirect.headers().get("location").ok_or("the page does not redirect")?;
    Ok(target.to_str()?.to_owned())
}
