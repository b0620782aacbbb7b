//! How a sign-in can end: one table of codes, statuses and what the person reads. Every end has a page and a counter.

macro_rules! ends {
    ($($name:ident $code:literal $status:literal $title:literal $text:literal)*) => {
        /// How a sign-in ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the table says what each is")]
        pub enum End { $($name,)* }

        impl End {
            /// Every end, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code on the page, in logs and in metrics.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The page's status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What happened.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What to do.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

ends! {
    Entered "entered" 303 "You are signed in" "The portal opens."
    Abandoned "abandoned" 403 "The sign-in was not finished" "You came back without signing in. Go back to Klarna's login page and press the button again."
    NotEntitled "not_entitled" 403 "You have no merchant in the Klarna portal" "You are signed in, but no merchant is assigned to you. Ask for access, then try again."
    Expired "expired" 410 "This sign-in is over" "It was used already, took too long, or began in another browser. Go back to Klarna's login page and press the button again."
    MixedUp "mixed_up" 400 "This answer belongs to another sign-in" "For your safety it was not used. Go back to Klarna's login page and press the button again."
    TokenUnusable "session_token_unusable" 400 "Klarna's login page sent something unusable" "Go back to Klarna's login page and press the button again. If it happens each time, tell us."
    TokenUsed "session_token_used" 410 "This press of the button was used already" "It opened the portal once. Go back to Klarna's login page and press the button again there."
    SamlUnusable "saml_request_unusable" 400 "Klarna's login page asked for something unusable" "You were not signed in. Go back to Klarna's login page and begin again there. If it happens each time, tell us."
    SamlRefused "saml_refused" 200 "You were not signed in" "Klarna asked for a sign-in that is not possible here, and is told so."
    FormRefused "form_refused" 403 "This choice did not come from our page" "For your safety it was not used. Go back to Klarna's login page and press the button again."
    ProviderDown "provider_down" 503 "The sign-in page cannot be reached" "Try again in a few minutes."
    ProviderRefused "provider_refused" 502 "The sign-in could not be confirmed" "What the sign-in page said about you could not be trusted, so you were not signed in. Try again; if it happens each time, tell us."
    KlarnaDown "klarna_down" 503 "The Klarna portal cannot be reached" "Try again in a few minutes."
    KlarnaRefused "klarna_refused" 502 "Klarna did not let you in" "Klarna refused to open the portal for this merchant. Tell us, and name the reference below."
    TooMany "too_many" 429 "Too many sign-ins" "Wait a minute, then try again."
    Full "too_many_open" 503 "Too many people are signing in" "Try again in a few minutes."
    NotFound "not_found" 404 "There is no such page" "Go back to Klarna's login page and press the button there."
    NotAllowed "method_refused" 405 "This page cannot be used in this way" "Go back to Klarna's login page and press the button there."
    NotDirect "not_through_proxy" 421 "This address is not for browsers" "Use the public address of the sign-in."
    NotHere "wrong_host" 421 "This address is not for browsers" "Use the public address of the sign-in."
    TooSlow "too_slow" 408 "This took too long" "Go back to Klarna's login page and press the button again."
    Failed "failed" 500 "Something went wrong on our side" "Try again. If it happens each time, tell us, and name the reference below."
}
