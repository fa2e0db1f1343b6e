//! The Orders API on the wire.

use ostrom::orders::{GetOrdersItemResponse, OrderStatus, OrdersApi};
use ostrom::{Address, Id, Partner, ProductCode, SupplyType};
use rolecall_tests::wire::Wire;

use crate::support::request;

/// The example of the API specification.
const ORDER: &str = r#"{
    "id": "100523456", "type": "ELECTRICITY", "productCode": "SIMPLY_DYNAMIC", "status": "VERIFIED",
    "customerFirstName": "Max", "customerLastName": "Mustermann",
    "address": { "zip": "22083", "city": "Hamburg", "street": "Mozartstr.", "houseNumber": "35" }
}"#;

fn order() -> GetOrdersItemResponse {
    let mut address = Address::default();
    address.zip = Some("22083".to_owned());
    address.city = Some("Hamburg".to_owned());
    address.street = Some("Mozartstr.".to_owned());
    address.house_number = Some("35".to_owned());
    let mut order = GetOrdersItemResponse::default();
    order.id = Some(Id::from("100523456"));
    order.supply = Some(SupplyType::Electricity);
    order.product_code = Some(ProductCode::SimplyDynamic);
    order.status = Some(OrderStatus::Verified);
    order.customer_first_name = Some("Max".to_owned());
    order.customer_last_name = Some("Mustermann".to_owned());
    order.address = Some(address);
    order
}

#[tokio::test]
async fn get_orders_by_external_user_id_reads_the_specifications_example() {
    let wire = Wire::json(200, &format!("{{\"data\":[{ORDER}]}}")).await;
    let orders = wire.client::<Partner>().get_orders_by_external_user_id("user-42").await.unwrap();
    assert_eq!(wire.request(), request("GET /users/user-42/orders"));
    assert_eq!(orders.data, [order()]);
}

#[tokio::test]
async fn get_order_by_external_user_id_reads_the_specifications_example() {
    let wire = Wire::json(200, ORDER).await;
    let client = wire.client::<Partner>();
    let response = client.get_order_by_external_user_id("user-42", &Id::from("100523456")).await.unwrap();
    assert_eq!(wire.request(), request("GET /users/user-42/orders/100523456"));
    assert_eq!(response, order());
}

#[tokio::test]
async fn orders_of_a_status_unknown_so_far_are_read_and_written_as_they_are() {
    let field = r#"{"id":100523456,"status":"IN_DELIVERY","address":{"houseNumber":"35"}}"#;
    let wire = Wire::json(200, field).await;
    let client = wire.client::<Partner>();
    let response = client.get_order_by_external_user_id("user-42", &Id::from(1)).await.unwrap();
    assert_eq!(response.status.as_ref().unwrap().as_str(), "IN_DELIVERY");
    assert_eq!(serde_json::to_string(&response).unwrap(), field);
}
