//! People who press the button, sign in, and are sent on to the portal; each one a browser of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response};
use url::{Url, form_urlencoded};

/// So many are on their way at once.
const AT_ONCE: usize = 24;
/// So many go first and are not counted: connections, caches, the provider's keys.
const WARM_UP: usize = 100;

/// The measured program: where it is, and what its addresses say.
#[derive(Clone)]
pub struct Target {
    client: Client,
    at: String,
    named: String,
    number: Arc<AtomicU32>,
}

/// How long the two steps took from outside.
#[derive(Default)]
pub struct Times {
    pub login_ms: Vec<f64>,
    pub callback_ms: Vec<f64>,
    /// People who did not come out at the portal.
    pub lost: u32,
}

impl Times {
    pub fn entered(&self) -> u32 {
        u32::try_from(self.callback_ms.len()).unwrap()
    }
}

impl Target {
    pub fn new(at: &str, named: &str) -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            client,
            at: at.to_owned(),
            named: named.to_owned(),
            number: Arc::default(),
        }
    }

    pub async fn warm_up(&self) {
        let mut times = Times::default();
        for _ in 0..WARM_UP {
            self.send_one(&mut times).await;
        }
        assert_eq!(times.lost, 0, "people come through");
    }

    /// Sends people through for that long.
    pub async fn send_people(&self, span: Duration) -> Times {
        let until = Instant::now() + span;
        let tasks: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let target = self.clone();
                tokio::spawn(async move {
                    let mut times = Times::default();
                    while Instant::now() < until {
                        target.send_one(&mut times).await;
                    }
                    times
                })
            })
            .collect();
        let mut all = Times::default();
        for task in tasks {
            let times = task.await.unwrap();
            all.login_ms.extend(times.login_ms);
            all.callback_ms.extend(times.callback_ms);
            all.lost += times.lost;
        }
        all
    }

    async fn send_one(&self, times: &mut Times) {
        match self.way(times).await {
            Some(callback_ms) => times.callback_ms.push(callback_ms),
            None => times.lost += 1,
        }
    }

    /// Button, sign-in, way back; answers how long the way back took until it led on to the portal.
    async fn way(&self, times: &mut Times) -> Option<f64> {
        let button = format!("http://{}/login?deeplink_session_token=opaque.of.klarna", self.at);
        let began = Instant::now();
        let begun = self.client.get(button).send().await.ok()?;
        times.login_ms.push(ms(began));
        let cookie = cookie(&begun);
        let provider = Url::parse(&location(&begun)?).ok()?;
        let back = self
            .client
            .post(provider.clone().join("authorize").ok()?)
            .body(self.form(&provider));
        let back = back
            .header("content-type", "application/x-www-form-urlencoded")
            .send()
            .await
            .ok()?;
        let back = location(&back)?.replacen(&self.named, &self.at, 1);
        let mut asking = self.client.get(back);
        if let Some(cookie) = cookie {
            asking = asking.header(COOKIE, cookie);
        }
        let began = Instant::now();
        let portal = asking.send().await.ok()?;
        let took = ms(began);
        location(&portal)?;
        Some(took)
    }

    /// The provider's page as a person fills it in.
    fn form(&self, provider: &Url) -> String {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(provider.query_pairs())
            .append_pair("email", &format!("p{number}@x.example"))
            .append_pair("merchants", "SE-00417")
            .append_pair("answer", "sign-in")
            .finish()
    }
}

fn location(answer: &Response) -> Option<String> {
    Some(answer.headers().get(LOCATION)?.to_str().ok()?.to_owned())
}

fn cookie(answer: &Response) -> Option<String> {
    let given = answer.headers().get(SET_COOKIE)?.to_str().ok()?;
    given.split(';').next().map(str::to_owned)
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
