//! Orders.

use ostrom_sandbox::Sandbox;
use reqwest::Method;

use crate::support::World;

#[tokio::test]
async fn a_partner_reads_the_orders_of_its_users_and_each_by_its_id() {
    let world = World::of(Sandbox::builder().linked_user("user-42")).await;
    let orders = world.as_partner(Method::GET, "/users/user-42/orders").await.data();
    assert_eq!(orders.len(), 2);
    for order in &orders {
        let id = order["id"].as_u64().unwrap();
        let one = world.as_partner(Method::GET, &format!("/users/user-42/orders/{id}")).await;
        assert_eq!(&one.fine(), order);
        assert_eq!(order.as_object().unwrap().len(), 7, "{order}");
        assert_eq!(order["type"], "ELECTRICITY");
        assert!(order["address"]["houseNumber"].is_string());
    }
    assert_eq!(orders[0]["status"], "VERIFIED");
}

#[tokio::test]
async fn an_order_that_is_unknown_or_belongs_to_another_user_is_not_found() {
    let world = World::of(Sandbox::builder().linked_user("user-42").linked_user("user-43")).await;
    let orders = world.as_partner(Method::GET, "/users/user-42/orders").await.data();
    let id = orders[0]["id"].as_u64().unwrap();
    for path in [
        format!("/users/user-43/orders/{id}"),
        "/users/user-42/orders/1".to_owned(),
        "/users/user-44/orders".to_owned(),
    ] {
        world.as_partner(Method::GET, &path).await.refusal(404, "not_found");
    }
    let detail = world.as_partner(Method::GET, "/users/user-42/orders/first").await.refusal(400, "bad_request");
    assert!(detail.contains("orderId must be a number"), "{detail}");
}
