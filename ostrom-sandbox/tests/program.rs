//! The program `ostrom-sandbox`, as its users run it.

#[cfg(test)]
mod program {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::process::{Child, Command, Output, Stdio};

    const PROGRAM: &str = env!("CARGO_BIN_EXE_ostrom-sandbox");

    fn run(arguments: &[&str]) -> Output {
        Command::new(PROGRAM).args(arguments).output().unwrap()
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn help_lists_every_option() {
        let output = run(&["--help"]);
        assert!(output.status.success());
        let help = text(&output.stdout);
        for option in [
            "--api-port",
            "--auth-port",
            "--clock",
            "--seed",
            "--spelling",
            "--linked-user",
            "--token-status",
            "--token-lifetime",
            "--rate-limit",
            "--token-rate-limit",
            "--fail",
            "--help",
            "--version",
        ] {
            assert!(help.contains(option), "{option}: {help}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 115), "{help}");
        assert_eq!(run(&["-h"]).stdout, output.stdout);
        assert_eq!(text(&run(&["-V"]).stdout), concat!("ostrom-sandbox ", env!("CARGO_PKG_VERSION"), "\n"));
    }

    #[test]
    fn an_invalid_argument_is_an_error_that_names_it_and_what_is_expected() {
        for (arguments, problem) in [
            (["--port", "1"].as_slice(), "unknown option `--port`"),
            (&["8080"], "unexpected argument \"8080\""),
            (&["--api-port"], "missing argument for option '--api-port'"),
            (&["--api-port", "70000"], "invalid value `70000` for `--api-port`; expected a port"),
            (&["--clock", "noon"], "expected a time such as 2025-07-01T13:00:00Z"),
            (&["--seed", "x"], "expected a whole number"),
            (&["--spelling", "german"], "expected `document` or `field`"),
            (&["--token-status", "401"], "expected a success status"),
            (&["--rate-limit", "50"], "expected requests per duration, such as 50/60s"),
            (&["--rate-limit", "50/0s"], "expected requests per duration"),
            (&["--token-rate-limit=1/1d"], "expected requests per duration"),
            (&["--token-lifetime", "60"], "expected a duration such as 60s"),
            (&["--fail", "GET /me"], "expected ENDPOINT=FAILURE[xN]"),
            (&["--fail", "GET /me=200"], "where FAILURE is a status from 400 to 599"),
        ] {
            let output = run(arguments);
            let errors = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
            assert!(errors.starts_with("ostrom-sandbox: ") && errors.contains(problem), "{arguments:?}: {errors}");
            assert!(errors.contains("--help"), "{errors}");
        }
        let output = run(&["--fail", "GET /contract=500"]);
        assert!(text(&output.stderr).contains("unknown endpoint `GET /contract`"));
        assert_eq!(output.status.code(), Some(1));
    }

    #[test]
    fn a_port_in_use_is_an_error_that_names_the_port_and_the_options() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let output = run(&["--api-port", &port]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(errors.contains(&format!("127.0.0.1:{port}")) && errors.contains("in use"), "{errors}");
        assert!(errors.contains("--api-port") && errors.contains("--auth-port"), "{errors}");
    }

    /// A running program, which ends with the test.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn start(arguments: &[&str]) -> (Running, Vec<(String, String)>) {
        let mut child = Command::new(PROGRAM).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let running = Running(child);
        let lines = out.lines().map(Result::unwrap).take_while(|line| !line.starts_with("A token, by hand"));
        let exports = lines.filter_map(|line| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        let exports = exports.collect();
        (running, exports)
    }

    #[tokio::test]
    async fn it_prints_the_variables_that_clients_need_and_applies_its_options() {
        let (_running, exports) = start(&[
            "--clock",
            "2025-07-01T13:00:00Z",
            "--seed",
            "7",
            "--spelling",
            "field",
            "--token-status",
            "201",
            "--rate-limit",
            "5/60s",
            "--token-rate-limit",
            "2/1m",
            "--linked-user",
            "user-42",
            "--fail",
            "GET /contracts=503x1",
        ]);
        let names: Vec<_> = exports.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "OSTROM_API_URL",
                "OSTROM_AUTH_URL",
                "OSTROM_USER_CLIENT_ID",
                "OSTROM_USER_CLIENT_SECRET",
                "OSTROM_PARTNER_CLIENT_ID",
                "OSTROM_PARTNER_CLIENT_SECRET",
            ]
        );
        let [api, auth, id, secret, ..] = exports.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>()[..]
        else {
            panic!("{exports:?}")
        };
        // Fails if one is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let token = http.post(format!("{auth}/oauth2/token")).basic_auth(id, Some(secret));
        let token = token.header("content-type", "application/x-www-form-urlencoded");
        let token = token.body("grant_type=client_credentials").send().await.unwrap();
        assert_eq!((token.status().as_u16(), &token.headers()["x-ratelimit-limit"]), (201, &"2".parse().unwrap()));
        let token: serde_json::Value = serde_json::from_str(&token.text().await.unwrap()).unwrap();
        let token = token["access_token"].as_str().unwrap();
        let contracts = || http.get(format!("{api}/contracts")).bearer_auth(token).send();
        assert_eq!(contracts().await.unwrap().status().as_u16(), 503);
        let response = contracts().await.unwrap();
        assert_eq!(response.headers()["x-ratelimit-limit"], "5");
        assert!(response.text().await.unwrap().contains("housenumber"));
        let page = http.get(format!("{api}/")).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("2025-07-01T13:00:00.000Z"), "{page}");
    }
}
