//! The Users API on the wire: the whole request of every call, and the decoded response.

use ostrom_core::{Partner, User};
use ostrom_users::{GetMeResponse, LinkLanguage, Scope, UserLanguage, UserLinkResponse, UsersApi, UsersLinkBody};
use rolecall::{Endpoint, ErrorKind};
use rolecall_tests::wire::Wire;

fn link_body() -> UsersLinkBody {
    UsersLinkBody {
        external_user_id: "user-42".to_owned(),
        referral_code: None,
        language: LinkLanguage::DeDe,
        redirect_url: "https://partner.example/linked".to_owned(),
        scopes: vec![Scope::OrderReadData, Scope::ContractReadData],
    }
}

#[tokio::test]
async fn get_me_sends_a_get_without_body_and_reads_the_specifications_example() {
    let wire = Wire::json(
        200,
        r#"{"email":"dummy-email@ostrom-api.io","firstName":"Max","lastName":"Mustermann","language":"GERMAN"}"#,
    )
    .await;

    let me = wire.client::<User>().get_me().await.unwrap();

    assert_eq!(
        wire.request(),
        "GET /me\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n"
    );
    let mut expected = GetMeResponse::default();
    expected.email = Some("dummy-email@ostrom-api.io".to_owned());
    expected.first_name = Some("Max".to_owned());
    expected.last_name = Some("Mustermann".to_owned());
    expected.language = Some(UserLanguage::German);
    assert_eq!(me, expected);
}

#[tokio::test]
async fn get_me_reads_responses_that_lack_fields_or_have_values_unknown_so_far() {
    let wire = Wire::json(200, r#"{"language":"FRENCH","since":2023}"#).await;

    let me = wire.client::<User>().get_me().await.unwrap();

    let mut expected = GetMeResponse::default();
    expected.language = Some(UserLanguage::Other("FRENCH".to_owned()));
    assert_eq!(me, expected);
}

#[tokio::test]
async fn link_user_posts_json_and_reads_the_link() {
    let wire = Wire::json(200, r#"{"linkUrl":"https://join.ostrom.de/link?id=hZTY3"}"#).await;

    let link = wire.client::<Partner>().link_user(&link_body()).await.unwrap();

    assert_eq!(
        wire.request(),
        "POST /users/link\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         content-length: 144\n\
         content-type: application/json\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n\
         {\"externalUserId\":\"user-42\",\"language\":\"de-DE\",\"redirectUrl\":\"https://partner.example/linked\",\
         \"scopes\":[\"order:read:data\",\"contract:read:data\"]}"
    );
    let mut expected = UserLinkResponse::default();
    expected.link_url = Some("https://join.ostrom.de/link?id=hZTY3".to_owned());
    assert_eq!(link, expected);
}

#[tokio::test]
async fn link_user_posts_no_body_for_none() {
    let wire = Wire::json(200, "{}").await;
    wire.client::<Partner>().link_user(None).await.unwrap();
    assert_eq!(
        wire.request(),
        "POST /users/link\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         content-length: 0\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n"
    );
}

#[tokio::test]
async fn link_user_sends_a_referral_code_and_what_this_version_has_no_name_for() {
    let wire = Wire::json(200, "{}").await;
    let mut body = link_body();
    body.referral_code = Some("CODE".to_owned());
    body.language = LinkLanguage::Other("fr-FR".to_owned());
    body.scopes = vec![Scope::Other("price:read:data".to_owned())];

    let link = wire.client::<Partner>().link_user(&body).await.unwrap();

    assert!(
        wire.request().ends_with(
            "\n\n{\"externalUserId\":\"user-42\",\"referralCode\":\"CODE\",\"language\":\"fr-FR\",\
             \"redirectUrl\":\"https://partner.example/linked\",\"scopes\":[\"price:read:data\"]}"
        ),
        "{}",
        wire.request()
    );
    assert_eq!(link, UserLinkResponse::default());
}

#[tokio::test]
async fn disconnect_user_sends_a_delete_without_body_and_takes_an_empty_response() {
    let wire = Wire::answering(|then| {
        then.status(200);
    })
    .await;

    wire.client::<Partner>().disconnect_user("user 42/\u{e4}").await.unwrap();

    assert_eq!(
        wire.request(),
        "DELETE /users/user%2042%2F%C3%A4/disconnect\n\
         accept: application/json\n\
         accept-encoding: gzip\n\
         authorization: Bearer a-token\n\
         host: 127.0.0.1\n\
         user-agent: rolecall/0.1.0\n\
         \n"
    );
}

#[tokio::test]
async fn disconnect_user_refuses_an_id_that_would_be_another_path_and_sends_nothing() {
    let wire = Wire::json(200, "").await;
    let client = wire.client::<Partner>();

    for (id, reason) in [("", "is empty"), (".", "`.`"), ("..", "`..`"), ("a\r\nb", "control character")] {
        let error = client.disconnect_user(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{id:?}");
        assert_eq!((error.attempts(), error.maybe_sent()), (0, false), "{id:?}");
        let text = error.to_string();
        assert!(text.contains("`externalUserId`") && text.contains(reason), "{id:?}: {text}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_error_of_the_api_is_reported_in_its_own_words() {
    let wire = Wire::json(404, r#"{"type":"not_found","detail":"no such user"}"#).await;

    let error = wire.client::<Partner>().disconnect_user("user-42").await.unwrap_err();

    assert_eq!(
        error.to_string(),
        "disconnect_user (DELETE /users/{externalUserId}/disconnect) failed: 404 Not Found: not_found: no such user"
    );
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap().as_u16(), 404);
    assert_eq!(error.endpoint().unwrap().name, "disconnect_user");
    assert_eq!(error.problem().unwrap().kind(), "not_found");
    assert_eq!(error.problem().unwrap().detail(), "no such user");
    assert_eq!(error.body().as_ref(), br#"{"type":"not_found","detail":"no such user"}"#);
    assert!(!error.is_retryable());
}

#[test]
fn the_endpoints_are_those_of_the_api_specification() {
    let shown: Vec<String> = <rolecall::Client<Partner> as UsersApi>::ENDPOINTS
        .iter()
        .map(|endpoint: &Endpoint| format!("{}.{endpoint} {:?}", endpoint.api, endpoint.roles))
        .collect();
    assert_eq!(
        shown,
        [
            r#"UsersApi.disconnect_user (DELETE /users/{externalUserId}/disconnect) ["PARTNER"]"#,
            r#"UsersApi.get_me (GET /me) ["USER"]"#,
            r#"UsersApi.link_user (POST /users/link) ["PARTNER"]"#,
        ]
    );
}
