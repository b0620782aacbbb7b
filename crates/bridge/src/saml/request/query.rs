//! The HTTP-Redirect binding: a request, deflated and in Base64, in a query whose very letters are signed.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use url::form_urlencoded;

/// The longest request in Base64, and the longest that it may become.
const PACKED: usize = 16 * 1024;
const OPENED: u64 = 64 * 1024;

/// What a query holds; a member that came twice is nobody's.
#[derive(Debug, Default)]
pub struct Query<'a> {
    /// The request.
    pub request: Option<String>,
    /// What must come back with the answer.
    pub relay_state: Option<String>,
    /// The signature's kind and the signature, if there is one.
    pub signature: Option<(String, String)>,
    /// The letters that are signed, as they came.
    pub signed: Vec<&'a str>,
}

impl<'a> Query<'a> {
    /// Takes a query apart.
    ///
    /// # Errors
    /// A word that says what is wrong with it.
    pub fn read(query: &'a str) -> Result<Self, &'static str> {
        let members = [
            member(query, "SAMLRequest")?,
            member(query, "RelayState")?,
            member(query, "SigAlg")?,
            member(query, "Signature")?,
        ];
        if member(query, "SAMLEncoding")?.is_some_and(|(_, value)| value != DEFLATE) {
            return Err("encoding");
        }
        let signed = members.iter().take(3).flatten().map(|(pair, _)| *pair).collect();
        let [request, relay_state, algorithm, signature] = members.map(|member| member.map(|(_, value)| value));
        let signature = match (algorithm, signature) {
            (Some(algorithm), Some(signature)) => Some((algorithm, signature)),
            (None, None) => None,
            _ => return Err("half_signature"),
        };
        Ok(Self {
            request,
            relay_state,
            signature,
            signed,
        })
    }
}

/// The one member of a name: as it came, and its value.
fn member<'a>(query: &'a str, name: &str) -> Result<Option<(&'a str, String)>, &'static str> {
    let mut found = query.split('&').filter_map(|pair| {
        let (key, value) = form_urlencoded::parse(pair.as_bytes()).next()?;
        (key == name).then(|| (pair, value.into_owned()))
    });
    let first = found.next();
    if found.next().is_some() {
        Err("repeated_member")
    } else {
        Ok(first)
    }
}

const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// Unpacks a request; what is larger than any request is not unpacked any further.
///
/// # Errors
/// A word that says what is wrong with it.
pub fn unpacked(packed: &str) -> Result<String, &'static str> {
    if packed.len() > PACKED {
        return Err("too_long");
    }
    let bytes = STANDARD.decode(packed).map_err(|_| "base64")?;
    let mut text = Vec::new();
    let mut decoder = DeflateDecoder::new(bytes.as_slice());
    decoder
        .by_ref()
        .take(OPENED + 1)
        .read_to_end(&mut text)
        .map_err(|_| "deflate")?;
    if u64::try_from(text.len()).is_ok_and(|length| length > OPENED) {
        return Err("too_long");
    }
    if decoder.total_in() != u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
        return Err("deflate");
    }
    String::from_utf8(text).map_err(|_| "utf8")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    fn packed(text: &[u8]) -> String {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        STANDARD.encode(encoder.finish().unwrap())
    }

    #[test]
    fn a_request_is_unpacked_and_a_bomb_is_not() {
        assert_eq!(unpacked(&packed(b"<a/>")).unwrap(), "<a/>", "as it was");
        let bomb = packed(&vec![b' '; 10_000_000]);
        assert!(bomb.len() < PACKED, "ten megabytes in a short query");
        assert_eq!(unpacked(&bomb).unwrap_err(), "too_long", "are not unpacked");
        assert_eq!(
            unpacked(&"A".repeat(20_000)).unwrap_err(),
            "too_long",
            "nor a long query"
        );
        assert_eq!(unpacked("not base64!").unwrap_err(), "base64", "other letters");
        assert_eq!(
            unpacked(&STANDARD.encode(b"<a/>")).unwrap_err(),
            "deflate",
            "not deflated"
        );
        assert_eq!(unpacked(&packed(&[0xFF, 0xFE])).unwrap_err(), "utf8", "not text");
        let mut trailing = STANDARD.decode(packed(b"<a/>")).unwrap();
        trailing.extend(b"more");
        assert_eq!(
            unpacked(&STANDARD.encode(trailing)).unwrap_err(),
            "deflate",
            "something behind it"
        );
    }

    #[test]
    fn the_signed_letters_are_those_that_came() {
        let query = "RelayState=a%2fb&SAMLRequest=x%2By&Signature=s&SigAlg=alg&other=1";
        let read = Query::read(query).unwrap();
        assert_eq!(read.request.as_deref(), Some("x+y"), "the value");
        assert_eq!(
            read.signed.join("&"),
            "SAMLRequest=x%2By&RelayState=a%2fb&SigAlg=alg",
            "in the standard's order"
        );
        assert_eq!(
            Query::read("SAMLRequest=1&SAMLRequest=2").unwrap_err(),
            "repeated_member",
            "two requests"
        );
        assert_eq!(
            Query::read("SAMLRequest=1&SigAlg=a").unwrap_err(),
            "half_signature",
            "half a signature"
        );
        assert_eq!(
            Query::read("SAMLEncoding=other").unwrap_err(),
            "encoding",
            "another encoding"
        );
        assert!(Query::read("").unwrap().request.is_none(), "nothing at all");
    }
}
