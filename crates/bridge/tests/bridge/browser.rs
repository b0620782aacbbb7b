//! A browser as far as a sign-in needs one: cookies by name, redirects, forms. It remembers where it was.

use std::collections::BTreeMap;

use reqwest::{Method, Response};
use url::Url;

pub struct Browser {
    client: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
    pub visited: Vec<String>,
}

pub struct Page {
    pub status: u16,
    pub url: Url,
    pub body: String,
    pub headers: reqwest::header::HeaderMap,
}

impl Browser {
    pub fn new() -> Self {
        Self {
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            cookies: BTreeMap::new(),
            visited: Vec::new(),
        }
    }

    /// One request, its cookies kept, its redirect not followed.
    pub async fn step(&mut self, method: Method, url: &str, form: Option<&str>, extra: &[(&str, &str)]) -> Page {
        self.try_step(method, url, form, extra).await.unwrap()
    }

    /// The same, where nobody may answer.
    pub async fn try_step(
        &mut self,
        method: Method,
        url: &str,
        form: Option<&str>,
        extra: &[(&str, &str)],
    ) -> reqwest::Result<Page> {
        let mut request = self.client.request(method, url);
        if !self.cookies.is_empty() {
            let all: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", all.join("; "));
        }
        if let Some(form) = form {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", "null")
                .header("sec-fetch-site", "same-origin")
                .body(form.to_owned());
        }
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        self.visited.push(url.to_owned());
        self.read(request.send().await?).await
    }

    async fn read(&mut self, answer: Response) -> reqwest::Result<Page> {
        let (status, url, headers) = (answer.status().as_u16(), answer.url().clone(), answer.headers().clone());
        for value in headers.get_all("set-cookie") {
            let text = value.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Page {
            status,
            url,
            headers,
            body: answer.text().await?,
        })
    }

    /// Goes to a page and follows redirects.
    pub async fn go(&mut self, url: &str) -> Page {
        let page = self.step(Method::GET, url, None, &[]).await;
        self.follow(page).await
    }

    /// Sends a form and follows redirects.
    pub async fn send(&mut self, url: &str, form: &str) -> Page {
        let page = self.step(Method::POST, url, Some(form), &[]).await;
        self.follow(page).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(to) = page.location() else { return page };
            page = self.step(Method::GET, &to, None, &[]).await;
        }
        panic!("a redirect without end");
    }
}

impl Page {
    pub fn location(&self) -> Option<String> {
        let to = self.headers.get("location")?.to_str().unwrap();
        Some(self.url.join(to).unwrap().to_string())
    }

    /// The code of the bridge's page of an end.
    pub fn code(&self) -> String {
        let code = self
            .body
            .split_once("data-code=\"")
            .map(|(_, rest)| rest.split('"').next().unwrap());
        code.unwrap_or_else(|| panic!("no end at {}: {}", self.url, self.body))
            .to_owned()
    }

    /// The address behind a link with an id.
    pub fn link(&self, id: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(&format!("id=\"{id}\" href=\""))
            .expect("the link is there");
        rest.split('"').next().unwrap().replace("&amp;", "&")
    }

    /// The hidden members of a form, written as its body.
    pub fn hidden(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for piece in self.body.split("type=\"hidden\" name=\"").skip(1) {
            let (name, rest) = piece.split_once("\" value=\"").unwrap();
            form.append_pair(name, &rest.split('"').next().unwrap().replace("&amp;", "&"));
        }
        form.finish()
    }
}

impl Browser {
    /// A form with exactly these headers.
    pub async fn raw_form(&mut self, url: &str, form: &str, headers: &[(&str, &str)]) -> Page {
        let all: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .client
            .post(url)
            .header("cookie", all.join("; "))
            .body(form.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.read(request.send().await.unwrap()).await.unwrap()
    }
}
