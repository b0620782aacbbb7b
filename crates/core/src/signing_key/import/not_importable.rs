//! Why a file or a text did not become a key: each cause by name, with its cure. Nothing of the content is ever repeated.

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotImportable {
    /// Nothing was given.
    #[error("There is nothing here. Paste the private key from its BEGIN line to its END line, or choose its file.")]
    Empty,
    /// More than any key file.
    #[error("This is larger than 64 KiB, far more than a key file can be. Choose the file that holds the private key.")]
    TooLarge,
    /// Nothing that could be recognised.
    #[error(
        "This is not a private key. Choose a file in PEM, DER (PKCS#8 or SEC1) or PKCS#12 (.p12, .pfx) that holds a P-256 key."
    )]
    NotAKey,
    /// A certificate without a key.
    #[error(
        "This is a certificate, not a private key. Choose the key's own file; the certificate is installed in its own step."
    )]
    Certificate,
    /// A signing request.
    #[error(
        "This is a signing request (CSR), not a private key. Choose the file of the key that the request was made with."
    )]
    SigningRequest,
    /// A public key.
    #[error("This is a public key, not a private one. Choose the file of the private key.")]
    PublicKey,
    /// Base64 without BEGIN and END.
    #[error("This looks like a key without its first and last line. Paste it with its BEGIN and END lines.")]
    NoArmour,
    /// Sealed, and nothing to open it with.
    #[error("The key is encrypted, and no passphrase was given. Give the passphrase that it was encrypted with.")]
    PassphraseNeeded,
    /// Sealed with another passphrase; of a damaged ciphertext nothing else can be seen either.
    #[error("The passphrase does not open this key. Check keyboard layout and capitals, and type it again.")]
    WrongPassphrase,
    /// An encryption that is too old, or too unusual, to be read.
    #[error(
        "The key is encrypted in a way that Gatehouse does not read. Convert it with `openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem`, then import the new file."
    )]
    OldEncryption,
    /// A sealed file that asks for far more work than any tool sets.
    #[error(
        "The file asks for far more work to open it than any tool sets, so it was not opened. Convert it with `openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem`."
    )]
    TooMuchWork,
    /// A key on another elliptic curve.
    #[error(
        "The key is on the curve {curve}; Klarna needs P-256 (prime256v1). Make a new key here, or import one on P-256."
    )]
    OtherCurve {
        /// The curve's name, or its object identifier.
        curve: String,
    },
    /// A key of another algorithm.
    #[error(
        "This is a key of the kind {kind}; Klarna needs an elliptic-curve key on P-256. Make a new key here, or import one on P-256."
    )]
    OtherKind {
        /// The algorithm's name, or its object identifier.
        kind: String,
    },
    /// A file of another program's own form.
    #[error(
        "This is {form}, which Gatehouse does not read. Convert the key to PKCS#8 or PKCS#12, then import the new file."
    )]
    OtherForm {
        /// What it is, with its article.
        form: String,
    },
    /// More than one key.
    #[error("This holds {count} private keys. Export the one for Klarna into a file of its own, then import that.")]
    SeveralKeys {
        /// How many.
        count: usize,
    },
    /// A PKCS#12 file with certificates alone, or with nothing.
    #[error("This PKCS#12 file opens, but holds no private key. Export it again together with its key.")]
    NoKeyInside,
    /// Recognised, and broken.
    #[error("The key is cut off or damaged. Copy it again from where it was made, whole.")]
    Damaged,
}
