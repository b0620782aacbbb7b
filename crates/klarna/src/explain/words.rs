//! Why a call about a token failed, whose matter that is, and whether to try again: the words, and the one table that joins them.
//!
//! Where Klarna publishes no advice, the sentence says so. Deliberately absent: texts of Klarna's, which are shown beside these.

/// What lies at the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// The token cannot be used, or not so.
    Token,
    /// The request must be written otherwise.
    Body,
    /// API key, user, password or environment.
    Credentials,
    /// The merchant's or acquirer's account at Klarna.
    Account,
    /// The customer can do something about it.
    Customer,
    /// The customer's step: a session or payment request that is over.
    Journey,
    /// Klarna's systems.
    Klarna,
    /// Too many calls.
    Pace,
    /// The address, or something between us and Klarna.
    Route,
    /// It cannot be told.
    Unknown,
    /// Nothing failed.
    Nothing,
}

/// Whether to try again, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Never with this token.
    Never,
    /// Once it is put right.
    AfterFixing,
    /// The very same request under the same idempotency key, within its 24 hours, after a pause.
    SameKey,
    /// After the time that the answer names, under the same idempotency key.
    AfterPause,
    /// Another day, with a new key.
    Later,
    /// Only with the customer there.
    WithCustomer,
    /// With the customer there, in the way Klarna calls recovery.
    Recovery,
    /// A new session or payment request.
    StartAgain,
    /// Nobody knows; ask Klarna.
    AskKlarna,
    /// There is nothing to try.
    NotNeeded,
}

impl Retry {
    /// Says what to do, and when.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Never => "Do not try again: it will never work with this token. Ask the customer for a new one.",
            Self::AfterFixing => "Put it right, then send it again with a new idempotency key.",
            Self::SameKey => {
                "Wait a moment, then send the very same request under the same idempotency key, within 24 hours. A person decides that for a charge."
            }
            Self::AfterPause => {
                "Wait as long as X-Ratelimit-Reset says, then send it again under the same idempotency key."
            }
            Self::Later => {
                "Tell the customer, and try another day. Klarna publishes no schedule; three tries within seven days is a rule of thumb of this tool."
            }
            Self::WithCustomer => "Try again only with the customer there, as a charge that may ask for a step-up.",
            Self::Recovery => {
                "With the customer there, open a usual session with intent buy; its success repairs the token. Set step_up to SUPPORTED on token orders to get the id for it."
            }
            Self::StartAgain => "Start a new session or payment request and let the customer agree once more.",
            Self::AskKlarna => {
                "Klarna publishes no meaning for this. Quote the reference to Klarna before trying again."
            }
            Self::NotNeeded => "There is nothing to try again.",
        }
    }
}

macro_rules! causes {
    ($($variant:ident: $matter:ident, $retry:ident, $sentence:literal;)+) => {
        /// Why it failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Cause {
            $(#[doc = $sentence] $variant,)+
        }

        impl Cause {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns what lies at the root.
            #[must_use]
            pub const fn matter(self) -> Matter {
                match self {
                    $(Self::$variant => Matter::$matter,)+
                }
            }

            /// Returns whether to try again.
            #[must_use]
            pub const fn retry(self) -> Retry {
                match self {
                    $(Self::$variant => Retry::$retry,)+
                }
            }

            /// Says what happened.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)+
                }
            }
        }
    };
}

causes! {
    TokenUnknown: Token, Never, "Klarna does not know this token. It may be of the other environment or region, or copied wrongly.";
    TokenBlocked: Token, Never, "Klarna has suspended this token.";
    TokenRevoked: Token, Never, "This token was revoked or cancelled: by the customer, the acquirer, or Klarna.";
    TokenOfAnother: Token, Never, "This token belongs to another merchant id or account.";
    TokenDead: Token, Never, "Klarna says that this token is dead for good, or that no way to pay will ever be offered.";
    PurposeMismatch: Token, Never, "The token was not made for this: its purpose and the kind of charge do not fit together.";
    MethodUnusable: Token, Recovery, "The way of paying behind this token cannot be used any more.";
    WrongCurrency: Body, AfterFixing, "The currency is not the one that the token's way of paying takes.";
    RefusedNow: Customer, Later, "Klarna refused this purchase now; the token itself is good.";
    CustomerMustAct: Customer, Later, "The customer has something to put right at Klarna, such as funds or an identity check.";
    StepUpNeeded: Customer, WithCustomer, "Klarna wants to ask the customer, so this charge needs the customer there.";
    DeclinedWithoutReason: Unknown, AskKlarna, "Klarna declined and did not say why.";
    DeclinedOtherwise: Unknown, AskKlarna, "Klarna declined, with a reason that is not published.";
    RefusedByRisk: Customer, Never, "Klarna's examination of this purchase said no.";
    BodyFault: Body, AfterFixing, "The request is faulty. The parameters that Klarna names must be put right; the token is not the matter.";
    StepUpForbidden: Body, AfterFixing, "step_up_config stands in a charge without the customer, where it must be absent.";
    SubscriptionsMissing: Body, AfterFixing, "subscriptions is missing or faulty; Klarna demands it for charges without the customer.";
    OndemandMissing: Body, AfterFixing, "ondemand_service is missing or faulty; Klarna demands it for charges with the customer there.";
    NoJsonSent: Body, AfterFixing, "The request was not sent as JSON: its content type is wrong.";
    OrderDiffers: Body, AfterFixing, "The order differs from what the customer authorised.";
    NotAllowedHere: Body, AfterFixing, "This is not possible here: the authorisation was used already, or a token was asked of an intent that gives none.";
    TechnicalFault: Body, AfterFixing, "Klarna reports a technical fault or bad input, such as a wrong currency. Check the request, then try again.";
    Unauthorized: Credentials, AfterFixing, "Klarna did not accept the key or password, or it is of the other environment.";
    Forbidden: Account, AfterFixing, "The account may not do this, or what is named belongs to another account. Check account, token and privileges.";
    MerchantInactive: Account, AskKlarna, "The merchant id is not active at Klarna.";
    Blocked: Route, AskKlarna, "The call was blocked before it reached the API: by the protection at Klarna's edge, an IP rule or mTLS.";
    RouteUnknown: Route, AfterFixing, "Klarna has no such address. Check host, region and path.";
    Gone: Journey, StartAgain, "What is named does not exist any more or never did: a session, an authorisation or a token.";
    OrderExists: Journey, NotNeeded, "An order came of this session already.";
    UsedTwice: Journey, StartAgain, "It clashes with something done already: most likely this session token was used before.";
    RequestExpired: Journey, StartAgain, "The payment request expired before the customer agreed.";
    RequestCanceled: Journey, StartAgain, "The payment request was cancelled.";
    RequestDeclined: Journey, StartAgain, "The customer refused, or no way to pay was possible.";
    Aborted: Journey, StartAgain, "The customer left the purchase before its end.";
    Waiting: Journey, NotNeeded, "Nothing failed yet: the customer's step is still open.";
    RateLimited: Pace, AfterPause, "There were too many calls.";
    KlarnaFault: Klarna, SameKey, "Klarna's systems failed. The charge may have happened all the same.";
    KlarnaUnavailable: Klarna, SameKey, "Klarna's systems are not available now. The charge may have happened all the same.";
    UnknownRefusal: Unknown, AskKlarna, "Klarna refused, with a code that is not published.";
    NothingFailed: Nothing, NotNeeded, "Nothing failed: this is an approval.";
    Unreadable: Unknown, AskKlarna, "This is no answer or webhook of Klarna's that can be read.";
}
