//! Product prices.

use reqwest::Method;
use serde_json::Value;

use crate::support::World;

async fn products(world: &World, query: &str) -> Vec<Value> {
    world.as_partner(Method::GET, &format!("/products?{query}")).await.data()
}

#[tokio::test]
async fn products_have_all_fields_of_the_document_and_add_up() {
    let world = World::new().await;
    for product in products(&world, "zip=22083").await {
        assert_eq!(product.as_object().unwrap().len(), 13, "{product}");
        let value = |name: &str| product[name].as_f64().unwrap();
        for kind in ["net", "gross"] {
            let parts = value(&format!("{kind}KwhPrice")) + value(&format!("{kind}KwhTaxAndLevies"));
            assert!((parts - value(&format!("{kind}KwhUnitPrice"))).abs() < 0.011, "{product}");
        }
        let year = value("yearlyComsumption") * value("grossKwhUnitPrice") / 100.0;
        let month = year / 12.0 + value("grossMonthlyOstromBaseFee") + value("grossMonthlyGridFees");
        assert!((value("monthlyDeposit") - month).abs() < 1.1, "{product}");
    }
}

#[tokio::test]
async fn the_consumption_is_as_asked_or_by_the_number_of_residents() {
    let world = World::new().await;
    for (query, expected) in [
        ("zip=22083", 1400),
        ("zip=22083&numberOfResidents=1", 1400),
        ("zip=22083&numberOfResidents=3", 2600),
        ("zip=22083&yearlyConsumption=2000", 2000),
        ("zip=22083&yearlyConsumption=2e3&numberOfResidents=2.0", 2000),
        ("zip=22083&numberOfResidents=3&yearlyConsumption=2000", 2000),
    ] {
        assert!(
            products(&world, query).await.iter().all(|product| product["yearlyComsumption"] == expected),
            "{query}"
        );
    }
}

#[tokio::test]
async fn prices_depend_on_the_place() {
    let world = World::new().await;
    assert_eq!(products(&world, "zip=22083").await, products(&world, "zip=22083").await);
    assert_ne!(products(&world, "zip=22083").await, products(&world, "zip=80799").await);
}

#[tokio::test]
async fn one_answer_names_all_wrong_parameters() {
    let world = World::new().await;
    let response = world.as_partner(Method::GET, "/products?numberOfResidents=0&yearlyConsumption=-1").await;
    let detail = response.refusal(400, "bad_request");
    for problem in ["zip is missing", "numberOfResidents must be", "yearlyConsumption must be"] {
        assert!(detail.contains(problem), "{detail}");
    }
}
