//! `rolecall::blocking`: calls without `async`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use rolecall::testing::{TOKEN, TestServer};
use rolecall::{Client, Error, ErrorKind, RateLimit, Retry, blocking};
use rolecall_tests::faults::{FaultsApi, Item, item, new_item};
use rolecall_tests::roles::User;

type Tested = Result<(), Error>;

async fn faults() -> Result<TestServer, Error> {
    TestServer::start(<Client<User> as FaultsApi>::ENDPOINTS).await
}

#[test]
fn the_same_traits_serve_a_program_without_async() -> Tested {
    let server = blocking::block_on(faults())?;
    server.respond("create_item", 503, &())?;
    server.respond("create_item", 200, &item("1"))?;
    server.respond("get_stream", 200, &item("2"))?;
    // The clock too: the second call waits for its slot.
    let limit = RateLimit::new(1, Duration::from_millis(50));
    let client = server.builder::<User>().rate_limit(limit).build()?;

    assert_eq!(blocking::block_on(client.create_item(&new_item())).unwrap_err().kind(), ErrorKind::Status);
    assert_eq!(blocking::block_on(client.create_item(&new_item()))?, item("1"));
    let mut stream = blocking::block_on(client.get_stream())?;
    let mut body = Vec::new();
    while let Some(piece) = blocking::block_on(async { stream.next().await.transpose() })? {
        body.extend_from_slice(&piece);
    }
    assert_eq!(serde_json::from_slice::<Item>(&body).unwrap(), item("2"));
    Ok(())
}

#[test]
fn many_threads_wait_at_once() -> Tested {
    let server = blocking::block_on(faults())?;
    server.respond("get_item", 200, &item("1"))?;
    let client = server.client::<User>()?;
    let waits: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || blocking::block_on(client.get_item("1")))
        })
        .collect();
    for wait in waits {
        assert_eq!(wait.join().unwrap()?, item("1"));
    }
    assert_eq!(server.calls().len(), 16);
    Ok(())
}

#[tokio::test]
async fn waiting_in_async_code_is_an_error_and_no_panic() -> Tested {
    let server = faults().await?;
    server.respond("get_item", 200, &item("1"))?;
    let client = server.client::<User>()?;
    let error = blocking::block_on(client.get_item("1")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("`.await` the call"), "{error}");
    assert_eq!(server.calls().len(), 0, "nothing was sent");
    Ok(())
}

/// Answers one request of a connection, and closes it a little later.
fn answer_and_close(listener: &TcpListener) {
    let (mut socket, _) = listener.accept().unwrap();
    let mut request = [0; 4096];
    let read = socket.read(&mut request).unwrap();
    assert!(request[..read].starts_with(b"POST /items "));
    let body = r#"{"id":"1","count":3}"#;
    write!(socket, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    thread::sleep(Duration::from_millis(100));
}

#[test]
fn a_connection_that_was_closed_while_idle_is_not_used_again() -> Tested {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::<User>::builder(url).bearer_token(TOKEN).retry(Retry::never()).build()?;
    let served = thread::spawn(move || (0..2).for_each(|_| answer_and_close(&listener)));
    for _ in 0..2 {
        // Not idempotent: it would fail on a connection that is closed.
        blocking::block_on(client.create_item(&new_item()))?;
        thread::sleep(Duration::from_millis(400));
    }
    served.join().unwrap();
    Ok(())
}
