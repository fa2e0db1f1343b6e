use super::*;

fn headers(coding: &str) -> HeaderMap {
    let coding = HeaderValue::try_from(coding).unwrap();
    [(CONTENT_ENCODING, coding), (CONTENT_LENGTH, HeaderValue::from_static("7"))].into_iter().collect()
}

#[cfg(any(feature = "gzip", feature = "brotli"))]
fn decompress(coding: &str, pieces: &[&[u8]]) -> Result<Vec<u8>, String> {
    let mut decompressor = Decompressor::of(&mut headers(coding), None).unwrap();
    let mut plain = Vec::new();
    for piece in pieces {
        decompressor.check().map_err(|error| error.to_string())?;
        decompressor.put(Bytes::copy_from_slice(piece));
        while let Some(piece) = decompressor.next().map_err(|error| error.to_string())? {
            plain.extend_from_slice(&piece);
        }
    }
    decompressor.finish().map_err(|error| error.to_string())?;
    Ok(plain)
}

#[test]
fn an_unknown_coding_is_named_unless_the_caller_asked_for_it() {
    let asked = HeaderValue::from_static("deflate, gzip;q=0.5, zstd");
    for (coding, said) in [("zstd", "`zstd`"), ("gzip, gzip", "`gzip, gzip`"), ("Deflate", "`deflate`")] {
        let mut all = headers(coding);
        let decompressor = Decompressor::of(&mut all, None).unwrap();
        assert!(decompressor.check().unwrap_err().to_string().contains(said));
        assert_eq!(all.len(), 2, "the headers are the response's");
        assert!(Decompressor::of(&mut all, Some(&asked)).is_none());
    }
    assert!(Decompressor::of(&mut headers("identity"), None).is_none());
    assert!(Decompressor::of(&mut HeaderMap::new(), None).is_none());
    assert_eq!(shown(b"a\x80\x9b\"b"), "a\\u{80}\\u{9b}\\\"b");
}

#[test]
fn a_body_that_was_asked_for_as_it_is_is_passed_on_and_no_other() {
    for (accepted, coding, is_passed_on) in [
        ("identity", "identity", true),
        ("identity", "gzip", false),
        ("identity", "zstd", false),
        ("identity;q=1, *;q=0", "gzip", false),
        ("gzip", "gzip", true),
        ("gzip", "X-GZip", true),
        ("gzip", "gzip, br", false),
        ("gzip, br;q=0.1", "gzip, BR", true),
        ("*", "zstd", true),
        ("gzip;q=0, *", "gzip", false),
        ("br;q=0.000", "br", false),
        ("", "gzip", false),
    ] {
        let mut all = headers(coding);
        let decompressor = Decompressor::of(&mut all, Some(&HeaderValue::from_static(accepted)));
        assert_eq!(decompressor.is_none(), is_passed_on, "{accepted}: {coding}");
        assert_eq!(all.len(), 2, "the headers are the response's");
        let reason = decompressor.and_then(|decompressor| decompressor.check().err());
        assert!(reason.is_none_or(|reason| reason.to_string().ends_with("which the request does not accept")));
    }
}

#[cfg(not(feature = "brotli"))]
#[test]
fn a_coding_that_a_feature_adds_is_reported_with_it() {
    let error = Decompressor::of(&mut headers("br"), None).unwrap().check().unwrap_err();
    assert_eq!(error.to_string(), "unsupported content-encoding `br`; enable the feature `brotli` of `rolecall`");
}

#[cfg(feature = "gzip")]
mod of_gzip {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn all_members_are_read_and_what_is_none_is_an_error() {
        let (one, two) = (gzip(b"one, "), gzip(b"two"));
        let both = [&one[..], &two].concat();
        assert_eq!(decompress("gzip", &[&both]).unwrap(), b"one, two");
        assert_eq!(decompress("X-Gzip", &[&one, &two]).unwrap(), b"one, two");
        assert_eq!(decompress("gzip", &[]).unwrap(), b"");
        assert!(decompress("gzip", &[&one, b"junk"]).is_err());
        assert!(decompress("gzip", &[b"{\"plain\": true}"]).is_err());
        let mut corrupt = gzip(&[b'x'; 1000]);
        let at = corrupt.len() - 6;
        corrupt[at] ^= 1;
        assert!(decompress("gzip", &[&corrupt]).is_err(), "its checksum is wrong");
    }

    #[test]
    fn a_bomb_comes_out_in_pieces() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let mut decompressor = Decompressor::of(&mut headers("gzip"), None).unwrap();
        decompressor.put(bomb.into());
        let piece = decompressor.next().unwrap().unwrap();
        assert!(piece.len() <= 5 << 20, "{}", piece.len());
    }

    proptest! {
        #[test]
        fn what_is_cut_anywhere_is_put_together(
            plain in proptest::collection::vec(any::<u8>(), 0..3000),
            step in 1..700usize,
            cut in 1..40usize,
        ) {
            let whole = [gzip(&plain), gzip(b"!")].concat();
            let pieces: Vec<&[u8]> = whole.chunks(step).collect();
            prop_assert_eq!(decompress("gzip", &pieces).unwrap(), [&plain[..], b"!"].concat());
            let cut = whole.len() - cut.min(whole.len() - 1);
            let pieces: Vec<&[u8]> = whole[..cut].chunks(step).collect();
            // The end between two members is a valid end.
            prop_assert_eq!(decompress("gzip", &pieces).is_ok(), cut == gzip(&plain).len());
        }
    }
}

#[cfg(feature = "brotli")]
mod of_brotli {
    use super::*;

    fn brotli(plain: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        encoder.write_all(plain).unwrap();
        encoder.into_inner()
    }

    #[test]
    fn what_is_cut_anywhere_is_put_together() {
        let plain: Vec<u8> = (0..200_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        let whole = brotli(&plain);
        for step in [1, 2, 7, 4096, whole.len()] {
            let pieces: Vec<&[u8]> = whole.chunks(step).collect();
            assert_eq!(decompress("br", &pieces).unwrap(), plain);
            let pieces: Vec<&[u8]> = whole[..whole.len() - 1].chunks(step).collect();
            assert!(decompress("BR", &pieces).is_err(), "it is not whole");
        }
        assert_eq!(decompress("br", &[]).unwrap(), b"");
        assert!(decompress("br", &[&whole, b"junk"]).is_err());
        assert!(decompress("br", &[b"\xff\xff\xff\xff"]).is_err());
    }
}
