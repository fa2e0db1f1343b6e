//! Words with capitals within that are one word: `OAuth`, `IPv4`, `iOS`, and acronyms in the plural, such as `IDs`.

const WORDS: [&str; 8] = ["OAuth", "IPv4", "IPv6", "iOS", "iPadOS", "OTel", "OData", "UInt"];

/// Writes such words with a capital first and nowhere else, so that a name is split into words around them.
pub(crate) fn whole(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len());
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or('_');
        let length = word(before, rest).or_else(|| plural(before, rest)).unwrap_or(1);
        out.push(if length > 1 { char.to_ascii_uppercase() } else { char });
        out.extend(rest.iter().take(length).skip(1).map(char::to_ascii_lowercase));
        at += length;
    }
    out
}

/// The length of the word that starts here.
fn word(before: char, rest: &[char]) -> Option<usize> {
    let is_it = |word: &&&str| {
        let first = word.starts_with(|first: char| first.is_ascii_lowercase());
        let starts = if first { !before.is_ascii_lowercase() } else { !before.is_ascii_uppercase() };
        let ends = rest.get(word.len()).is_none_or(|after| !after.is_ascii_lowercase());
        starts && ends && word.chars().eq(rest.iter().take(word.len()).copied())
    };
    WORDS.iter().find(is_it).map(|word| word.len())
}

/// The length of the acronym in the plural that starts here.
fn plural(before: char, rest: &[char]) -> Option<usize> {
    let capitals = rest.iter().take_while(|char| char.is_ascii_uppercase()).count();
    let ends = rest.get(capitals + 1).is_none_or(|after| !after.is_ascii_lowercase());
    let is_it = capitals > 1 && rest.get(capitals) == Some(&'s') && ends && !before.is_ascii_uppercase();
    is_it.then_some(capitals + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_one_word_and_what_looks_like_them_is_not() {
        for (name, expected) in [
            ("createOAuth2Token", "createOauth2Token"),
            ("OAuthClient", "OauthClient"),
            ("getIPv4Address", "getIpv4Address"),
            ("iOS", "Ios"),
            ("iOSApps", "IosApps"),
            ("ios_iPadOS", "ios_Ipados"),
            ("UInt32Type", "Uint32Type"),
            ("targetWWNs", "targetWwns"),
            ("IDsByURLs", "IdsByUrls"),
            // Other words that start or end in the same way.
            ("CPUInterval", "CPUInterval"),
            ("ZIPv4", "ZIPv4"),
            ("OAuthorization", "OAuthorization"),
            ("audiOS", "audiOS"),
            ("DNSserver", "DNSserver"),
            ("Gas", "Gas"),
            ("ANewThing", "ANewThing"),
            ("größeIDs", "größeIds"),
            ("", ""),
        ] {
            assert_eq!(whole(name), expected);
        }
    }
}
