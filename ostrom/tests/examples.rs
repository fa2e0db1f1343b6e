//! The examples, run as their readers run them: with a sandbox of their own, unless the environment names a server.
//!
//! `cargo test` builds them before it runs this.

#[cfg(test)]
mod run {
    use std::path::PathBuf;
    use std::process::{Command, Output, Stdio};

    use ostrom_sandbox::Sandbox;

    /// All variables that the examples read.
    const VARIABLES: [&str; 13] = [
        "OSTROM_API_URL",
        "OSTROM_AUTH_URL",
        "OSTROM_ENVIRONMENT",
        "OSTROM_CLIENT_ID",
        "OSTROM_CLIENT_SECRET",
        "OSTROM_USER_CLIENT_ID",
        "OSTROM_USER_CLIENT_SECRET",
        "OSTROM_PARTNER_CLIENT_ID",
        "OSTROM_PARTNER_CLIENT_SECRET",
        "OSTROM_ZIP",
        "COLUMNS",
        "NO_COLOR",
        "TERM",
    ];
    const NAMES: [&str; 3] = ["linking_journey", "tomorrows_prices", "years_consumption"];

    /// An example without any of the variables.
    fn example(name: &str) -> Command {
        let mut command = Command::new(path(name));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null());
        command
    }

    /// Examples are next to the folder of the tests.
    fn path(name: &str) -> PathBuf {
        let test = std::env::current_exe().unwrap();
        let target = test.parent().and_then(|deps| deps.parent()).unwrap();
        target.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    fn output(command: &mut Command) -> Output {
        command.output().unwrap_or_else(|error| panic!("{error}; `cargo test -p ostrom` builds the examples"))
    }

    /// Returns what an example printed.
    fn printed(command: &mut Command) -> String {
        let output = output(command);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors, "");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns the error that an example ended with.
    fn error(command: &mut Command) -> String {
        let output = output(command);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        errors
    }

    #[test]
    fn the_linking_journey_ends_where_it_began() {
        let printed = printed(&mut example("linking_journey"));
        let (before, after) = printed.split_once("3. The user opens the link").unwrap();
        assert!(before.contains("404: User \"rolecall-linking-journey\" has not consented"), "{printed}");
        let (linked, disconnected) = after.split_once("5. The partner disconnects").unwrap();
        assert!(linked.contains("sent to https://partner.example/linked\n"), "{printed}");
        assert!(linked.contains("SIMPLY_DYNAMIC since 20") && linked.contains("EUR per month\n"), "{printed}");
        assert!(linked.contains("SIMPLY_DYNAMIC, VERIFIED\n"), "{printed}");
        assert!(disconnected.contains("404: User \"rolecall-linking-journey\" is not linked"), "{printed}");
    }

    #[test]
    fn the_prices_are_a_chart_from_now_on_by_the_clock_in_germany() {
        let printed = printed(&mut example("tomorrows_prices"));
        assert!(printed.starts_with("Server: a sandbox in this process, http://127.0.0.1:"), "{printed}");
        assert!(printed.lines().next().unwrap().ends_with("all data is invented"), "{printed}");
        assert!(printed.is_ascii() && !printed.contains('\x1b'), "{printed}");
        let hours: Vec<_> = printed.lines().filter(|line| line.get(2..6) == Some(":00 ")).collect();
        // It is 15:20 in Germany: 9 hours of today, and all of tomorrow.
        assert_eq!((hours.len(), &hours[0][..8]), (9 + 24, "15:00 >*"), "{printed}");
        assert_eq!(hours.iter().filter(|line| line.contains('>')).count(), 1, "{printed}");
        // Three hours from 15:20 on touch four hours of the clock.
        assert_eq!(hours.iter().filter(|line| line.contains('*')).count(), 4, "{printed}");
        assert!(printed.contains("Now, at 15:20: "), "{printed}");
        assert!(printed.contains("until Wednesday 07:00: Tue 15:20 to 18:20"), "{printed}");
    }

    #[test]
    fn bars_start_at_the_lowest_price_and_fit_the_terminal() {
        for columns in [40, 80, 120] {
            let printed = printed(example("tomorrows_prices").env("COLUMNS", columns.to_string()));
            assert!(printed.lines().all(|line| line.len() <= columns), "{columns}: {printed}");
            let bars = printed.lines().filter(|line| line.get(2..6) == Some(":00 "));
            let lengths: Vec<_> = bars.map(|line| line.matches('#').count()).collect();
            let (shortest, longest) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
            assert!(longest > &(columns / 3) && shortest * 5 < *longest, "{columns}: {lengths:?}");
        }
    }

    #[test]
    fn a_years_consumption_and_its_cost_add_up() {
        let printed = printed(&mut example("years_consumption"));
        let rows: Vec<Vec<f64>> = printed
            .lines()
            .filter(|line| line.starts_with("20") || line.starts_with("Total"))
            .map(|line| line.split_whitespace().skip(1).take(2).map(|number| number.parse().unwrap()).collect())
            .collect();
        let [months @ .., total] = rows.as_slice() else { panic!("{printed}") };
        assert_eq!(months.len(), 12, "{printed}");
        for column in [0, 1] {
            let sum: f64 = months.iter().map(|month| month[column]).sum();
            assert!((sum - total[column]).abs() < 0.7, "{printed}");
        }
        assert!(printed.contains("2024-07-01 to 2025-06-30"), "{printed}");
    }

    #[test]
    fn a_closed_pipe_ends_an_example_quietly() {
        for name in NAMES {
            let mut child = example(name).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            // Before the first line is written.
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{name}");
            assert!(output.status.success(), "{name}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_is_named_by_its_urls_and_credentials() {
        let now = ostrom::jiff::Timestamp::now();
        let sandbox = Sandbox::builder().now(now).linked_user("rolecall-linking-journey").start().await.unwrap();
        let (user, partner) = (sandbox.user_credentials(), sandbox.partner_credentials());
        for name in NAMES {
            let mut command = example(name);
            command.env("OSTROM_API_URL", sandbox.api_url()).env("OSTROM_AUTH_URL", sandbox.auth_url());
            command.env("OSTROM_USER_CLIENT_ID", &user.client_id).env("OSTROM_USER_CLIENT_SECRET", &user.client_secret);
            command.env("OSTROM_PARTNER_CLIENT_ID", &partner.client_id);
            command.env("OSTROM_PARTNER_CLIENT_SECRET", &partner.client_secret);
            let printed = printed(&mut command);
            assert!(printed.contains(&format!("{} (OSTROM_API_URL)", sandbox.api_url())), "{printed}");
        }
        assert!(sandbox.request_count("GET /spot-prices") > 0);
    }

    #[test]
    fn a_half_configured_server_is_an_error_that_names_the_variable() {
        for (variables, problem) in [
            (
                [("OSTROM_ENVIRONMENT", "production")].as_slice(),
                "set OSTROM_USER_CLIENT_ID and OSTROM_USER_CLIENT_SECRET",
            ),
            (&[("OSTROM_ENVIRONMENT", "prod")], "OSTROM_ENVIRONMENT: unknown environment `prod`"),
            (&[("OSTROM_CLIENT_ID", "id")], "OSTROM_CLIENT_ID is set, but OSTROM_CLIENT_SECRET is not"),
            (
                &[("OSTROM_USER_CLIENT_SECRET", "s")],
                "OSTROM_USER_CLIENT_SECRET is set, but OSTROM_USER_CLIENT_ID is not",
            ),
            (&[("OSTROM_API_URL", "http://127.0.0.1:1")], "OSTROM_API_URL is set, but OSTROM_AUTH_URL is not"),
            (&[("OSTROM_API_URL", "http://127.0.0.1:1"), ("OSTROM_ENVIRONMENT", "sandbox")], "remove one"),
        ] {
            let error = error(example("tomorrows_prices").envs(variables.iter().copied()));
            assert!(error.contains(problem), "{variables:?}: {error}");
        }
    }

    #[test]
    fn the_reason_of_a_failed_connection_is_printed() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let mut command = example("tomorrows_prices");
        command.env("OSTROM_API_URL", &url).env("OSTROM_AUTH_URL", &url);
        let error = error(command.env("OSTROM_CLIENT_ID", "id").env("OSTROM_CLIENT_SECRET", "secret"));
        assert!(error.to_lowercase().contains("connection refused"), "{error}");
    }

    #[test]
    fn three_processes_share_one_token_and_one_limit_through_redis() {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("SKIPPED: there is no `redis-server` (apt-get install redis-server)");
            return;
        }
        let printed = printed(example("three_processes").env_remove("REDIS_URL"));
        let (apart, shared) = printed.split_once("With Redis").unwrap();
        let totals = |text: &str| -> Vec<u32> {
            let line = text.lines().find(|line| line.trim_start().starts_with("total")).unwrap();
            line.split_whitespace().skip(1).map(|count| count.parse().unwrap()).collect()
        };
        assert_eq!(totals(apart), [50, 70, 0], "{printed}");
        assert!(apart.contains("tokens fetched: 3\n"), "{printed}");
        assert_eq!(totals(shared), [50, 0, 70], "{printed}");
        assert!(shared.contains("tokens fetched: 1\n"), "{printed}");
    }

    #[cfg(feature = "webhooks")]
    #[test]
    fn the_webhook_receiver_accepts_what_ostrom_signed_and_rejects_forgeries() {
        let printed = printed(&mut example("webhook_receiver"));
        assert_eq!(printed.matches("receiver: accepted").count(), 1, "{printed}");
        assert!(printed.contains("receiver: rejected: signature does not match"), "{printed}");
        assert!(printed.contains("receiver: rejected: missing signature"), "{printed}");
        assert_eq!(printed.matches("forger: the response was 401 Unauthorized").count(), 2, "{printed}");
    }
}
