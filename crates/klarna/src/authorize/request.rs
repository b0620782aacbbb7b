//! The four calls that `authorizePayment` stands for, each with what it needs and without what it must not have.
//!
//! A charge without the customer has no place for a step-up, a token for charges without the customer cannot be asked for
//! without subscriptions, and nothing of a token's making is without a step-up (tokens.md 1.3, 1.4). Deliberately absent:
//! payments without any token, `interaction_expiry` (its form is unknown) and the retired `Klarna-Payment-Token`.

use super::purchase::{OndemandService, Purchase, Subscriptions};
use crate::bearer::NetworkSessionToken;
use crate::customer_token::{CustomerToken, TokenPurpose};
use crate::krn::AccountKrn;
use crate::permit::Call;
use crate::terms::{Amount, AppReturnUrl, Currency, Reference, ReturnUrl};

/// What charges the token shall allow, with the data that Klarna asks for in each case.
#[derive(Clone, Debug, PartialEq)]
pub enum ConsentFor {
    /// Purchases with the customer there.
    CustomerPresent(OndemandService),
    /// Charges without the customer.
    CustomerNotPresent(Subscriptions),
}

/// The wish for a token: one payment purpose, and the customer's recognition if that is wanted (tokens.md 2.3).
#[derive(Clone, Debug, PartialEq)]
pub struct TokenWish {
    /// What it shall allow.
    pub consent: ConsentFor,
    /// Whether it shall also recognise the customer, `customer:login`.
    pub log_in: bool,
    /// The acquirer's own id of the token; it comes back in webhooks.
    pub reference: Option<Reference>,
}

impl TokenWish {
    pub(super) fn purposes(&self) -> Vec<TokenPurpose> {
        let payment = match self.consent {
            ConsentFor::CustomerPresent(_) => TokenPurpose::CustomerPresent,
            ConsentFor::CustomerNotPresent(_) => TokenPurpose::CustomerNotPresent,
        };
        let log_in = self.log_in.then_some(TokenPurpose::LogIn);
        [payment].into_iter().chain(log_in).collect()
    }
}

/// Money that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// How much.
    pub amount: Amount,
    /// The acquirer's own id of the transaction.
    pub reference: Reference,
    /// Which of Klarna's payment options, when one was chosen.
    pub option_id: Option<Reference>,
}

/// How the customer is asked, should that be needed: by being sent to Klarna and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// The acquirer's own id of the payment request; recommended.
    pub payment_request_reference: Option<Reference>,
    /// Where the customer comes back to.
    pub return_url: ReturnUrl,
    /// Where the customer comes back to in an app.
    pub app_return_url: Option<AppReturnUrl>,
}

/// Makes a token, alone or together with a first payment; the customer is always asked.
#[derive(Debug)]
pub struct TokenCreation {
    /// The currency of the payment, and of later charges.
    pub currency: Currency,
    /// The token.
    pub wish: TokenWish,
    /// The first payment; without one, nothing is paid.
    pub first_payment: Option<Payment>,
    /// How the customer is asked.
    pub step_up: StepUp,
    /// What it is about.
    pub purchase: Purchase,
}

/// Finishes a payment after the customer's consent, within 60 minutes, once.
#[derive(Debug)]
pub struct Finalisation {
    /// From the completed payment request.
    pub session: NetworkSessionToken,
    /// The currency, as it was.
    pub currency: Currency,
    /// The payment, as it was.
    pub payment: Payment,
    /// The wish for a token, as it was, when there was one.
    pub wish: Option<TokenWish>,
    /// What it is about.
    pub purchase: Purchase,
}

/// Charges a token with the customer there, who may be asked once more.
#[derive(Debug)]
pub struct PresentCharge {
    /// The token.
    pub token: CustomerToken,
    /// The currency.
    pub currency: Currency,
    /// The payment.
    pub payment: Payment,
    /// What is expected of the service.
    pub service: OndemandService,
    /// How the customer is asked, should that be needed.
    pub step_up: StepUp,
    /// What it is about.
    pub purchase: Purchase,
}

/// Charges a token with nobody there: no step-up can be asked for.
#[derive(Debug)]
pub struct AbsentCharge {
    /// The token.
    pub token: CustomerToken,
    /// The currency.
    pub currency: Currency,
    /// The payment.
    pub payment: Payment,
    /// The subscriptions that are paid for, told again for a better success rate.
    pub subscriptions: Subscriptions,
    /// What it is about.
    pub purchase: Purchase,
}

/// One use of `authorizePayment`.
#[derive(Debug)]
pub enum Authorization {
    /// Make a token.
    CreateToken(Box<TokenCreation>),
    /// Finish after the customer's consent.
    Finalise(Box<Finalisation>),
    /// Charge with the customer there.
    ChargePresent(Box<PresentCharge>),
    /// Charge with nobody there.
    ChargeAbsent(Box<AbsentCharge>),
}

impl Authorization {
    /// Returns the call that the permit must be for.
    #[must_use]
    pub const fn call(&self) -> Call {
        match self {
            Self::CreateToken(_) => Call::CreateCustomerToken,
            Self::Finalise(_) => Call::FinalisePayment,
            Self::ChargePresent(_) => Call::ChargeCustomerPresent,
            Self::ChargeAbsent(_) => Call::ChargeCustomerNotPresent,
        }
    }

    /// Returns the payment, when money moves.
    #[must_use]
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::CreateToken(creation) => creation.first_payment.as_ref(),
            Self::Finalise(finalisation) => Some(&finalisation.payment),
            Self::ChargePresent(charge) => Some(&charge.payment),
            Self::ChargeAbsent(charge) => Some(&charge.payment),
        }
    }

    /// Returns the currency.
    #[must_use]
    pub const fn currency(&self) -> &Currency {
        match self {
            Self::CreateToken(creation) => &creation.currency,
            Self::Finalise(finalisation) => &finalisation.currency,
            Self::ChargePresent(charge) => &charge.currency,
            Self::ChargeAbsent(charge) => &charge.currency,
        }
    }

    /// Returns the token that is charged.
    #[must_use]
    pub const fn token(&self) -> Option<&CustomerToken> {
        match self {
            Self::ChargePresent(charge) => Some(&charge.token),
            Self::ChargeAbsent(charge) => Some(&charge.token),
            Self::CreateToken(_) | Self::Finalise(_) => None,
        }
    }

    /// Returns the subject of the permit: account, currency, amount, reference, and a name of the token that is charged, so that
    /// no permit for one charge passes for another. It holds no secret; keep it out of records all the same.
    #[must_use]
    pub fn permit_subject(&self, account: &AccountKrn) -> String {
        let mut subject = format!("{account} {}", self.currency());
        if let Some(payment) = self.payment() {
            subject.push_str(&format!(" {} {}", payment.amount.minor(), payment.reference));
        }
        if let Some(token) = self.token() {
            subject.push(' ');
            subject.push_str(&token.in_subject());
        }
        subject
    }
}
