//! Certificates: of the server, which have to be right, and of the client, where a server asks for one.

use rolecall::ErrorKind;
use rolecall_tests::faults::{Certificate, Expect, FaultsApi, Script, ScriptedResponse, Setup, Tls, case};

use crate::{BODY, fails, fine};

#[test]
fn a_server_with_an_invalid_certificate_gets_no_request() {
    for (certificate, words) in [
        (Certificate::Expired, "expired"),
        (Certificate::NotYetValid, "not valid yet"),
        (Certificate::OtherHost, "not valid for name"),
        (Certificate::SelfSigned, "UnknownIssuer"),
        (Certificate::UnknownAuthority, "UnknownIssuer"),
    ] {
        for tls in [Tls::http1(), Tls::http2()] {
            case(async |world| {
                let server = world.tls_server(ScriptedResponse::item(), tls.clone().certificate(certificate));
                let client = world.client(&server).build().unwrap();
                let seen = world.call(client.create_item(&BODY)).await;
                assert!(seen.chain().contains(words), "{}", seen.chain());
                let unsent = Expect { maybe_sent: false, ..fails(&[0], ErrorKind::Connect) };
                assert!(!seen.error().is_retryable());
                assert_eq!(server.connections(), 1);
                seen.is(unsent)
            });
        }
    }
}

#[test]
fn a_server_that_asks_for_a_certificate_is_shown_one() {
    for tls in [Tls::http1(), Tls::http2()] {
        case(async |world| {
            let server = world.tls_server(ScriptedResponse::item(), tls.clone().asking_for_certificates());
            let client = world.way().with(Setup::default().identified(), world.client(&server)).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(fine(&[1]));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            // In TLS 1.3 the server refuses only after the client's end of the handshake.
            assert!(seen.chain().contains("CertificateRequired"), "{}", seen.chain());
            seen.is(fails(&[1], ErrorKind::Transport))
        });
    }
}

#[test]
fn an_authorization_server_with_an_invalid_certificate_is_asked_once() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let auth = world.tls_server(Script::tokens(3600), Tls::http1().certificate(Certificate::Expired));
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert!(!seen.error().is_retryable(), "{}", seen.line());
        assert_eq!(auth.connections(), 1);
        seen.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[0, 0], ErrorKind::Authorization) })
    });
}
