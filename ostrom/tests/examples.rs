//! The examples, run as their readers run them: without credentials, against a sandbox of their own.
//!
//! `cargo test` builds them before it runs this.

#[cfg(test)]
mod run {
    use std::path::PathBuf;
    use std::process::Command;

    /// Runs an example; what it printed.
    fn printed(name: &str) -> String {
        let output = Command::new(path(name))
            .env_remove("OSTROM_CLIENT_ID")
            .env_remove("OSTROM_CLIENT_SECRET")
            .env_remove("OSTROM_ZIP")
            .output()
            .unwrap_or_else(|error| panic!("{name}: {error}; `cargo test -p ostrom` builds the examples"));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors, "");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Examples lie beside the folder of the tests.
    fn path(name: &str) -> PathBuf {
        let test = std::env::current_exe().unwrap();
        let target = test.parent().and_then(|deps| deps.parent()).unwrap();
        target.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    #[test]
    fn the_linking_journey_ends_where_it_began() {
        let printed = printed("linking_journey");
        let (before, after) = printed.split_once("3. The user opens the link").unwrap();
        assert!(before.contains("404: User \"rolecall-linking-journey\" has not consented"), "{printed}");
        let (linked, disconnected) = after.split_once("5. The partner disconnects").unwrap();
        assert!(linked.contains("sent to https://partner.example/linked\n"), "{printed}");
        assert!(linked.contains("SIMPLY_DYNAMIC since 20") && linked.contains("EUR a month\n"), "{printed}");
        assert!(linked.contains("SIMPLY_DYNAMIC, VERIFIED\n"), "{printed}");
        assert!(disconnected.contains("404: User \"rolecall-linking-journey\" is not linked"), "{printed}");
    }

    #[test]
    fn tomorrows_prices_are_a_chart_in_plain_text() {
        let printed = printed("tomorrows_prices");
        assert!(printed.starts_with("Wednesday, 2 July 2025 in 22083: cents a kWh"), "{printed}");
        assert!(printed.is_ascii() && !printed.contains('\x1b'), "{printed}");
        let hours: Vec<_> = printed.lines().filter(|line| line.contains(":00  ")).collect();
        assert_eq!(hours.len(), 24, "{printed}");
        let cheapest: Vec<_> = hours.iter().filter(|line| line.ends_with("cheapest")).collect();
        assert_eq!(cheapest.len(), 3, "{printed}");
        assert!(printed.contains(&format!("The cheapest three hours: {} to ", &cheapest[0][..5])), "{printed}");
    }

    #[test]
    fn a_years_consumption_adds_up() {
        let printed = printed("years_consumption");
        let values: Vec<f64> = printed
            .lines()
            .filter(|line| line.contains(" kWh"))
            .map(|line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
            .collect();
        let [months @ .., sum] = values.as_slice() else { panic!("{printed}") };
        assert_eq!(months.len(), 12, "{printed}");
        assert!((months.iter().sum::<f64>() - sum).abs() < 0.7, "{printed}");
        assert!(printed.contains("2024-07-01 to 2025-06-30"), "{printed}");
    }

    #[cfg(feature = "webhooks")]
    #[test]
    fn the_webhook_receiver_takes_what_is_ostroms_and_refuses_what_is_forged() {
        let printed = printed("webhook_receiver");
        assert_eq!(printed.matches("receiver: taken").count(), 1, "{printed}");
        assert!(printed.contains("receiver: refused: the delivery was signed with another secret"), "{printed}");
        assert!(printed.contains("receiver: refused: the delivery has no signature"), "{printed}");
        assert_eq!(printed.matches("forger: the answer was 401 Unauthorized").count(), 2, "{printed}");
    }
}
