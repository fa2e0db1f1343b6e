//! The Contracts API on the wire.

use ostrom::contracts::{
    ContractStatus, ContractsApi, GetContractsEnergyConsumptionItemResponse, GetContractsItemResponse,
    GetContractsResponse,
};
use ostrom::jiff::civil::date;
use ostrom::{Address, Amount, Decimal, Id, Partner, ProductCode, SupplyType, TimeRange, User};
use rolecall::ErrorKind;
use rolecall_tests::wire::Wire;

use crate::support::{moment, request};

/// The example of the API specification.
const CONTRACT: &str = r#"{
    "id": "100523456", "type": "ELECTRICITY", "productCode": "SIMPLY_DYNAMIC", "status": "ACTIVE",
    "customerFirstName": "Max", "customerLastName": "Mustermann", "startDate": "2024-03-22",
    "currentMonthlyDepositAmount": 120,
    "address": { "zip": "22083", "city": "Hamburg", "street": "Mozartstr.", "houseNumber": "35" }
}"#;

const CONSUMPTION: &str = r#"{"data":[{"date":"2023-10-22T01:00:00.000Z","kWh":0.48}]}"#;

fn contract() -> GetContractsItemResponse {
    let mut address = Address::default();
    address.zip = Some("22083".to_owned());
    address.city = Some("Hamburg".to_owned());
    address.street = Some("Mozartstr.".to_owned());
    address.house_number = Some("35".to_owned());
    let mut contract = GetContractsItemResponse::default();
    contract.id = Some(Id::from("100523456"));
    contract.supply = Some(SupplyType::Electricity);
    contract.product_code = Some(ProductCode::SimplyDynamic);
    contract.status = Some(ContractStatus::Active);
    contract.customer_first_name = Some("Max".to_owned());
    contract.customer_last_name = Some("Mustermann".to_owned());
    contract.start_date = Some(date(2024, 3, 22));
    contract.current_monthly_deposit_amount = Some(Decimal::from(120).into());
    contract.address = Some(address);
    contract
}

fn day() -> TimeRange {
    TimeRange::hours(moment("2023-11-01T00:00:00Z"), moment("2023-11-02T00:00:00Z")).unwrap()
}

fn consumed() -> GetContractsEnergyConsumptionItemResponse {
    let mut item = GetContractsEnergyConsumptionItemResponse::default();
    item.date = Some(moment("2023-10-22T01:00:00Z"));
    item.kwh = Some(Decimal::new(48, 2));
    item
}

#[tokio::test]
async fn get_contracts_reads_the_specifications_example() {
    let wire = Wire::json(200, &format!("{{\"data\":[{CONTRACT}]}}")).await;
    let contracts = wire.client::<User>().get_contracts().await.unwrap();
    assert_eq!(wire.request(), request("GET /contracts"));
    assert_eq!(contracts.data, [contract()]);
}

#[tokio::test]
async fn get_contracts_reads_responses_of_the_live_api() {
    let field = r#"{"data":[{"id":100523456,"productCode":"SimplyDynamic_V2","status":"IN_MOVE","type":"GAS",
        "startDate":"2024-03-21T23:00:00.000Z","currentMonthlyDepositAmount":"120.50",
        "address":{"housenumber":"35"},"meter":{"id":1}},{},{"id":null,"address":null}]}"#;
    let wire = Wire::json(200, field).await;

    let contracts = wire.client::<User>().get_contracts().await.unwrap();

    let [first, second, third] = contracts.data.try_into().unwrap();
    assert_eq!(first.id, Some(Id::from(100_523_456)));
    assert_eq!(first.product_code, Some(ProductCode::SimplyDynamicV2));
    assert_eq!(first.status, Some(ContractStatus::Other("IN_MOVE".to_owned())));
    assert_eq!(first.supply, Some(SupplyType::Other("GAS".to_owned())));
    assert_eq!(first.start_date, Some(date(2024, 3, 22)));
    assert_eq!(first.current_monthly_deposit_amount.unwrap().known(), Some(Decimal::new(12050, 2)));
    assert_eq!(first.address.unwrap().house_number.as_deref(), Some("35"));
    assert_eq!(second, GetContractsItemResponse::default());
    assert_eq!(third, GetContractsItemResponse::default());
}

#[tokio::test]
async fn an_response_without_data_is_an_empty_list() {
    for body in ["{}", r#"{"data":null}"#, r#"{"data":[]}"#] {
        let wire = Wire::json(200, body).await;
        assert_eq!(wire.client::<User>().get_contracts().await.unwrap(), GetContractsResponse::default());
    }
}

#[tokio::test]
async fn one_odd_value_does_not_lose_the_list() {
    let odd = r#"{"data":[
        null, 7, "contract", ["contract"],
        {"id":1,"currentMonthlyDepositAmount":"","startDate":"soon","type":null,"status":5,"customerFirstName":{"a":1}},
        {"id":2.5,"currentMonthlyDepositAmount":"120,50","address":{"houseNumber":35,"zip":22083}},
        {"id":true,"currentMonthlyDepositAmount":"about 100","address":{"housenumber":"1a","houseNumber":"1","zip":4109}},
        {"id":1e30,"currentMonthlyDepositAmount":false,"address":"Mozartstr. 35"},
        {"id":"4"}
    ]}"#;
    let wire = Wire::json(200, odd).await;
    let contracts = wire.client::<User>().get_contracts().await.unwrap().data;
    let ids: Vec<_> = contracts.iter().map(|contract| contract.id.as_ref().map(Id::as_str)).collect();
    assert_eq!(ids, [Some("1"), Some("2.5"), None, None, Some("4")]);
    let amounts: Vec<_> = contracts.iter().map(|contract| contract.current_monthly_deposit_amount.clone()).collect();
    let known = Some(Amount::Known(Decimal::new(12050, 2)));
    assert_eq!(amounts, [None, known, Some(Amount::Unknown("about 100".to_owned())), None, None]);
    assert_eq!(contracts[0].status, Some(ContractStatus::Other("5".to_owned())));
    assert_eq!((&contracts[0].supply, contracts[0].start_date), (&None, None));
    let address = |index: usize| {
        let address = contracts[index].address.clone()?;
        Some((address.house_number.unwrap(), address.zip.unwrap()))
    };
    assert_eq!(address(1), Some(("35".to_owned(), "22083".to_owned())));
    assert_eq!(address(2), Some(("1".to_owned(), "04109".to_owned())));
    assert_eq!(address(3), None);
}

#[tokio::test]
async fn a_response_that_is_not_a_list_is_an_error() {
    let wire = Wire::json(200, r#"{"data":{"id":1}}"#).await;
    let error = wire.client::<User>().get_contracts().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("`data`"), "{error}");
}

#[tokio::test]
async fn get_contract_energy_consumption_sends_the_range() {
    let wire = Wire::json(200, CONSUMPTION).await;
    let client = wire.client::<User>();
    let response = client.get_contract_energy_consumption(&Id::from("100523456"), &day()).await.unwrap();
    assert_eq!(
        wire.request(),
        request(
            "GET /contracts/100523456/energy-consumption?startDate=2023-11-01T00%3A00%3A00.000Z\
             &endDate=2023-11-02T00%3A00%3A00.000Z&resolution=HOUR"
        )
    );
    assert_eq!(response.data, [consumed()]);
}

#[tokio::test]
async fn get_contracts_by_external_user_id_reads_the_specifications_example() {
    let wire = Wire::json(200, &format!("{{\"data\":[{CONTRACT}]}}")).await;
    let contracts = wire.client::<Partner>().get_contracts_by_external_user_id("user 42/\u{e4}").await.unwrap();
    assert_eq!(wire.request(), request("GET /users/user%2042%2F%C3%A4/contracts"));
    assert_eq!(contracts.data, [contract()]);
}

#[tokio::test]
async fn get_contract_by_external_user_id_reads_the_specifications_example() {
    let wire = Wire::json(200, CONTRACT).await;
    let client = wire.client::<Partner>();
    let response = client.get_contract_by_external_user_id("user-42", &Id::from(100_523_456)).await.unwrap();
    assert_eq!(wire.request(), request("GET /users/user-42/contracts/100523456"));
    assert_eq!(response, contract());
}

#[tokio::test]
async fn get_contract_energy_consumption_by_external_user_id_sends_the_range() {
    let wire = Wire::json(200, CONSUMPTION).await;
    let client = wire.client::<Partner>();
    let months = TimeRange::months(day().start(), day().end()).unwrap();
    let id = Id::from(100_523_456);
    let response = client.get_contract_energy_consumption_by_external_user_id("user-42", &id, &months).await.unwrap();
    assert_eq!(
        wire.request(),
        request(
            "GET /users/user-42/contracts/100523456/energy-consumption?startDate=2023-11-01T00%3A00%3A00.000Z\
             &endDate=2023-11-02T00%3A00%3A00.000Z&resolution=MONTH"
        )
    );
    assert_eq!(response.data, [consumed()]);
}

#[tokio::test]
async fn an_id_that_would_be_another_path_is_refused_and_nothing_sent() {
    let wire = Wire::json(200, CONTRACT).await;
    let client = wire.client::<Partner>();
    for id in ["", "..", "1\n"] {
        let error = client.get_contract_by_external_user_id("user-42", &Id::from(id)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{id:?}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}
