//! Certificates of a test authority, valid and invalid ones. They are made once per process.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The host of the certificates, apart from `localhost` and `127.0.0.1`.
pub const HOST: &str = "api.example.com";

/// Which certificate a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certificate {
    /// Issued by the test authority for `127.0.0.1`, `localhost`, and [`HOST`].
    Valid,
    /// The same, but expired in 2001.
    Expired,
    /// The same, but valid from 2090 on.
    NotYetValid,
    /// Issued by the test authority for another host.
    OtherHost,
    /// Issued for the right hosts, by itself.
    SelfSigned,
    /// Issued for the right hosts, by an authority that nobody trusts.
    UnknownAuthority,
}

/// A certificate chain of one, and its key.
#[derive(Debug)]
pub struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

/// An authority that issues certificates.
struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity { certificate, key }
    }
}

/// The authority that the cases' clients trust.
fn trusted() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| Authority::new("rolecall's test authority"))
}

/// The test authority's own certificate, as PEM.
#[must_use]
pub fn authority_pem() -> String {
    trusted().certificate.pem()
}

/// The test authority's own certificate.
#[must_use]
pub fn authority() -> CertificateDer<'static> {
    trusted().certificate.der().clone()
}

/// A client's certificate by the test authority.
#[must_use]
pub fn client_identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(|| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "a client");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        trusted().issue(&params)
    })
}

impl Identity {
    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    /// The certificate's private key.
    #[must_use]
    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }

    /// The certificate, as PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// The certificate's private key, as PEM.
    #[must_use]
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

impl Certificate {
    /// The certificate with its key; a new one at each call.
    pub(crate) fn identity(self) -> Identity {
        let host = if self == Self::OtherHost { "another.example.com" } else { HOST };
        let mut names = vec![host.to_owned()];
        if self != Self::OtherHost {
            names.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
        }
        let mut params = CertificateParams::new(names).expect("valid names");
        params.distinguished_name.push(DnType::CommonName, host);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        match self {
            Self::Expired => {
                params.not_before = date_time_ymd(2000, 1, 1);
                params.not_after = date_time_ymd(2001, 1, 1);
            }
            Self::NotYetValid => params.not_before = date_time_ymd(2090, 1, 1),
            _ => {}
        }
        match self {
            Self::SelfSigned => {
                let key = KeyPair::generate().expect("a key");
                let certificate = params.self_signed(&key).expect("a certificate");
                Identity { certificate, key }
            }
            Self::UnknownAuthority => Authority::new("an unknown authority").issue(&params),
            _ => trusted().issue(&params),
        }
    }
}
