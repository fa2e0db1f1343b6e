//! A partner's journey with a user: link, consent, read contracts and orders, disconnect; and what answers afterwards.
//!
//! In the sandbox this program plays the user too, and opens the link. At Ostrom you are the user: it shows the link,
//! and goes on when you have consented and come back. `common/mod.rs` says which of the two is called.

mod common;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use common::Server;
use ostrom::Partner;
use ostrom::contracts::ContractsApi;
use ostrom::orders::OrdersApi;
use ostrom::users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use rolecall::{Client, Public, Response, StatusCode, api, endpoint};

const USER: &str = "rolecall-linking-journey";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("linking_journey: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let server = Server::choose().await?;
    println!("Server: {}\n", server.description);
    let partner: Client<Partner> = server.client()?;

    let body = UsersLinkBody::builder()
        .external_user_id(USER)
        .language(LinkLanguage::EnUs)
        .redirect_url("https://partner.example/linked")
        .scopes([Scope::ContractReadData, Scope::OrderReadData])
        .build()?;
    let link = partner.link_user(&body).await?.link_url.ok_or("the answer has no link")?;
    println!("1. The partner links {USER}, and gets a link for the user.");

    println!("2. Before the user consents, the partner reads nothing:");
    tell_contracts(&partner).await?;

    println!("3. The user opens the link and consents.");
    if server.sandbox.is_some() {
        println!("   From there the user is sent to {}", open(&link).await?);
    } else {
        println!("   {link}\n   Open it, consent, and press Enter.");
        io::stdin().read_line(&mut String::new())?;
    }

    println!("4. Now the partner reads the user's contracts and orders:");
    tell_contracts(&partner).await?;
    for order in partner.get_orders_by_external_user_id(USER).await?.data {
        let (id, product) = (text(order.id), text(order.product_code));
        println!("   order {id}: {product}, {}", text(order.status));
    }

    partner.disconnect_user(USER).await?;
    println!("5. The partner disconnects the user. Afterwards:");
    tell_contracts(&partner).await
}

/// Shows the user's contracts, or that there are none to be seen.
async fn tell_contracts(partner: &Client<Partner>) -> Result<(), Box<dyn Error>> {
    match partner.get_contracts_by_external_user_id(USER).await {
        Ok(contracts) => {
            for contract in contracts.data {
                let (id, product, start) = (text(contract.id), text(contract.product_code), text(contract.start_date));
                let deposit = text(contract.current_monthly_deposit_amount);
                println!("   contract {id}: {product} since {start}, {deposit} EUR a month");
            }
            Ok(())
        }
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            println!("   404: {}", error.problem().map_or("no reason given", |problem| problem.detail()));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "(unknown)".to_owned(), |value| value.to_string())
}

/// The sandbox's page on which a user consents: opening it is consent enough.
#[api]
trait ConsentPage {
    /// Opens the page, which leads on by a redirect.
    #[endpoint(method = GET, path = "/link/{page}", role = Public)]
    async fn open_page(&self, page: &str) -> Result<Response<()>, rolecall::Error>;
}

/// Opens a link as the user's browser does; says where it leads.
async fn open(link: &str) -> Result<String, Box<dyn Error>> {
    let (host, page) = link.split_once("/link/").ok_or("the link is not one of the sandbox")?;
    let browser = Client::<Public>::builder(host).build()?;
    let redirect = match browser.open_page(page).await {
        // rolecall follows no redirects: to an API's client, one is a failure.
        Err(error) if error.status() == Some(StatusCode::SEE_OTHER) => error,
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("the page leads nowhere".into()),
    };
    let target = redirect.headers().get("location").ok_or("the page leads nowhere")?;
    Ok(target.to_str()?.to_owned())
}
