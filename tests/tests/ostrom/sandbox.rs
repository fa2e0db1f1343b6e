//! Each operation against the sandbox, which shares no code with the client.

use ostrom::contracts::{ContractStatus, ContractsApi};
use ostrom::jiff::SignedDuration;
use ostrom::orders::{OrderStatus, OrdersApi};
use ostrom::prices::{PricesApi, household_prices};
use ostrom::products::ProductsApi;
use ostrom::users::{LinkLanguage, Scope, UsersApi, UsersLinkBody};
use ostrom::webhooks::{WebhooksApi, WebhooksBody};
use ostrom::{Hours, Id, ProductCode, TimeRange};
use ostrom_sandbox::Sandbox;
use rolecall::StatusCode;

use crate::support::{World, moment};

fn march() -> TimeRange {
    TimeRange::days(moment("2025-03-01T00:00:00Z"), moment("2025-04-01T00:00:00Z")).unwrap()
}

#[tokio::test]
async fn a_user_reads_contracts_and_their_consumption() {
    let world = World::new().await;
    let contract = world.contract().await;
    assert_eq!(contract.status, Some(ContractStatus::Active));
    assert_eq!(contract.current_monthly_deposit_amount.unwrap().known(), Some(120.into()));
    let consumption = world.user.get_contract_energy_consumption(&contract.id.unwrap(), &march()).await.unwrap();
    assert_eq!(consumption.data.len(), 31);
    assert!(consumption.data.iter().all(|day| day.date.is_some() && day.kwh.is_some()));
}

#[tokio::test]
async fn responses_of_the_live_api_decode_to_the_same_values() {
    let document = World::new().await.contract().await;
    let world = World::of(Sandbox::builder().live_api_quirks()).await;
    let mut field = world.contract().await;
    assert_eq!(field.product_code, Some(ProductCode::SimplyDynamicV2));
    field.product_code.clone_from(&document.product_code);
    // `"120.00"` and `120` are equal numbers.
    assert_eq!(field, document);
    world.user.get_contract_energy_consumption(&field.id.unwrap(), &march()).await.unwrap();
}

#[tokio::test]
async fn a_partner_reads_the_contracts_orders_and_consumption_of_its_users() {
    let World { partner, .. } = &World::new().await;
    let contracts = partner.get_contracts_by_external_user_id("user-42").await.unwrap().data;
    let id = contracts[0].id.clone().unwrap();
    assert_eq!(partner.get_contract_by_external_user_id("user-42", &id).await.unwrap(), contracts[0]);
    let days = partner.get_contract_energy_consumption_by_external_user_id("user-42", &id, &march()).await.unwrap();
    assert_eq!(days.data.len(), 31);

    let orders = partner.get_orders_by_external_user_id("user-42").await.unwrap().data;
    assert_eq!(orders[0].status, Some(OrderStatus::Verified));
    let id = orders[0].id.clone().unwrap();
    assert_eq!(partner.get_order_by_external_user_id("user-42", &id).await.unwrap(), orders[0]);
}

#[tokio::test]
async fn the_linking_journey_opens_and_closes_what_a_partner_may_read() {
    let world = World::of(Sandbox::builder()).await;
    let partner = &world.partner;
    let body = UsersLinkBody::builder()
        .external_user_id("user/42")
        .language(LinkLanguage::DeDe)
        .redirect_url("https://partner.example/linked")
        .scopes([Scope::ContractReadData])
        .build()
        .unwrap();
    partner.link_user(&body).await.unwrap();
    let status = async || match partner.get_contracts_by_external_user_id("user/42").await {
        Ok(_) => StatusCode::OK,
        Err(error) => error.status().unwrap(),
    };
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    assert!(world.sandbox.consent("user/42"));
    assert_eq!(status().await, StatusCode::OK);
    let error = partner.get_orders_by_external_user_id("user/42").await.unwrap_err();
    assert_eq!(error.problem().unwrap().kind(), "unauthorized");
    partner.disconnect_user("user/42").await.unwrap();
    assert_eq!(status().await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn prices_are_for_both_roles_and_tomorrows_come_in_the_afternoon() {
    let world = World::new().await;
    let tomorrow = Hours::of_day(ostrom::jiff::civil::date(2025, 4, 16));
    assert_eq!(world.user.get_spot_prices(&tomorrow, None).await.unwrap().data, []);
    world.sandbox.set_now(moment("2025-04-15T12:00:00Z"));
    let as_user = world.user.get_spot_prices(&tomorrow, None).await.unwrap();
    assert_eq!(as_user.data.len(), 24);
    assert_eq!(world.partner.get_spot_prices(&tomorrow, None).await.unwrap(), as_user);

    let prices = household_prices(&world.partner, &tomorrow, "22083").await.unwrap();
    assert!(prices.intervals().iter().all(|hour| hour.total > hour.energy && hour.monthly_fees.is_some()));
    let window = prices.cheapest(SignedDuration::from_hours(3), ..).unwrap();
    assert_eq!(prices.intervals().iter().filter(|hour| window.contains(hour.start)).count(), 3);
}

#[tokio::test]
async fn products_are_read() {
    let world = World::new().await;
    let products = world.partner.get_product_prices("22083", Some(3), None).await.unwrap().data;
    assert_eq!(products[0].code, Some(ProductCode::SimplyDynamic));
    assert!(products.iter().all(|product| product.yearly_consumption == Some(2600.into())));
}

#[tokio::test]
async fn a_webhook_is_created_read_and_deleted() {
    for builder in [Sandbox::builder(), Sandbox::builder().live_api_quirks()] {
        let World { partner, .. } = &World::of(builder).await;
        let body = WebhooksBody { url: "https://partner-example.com/webhook".to_owned(), secret: "s".to_owned() };
        let webhook = partner.create_webhook(&body).await.unwrap();
        let id = webhook.id.clone().unwrap();
        assert_eq!(partner.get_webhooks().await.unwrap().data, std::slice::from_ref(&webhook));
        assert_eq!(partner.get_webhook(&id).await.unwrap(), webhook);
        assert_eq!(partner.delete_webhook(&id).await.unwrap(), webhook);
        assert_eq!(partner.get_webhook(&id).await.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    }
}

#[tokio::test]
async fn a_rejected_request_is_the_error_of_the_api_specification() {
    let world = World::new().await;
    let error = world.user.get_contract_energy_consumption(&Id::from("abc"), &march()).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.problem().unwrap().kind(), "bad_request");
    assert_eq!(error.problem().unwrap().detail(), "contractId must be a number.");
}
