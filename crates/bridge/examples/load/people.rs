//! People who press the button, sign in, and are sent on to the portal; each one a browser of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
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
    fn count(&mut self, way: Option<(f64, f64)>) {
        let Some((login_ms, callback_ms)) = way else {
            self.lost += 1;
            return;
        };
        self.login_ms.push(login_ms);
        self.callback_ms.push(callback_ms);
    }

    fn and(mut self, more: Self) -> Self {
        self.login_ms.extend(more.login_ms);
        self.callback_ms.extend(more.callback_ms);
        self.lost += more.lost;
        self
    }

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
            times.count(self.way().await);
        }
        assert_eq!(times.lost, 0, "people come through");
    }

    /// Sends as many people through for that long as come through: each place is taken by the next one at once.
    pub async fn flood(&self, span: Duration) -> Times {
        let until = Instant::now() + span;
        let mut places = JoinSet::new();
        for _ in 0..AT_ONCE {
            let target = self.clone();
            places.spawn(async move {
                let mut times = Times::default();
                while Instant::now() < until {
                    times.count(target.way().await);
                }
                times
            });
        }
        places.join_all().await.into_iter().fold(Times::default(), Times::and)
    }

    /// Sends so many a second for that long, whether those before them came through or not.
    pub async fn send_steadily(&self, each_second: u32, span: Duration) -> Times {
        let mut moments = tokio::time::interval(Duration::from_secs(1) / each_second);
        moments.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let until = Instant::now() + span;
        let mut on_their_way = JoinSet::new();
        while Instant::now() < until {
            moments.tick().await;
            let target = self.clone();
            on_their_way.spawn(async move { target.way().await });
        }
        let mut times = Times::default();
        for way in on_their_way.join_all().await {
            times.count(way);
        }
        times
    }

    /// Button, sign-in, way back; answers how long the button and the way back took until it led on to the portal.
    async fn way(&self) -> Option<(f64, f64)> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let token = format!("opaque.of.klarna.{number}");
        let button = format!("http://{}/login?deeplink_session_token={token}", self.at);
        let began = Instant::now();
        let begun = self.client.get(button).send().await.ok()?;
        let login_ms = ms(began);
        let cookie = cookie(&begun);
        let provider = Url::parse(&location(&begun)?).ok()?;
        let back = self
            .client
            .post(provider.clone().join("authorize").ok()?)
            .body(form(number, &provider));
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
        let callback_ms = ms(began);
        location(&portal)?;
        Some((login_ms, callback_ms))
    }
}

/// The provider's page as a person fills it in.
fn form(number: u32, provider: &Url) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(provider.query_pairs())
        .append_pair("email", &format!("p{number}@x.example"))
        .append_pair("merchants", "SE-00417")
        .append_pair("answer", "sign-in")
        .finish()
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
