//! What the tests of payments v1 need: a client, terms of an order, permits.

use crate::network_stage::eur;
use gatehouse_klarna::{
    AuthorizationToken, ClassicCall, Country, Intent, Locale, MerchantUrls, OrderLine, OrderLines, OrderTerms,
    PaymentsClient, PaymentsConfig, PaymentsLogin, PaymentsPassword, Permit, ProxyChoice, SessionDraft, Timeouts, Url,
};
use std::num::NonZeroU32;

pub const AUTHORIZATION: &str = "b4bd3423-24e3-4a1c-9f00-5ec0de000042";
pub const USER: &str = "PK12345_abc";
pub const PASSWORD: &str = "Pa55-w0rd-canary";

pub fn config(base: &str) -> PaymentsConfig {
    let password = PaymentsPassword::parse(PASSWORD.into()).unwrap();
    PaymentsConfig {
        base_url: Url::parse(base).unwrap(),
        login: PaymentsLogin::password(USER, password).unwrap(),
        extra_ca_pem: Vec::new(),
        proxy: ProxyChoice::Direct,
        timeouts: Timeouts::default(),
        app_version: "1.2.3".into(),
    }
}

pub fn payments(base: &str) -> PaymentsClient {
    gatehouse_klarna::install_crypto();
    PaymentsClient::new(&config(base)).unwrap()
}

pub fn permit(client: &PaymentsClient, call: ClassicCall<'_>) -> Permit {
    let (kind, subject) = client.permit_for(call).unwrap();
    Permit::mint(kind, &subject)
}

pub fn line(total_amount: i64) -> OrderLine {
    OrderLine {
        kind: Some("physical".into()),
        reference: None,
        name: "Coat".into(),
        quantity: NonZeroU32::MIN,
        unit_price: total_amount,
        tax_rate: Some(1900),
        total_amount,
        total_discount_amount: None,
        total_tax_amount: Some(total_amount * 19 / 119),
        image_url: None,
        product_url: None,
        subscription: None,
    }
}

pub fn terms() -> OrderTerms {
    OrderTerms {
        country: Country::parse("DE").unwrap(),
        currency: eur(),
        locale: Some(Locale::parse("de-DE").unwrap()),
        lines: OrderLines::new([line(20_000), line(5_900)]).unwrap(),
        merchant_reference1: None,
        merchant_reference2: None,
        merchant_urls: MerchantUrls::default(),
    }
}

pub fn session(intent: Intent) -> SessionDraft {
    SessionDraft {
        intent,
        terms: terms(),
        customer_token: None,
        acquiring_channel: None,
        step_up_id: None,
    }
}

pub fn authorization() -> AuthorizationToken {
    AuthorizationToken::parse(AUTHORIZATION.into()).unwrap()
}
