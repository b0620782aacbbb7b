//! HTTP to the provider: our own reqwest, redirects off, https or this machine only, small answers, short waits.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::Response;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use crate::config::is_safe;

/// Nothing that a provider says is longer.
const LARGEST: usize = 256 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// The provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum HttpFailure {
    /// The address could be read on the way.
    #[error("the address is neither https nor this machine")]
    Unsafe,
    /// The network failed.
    #[error("the provider cannot be reached: {0}")]
    Network(#[from] reqwest::Error),
    /// The provider failed.
    #[error("the provider answered {0}")]
    Status(u16),
    /// Too much came.
    #[error("the provider's answer is too long")]
    TooLong,
    /// The answer could not be put together.
    #[error("the provider's answer is unusable")]
    Unusable,
}

/// The way to the provider.
pub struct HttpPort(reqwest::Client);

impl HttpPort {
    /// Makes a client that trusts the system's authorities and the given ones.
    ///
    /// # Errors
    /// A sentence when an authority cannot be read.
    pub fn new(ca_pem: Option<&[u8]>) -> Result<Self, String> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent(concat!("gatehouse-bridge/", env!("CARGO_PKG_VERSION")));
        let builder = match ca_pem {
            Some(pem) => {
                let authorities = reqwest::Certificate::from_pem_bundle(pem)
                    .map_err(|cause| format!("is no list of certificates in PEM: {cause}."))?;
                builder.tls_certs_merge(authorities)
            }
            None => builder,
        };
        builder
            .build()
            .map(Self)
            .map_err(|cause| format!("cannot be used: {cause}."))
    }

    async fn ask(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string()).map_err(|_| HttpFailure::Unsafe)?;
        if !is_safe(&url) {
            return Err(HttpFailure::Unsafe);
        }
        let request = client.request(head.method, url).headers(head.headers).body(body);
        let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
        if answer.status().is_server_error() {
            return Err(HttpFailure::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > LARGEST {
                return Err(HttpFailure::TooLong);
            }
        }
        let mut response = Response::new(bytes);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpPort {
    type Error = HttpFailure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFailure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(Self::ask(self.0.clone(), request))
    }
}
