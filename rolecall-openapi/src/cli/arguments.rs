//! The command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// The commands and their arguments.
pub(super) fn command() -> Command {
    let document =
        || Arg::new("document").value_parser(value_parser!(PathBuf)).help("The OpenAPI document, JSON or YAML");
    let path = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf)).help(help)
    };
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let roles = || {
        [
            path("roles", "Which role each operation has; `cargo rolecall roles` writes one to start from"),
            Arg::new("default-role")
                .long("default-role")
                .value_name("ROLE")
                .help("The role of operations of which the document says nothing; `Public` for none"),
        ]
    };
    let only = || {
        Arg::new("only")
            .long("only")
            .value_name("TAG|ID")
            .action(ArgAction::Append)
            .help("Only operations of this tag or `operationId`")
    };
    let config =
        || path("config", "The configuration; `rolecall.toml` of this folder or one above it if it is not given");
    Command::new("cargo rolecall")
        .bin_name("cargo rolecall")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Traits for `rolecall` from OpenAPI documents, and the check that they still agree")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("new")
                .about("Writes traits and models of a document; they are yours to edit")
                .arg(document().required(true))
                .arg(
                    path("out", "The folder to write to, such as `src/api`")
                        .value_name("FOLDER")
                        .required_unless_present("dry-run"),
                )
                .arg(only())
                .args(roles())
                .arg(flag("dry-run", "Writes nothing, and reports what would be written"))
                .arg(flag("force", "Writes over files that exist")),
        )
        .subcommand(
            Command::new("roles")
                .about("Prints what a document knows of roles, as a mapping to edit")
                .arg(document().required(true)),
        )
        .subcommand(
            Command::new("check")
                .about("Do the traits and the document agree? Exits with 1 if they do not")
                .arg(document().required(false))
                .arg(config())
                .arg(path("source", "The folder of the traits, where no configuration names it").value_name("FOLDER"))
                .args(roles())
                .arg(only())
                .arg(flag("json", "Prints the report as JSON")),
        )
        .subcommand(
            Command::new("update")
                .about("Adds what is new in a document, changes no line that exists, and accepts the document")
                .arg(document().required(false))
                .arg(config())
                .arg(flag("apply", "Also writes items again that have changed and that nobody edited"))
                .arg(flag("dry-run", "Writes nothing, and reports what would be written")),
        )
        .subcommand(
            Command::new("export")
                .about("Writes an OpenAPI 3.1 document of the traits")
                .arg(path("out", "The document to write, YAML or JSON by its name; printed if it is not given"))
                .arg(config())
                .arg(path("source", "The folder of the traits, where no configuration names it").value_name("FOLDER"))
                .arg(Arg::new("title").long("title").value_name("TITLE").help("The title of the document")),
        )
}

/// The value of an argument that is a path.
pub(super) fn path_of(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}

/// The value of an argument that is text.
pub(super) fn text_of(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

/// All values of an argument.
pub(super) fn all_of(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).map(|values| values.cloned().collect()).unwrap_or_default()
}
