//! Answers of every shape: bounded, and told apart.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, case};

use crate::{BODY, TWO_WAITS, fails, fine};

const MIB: usize = 1 << 20;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn compressed(body: &[u8]) -> ScriptedResponse {
    ScriptedResponse::status(200).header("content-encoding", "gzip").body(body)
}

/// A call that broke off three times.
fn broken(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Err(ErrorKind::Transport), attempts: 3, maybe_sent: true, took: TWO_WAITS }
}

#[test]
fn an_oversized_body_that_says_so_is_not_read() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("{").claiming(8 * MIB + 1).then_silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.line().contains("exceeds the limit of 8388608 bytes"), "{}", seen.line());
        assert!(!seen.error().is_retryable());
        seen.is(fails(&[1], ErrorKind::ResponseTooLarge));
        server.has_open(0).await;
        world.call(client.get_bytes()).await.is(fails(&[2], ErrorKind::ResponseTooLarge))
    });
}

#[test]
fn an_oversized_body_in_chunks_is_left_at_the_limit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(200).body(vec![b' '; 100_000]).endless());
        let client = world.client(&server).max_response_size(MIB).build().unwrap();
        world.call(client.get_bytes()).await.is(fails(&[1], ErrorKind::ResponseTooLarge));
        server.has_open(0).await;
        world.call(client.create_item(&BODY)).await.is(fails(&[2], ErrorKind::ResponseTooLarge))
    });
}

#[test]
fn a_body_may_be_as_large_as_the_limit() {
    for (response, framed) in [(ScriptedResponse::status(200), false), (ScriptedResponse::status(200), true)] {
        case(async |world| {
            let body = |length: usize| {
                let response = response.clone().body(vec![b'x'; length]);
                if framed { response.chunked() } else { response }
            };
            let server = world.server([body(1000), body(1001)]);
            let client = world.client(&server).max_response_size(1000).build().unwrap();
            let seen = world.call(client.get_bytes()).await;
            assert_eq!(seen.value().len(), 1000);
            seen.is(fine(&[1]));
            world.call(client.get_bytes()).await.is(fails(&[2], ErrorKind::ResponseTooLarge))
        });
    }
}

#[test]
fn a_bomb_does_not_go_off() {
    let bomb = gzip(&vec![0; 10 * MIB]);
    assert!(bomb.len() < MIB);
    case(async |world| {
        let server = world.server(compressed(&bomb));
        let client = world.client(&server).build().unwrap();
        world.call(client.get_bytes()).await.is(fails(&[1], ErrorKind::ResponseTooLarge))
    });
}

#[test]
fn a_compressed_failure_is_bounded_too() {
    let bomb = gzip(&vec![b'x'; 4 * MIB]);
    case(async |world| {
        let server = world.server(ScriptedResponse::status(500).header("content-encoding", "gzip").body(bomb.clone()));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_bytes()).await;
        assert_eq!(seen.error().body().len(), 64 << 10);
        assert!(seen.line().len() < 1000);
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn a_compressed_response_is_read() {
    case(async |world| {
        let server = world.server(compressed(&gzip(br#"{"id":"1","count":7}"#)));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.value().count, 7);
        assert!(server.request(0).header("accept-encoding").unwrap().contains("gzip"));
        seen.is(fine(&[1]))
    });
}

#[test]
fn all_members_of_a_gzip_body_are_read() {
    case(async |world| {
        let (start, end) = br#"{"id":"1","count":7}"#.split_at(9);
        let server = world.server(compressed(&[gzip(start), gzip(b""), gzip(end)].concat()));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.value().count, 7);
        seen.is(fine(&[1]))
    });
}

#[test]
fn a_gzip_body_with_an_invalid_member_is_not_taken_for_the_members_before_it() {
    let (first, second) = (gzip(b"the first half, "), gzip(b"and the second"));
    let mut damaged = second.clone();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    for second in [&second[..second.len() - 9], &second[..5], &damaged, b"no gzip"] {
        case(async |world| {
            let server = world.server(compressed(&[&first, second].concat()));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_bytes()).await;
            seen.is(fails(&[1], ErrorKind::Decode))
        });
    }
}

#[test]
fn an_response_that_only_says_it_is_compressed_is_wrong_and_not_broken_off() {
    let whole = gzip(br#"{"id":"1","count":7}"#);
    for body in [b"{}".as_slice(), &whole[..whole.len() - 9], &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]] {
        case(async |world| {
            let server = world.server(compressed(body));
            let client = world.client(&server).build().unwrap();
            world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::Decode))
        });
    }
}

/// What comes after the head of a stream is told once, and by its kind.
#[test]
fn a_stream_that_cannot_be_decompressed_says_so_once() {
    let plain: Vec<u8> = (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let whole = gzip(&plain);
    let mut corrupt = whole.clone();
    let middle = corrupt.len() / 2;
    corrupt[middle..middle + 64].fill(0xff);
    let mut wrong_sum = whole.clone();
    let sum = wrong_sum.len() - 8;
    wrong_sum[sum] ^= 1;
    let cut = whole[..whole.len() - 5].to_vec();
    let other = ScriptedResponse::status(200).header("content-encoding", "zstd").body("x");
    let decode = Some(ErrorKind::Decode);
    for (response, ends) in [
        (compressed(&whole), None),
        (compressed(&whole).chunked(), None),
        (compressed(&corrupt), decode),
        (compressed(&wrong_sum), decode),
        (compressed(&cut), decode),
        (compressed(&cut).chunked(), decode),
        (compressed(b"{}"), decode),
        (other, decode),
        (compressed(&cut).claiming(whole.len()).then_close(), Some(ErrorKind::Transport)),
        (compressed(&cut).chunked_without_end().then_reset(), Some(ErrorKind::Transport)),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_stream()).await;
            seen.is(fine(&[1]));
            let (mut stream, mut read, mut error) = (seen.into_value(), Vec::new(), None);
            while let Some(piece) = stream.next().await {
                assert!(error.is_none(), "something comes after {error:?}");
                match piece {
                    Ok(piece) => read.extend_from_slice(&piece),
                    Err(failed) => error = Some(failed),
                }
            }
            assert!(stream.next().await.is_none());
            // Corrupt data is noticed by its checksum, at the end.
            assert!(ends == decode || plain.starts_with(&read), "what was read is the beginning");
            assert_eq!(error.as_ref().map(rolecall::Error::kind), ends, "{error:?}");
            assert_eq!(ends.is_none(), read.len() == plain.len() && error.is_none());
            world.call(async { error.map_or(Ok(()), Err) }).await.is(match ends {
                None => Expect { attempts: 0, maybe_sent: false, ..fine(&[1]) },
                Some(kind) => fails(&[1], kind),
            })
        });
    }
}

#[test]
fn a_failures_body_is_kept_to_its_first_64_kib() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(500).body(vec![b'x'; 10_000]).endless());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.error().body().len(), 64 << 10);
        server.has_open(0).await;
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn a_head_without_end_is_refused() {
    let many =
        |count: usize| (0..count).fold(ScriptedResponse::item(), |response, n| response.header(&format!("x-{n}"), "y"));
    case(async |world| {
        let server = world.server([many(90), many(200)]);
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        world.call(client.create_item(&BODY)).await.is(fails(&[2], ErrorKind::Transport));
        server.now(ScriptedResponse::item().header("x-long", &"y".repeat(2 * MIB)));
        world.call(client.create_item(&BODY)).await.is(fails(&[3], ErrorKind::Transport));
        server.now(
            ScriptedResponse::raw(format!("HTTP/1.1 200 OK\r\nx-endless: {}", "y".repeat(2 * MIB))).then_silence(),
        );
        world.call(client.create_item(&BODY)).await.is(fails(&[4], ErrorKind::Transport))
    });
}

#[test]
fn what_is_no_response_breaks_the_call_off() {
    for bytes in [
        "nonsense\r\n\r\n",
        "HTTP/1.1 20",
        "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}",
        "HTTP/1.1 103 Early Hints\r\n\r\n",
        "\0\0\0\0",
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::raw(bytes).then_close());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().contains("connection closed before the response was complete"), "{}", seen.line());
            seen.is(broken(&[3]))
        });
    }
}

#[test]
fn a_body_that_breaks_off_is_no_response() {
    for response in [
        ScriptedResponse::item().claiming(50).then_close(),
        ScriptedResponse::item().claiming(50).then_reset(),
        ScriptedResponse::item().chunked_without_end().then_close(),
        ScriptedResponse::status(200).body("piece").chunked_without_end().then_reset(),
    ] {
        case(async |world| {
            let server = world.server([response.clone(), ScriptedResponse::item()]);
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert_eq!(seen.value().count, 7);
            seen.is(Expect { requests: &[2], ends: Ok(()), attempts: 2, maybe_sent: true, took: TWO_WAITS })
        });
    }
}

#[test]
fn news_before_the_response_is_passed_over() {
    for news in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n"] {
        case(async |world| {
            let server = world.server(ScriptedResponse::item().after_bytes(news.repeat(3)));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert_eq!(seen.value().count, 7);
            seen.is(fine(&[1]))
        });
    }
}

#[test]
fn an_response_of_the_old_protocol_ends_with_its_connection() {
    case(async |world| {
        let server =
            world.server(ScriptedResponse::raw("HTTP/1.0 200 OK\r\n\r\n{\"id\":\"1\",\"count\":7}").then_close());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(server.connections(), 2);
        seen.is(fine(&[2]))
    });
}

#[test]
fn bytes_after_an_response_are_never_taken_for_the_next_one() {
    case(async |world| {
        let stray = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"id\":\"6\",\"count\":6}";
        let first = format!("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{{\"id\":\"1\",\"count\":7}}{stray}");
        let server = world.server([ScriptedResponse::raw(first), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.value().count, 7);
        assert_eq!(server.request(1).connection, 1);
        seen.is(fine(&[2]))
    });
}
