//! The rules of a body of `authorizePayment`, each in a sentence.
//!
//! Deliberately absent: how sure each is; tokens.md says so with each of its rows.

macro_rules! rules {
    ($($variant:ident: $sentence:literal;)+) => {
        /// A rule that was broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BodyRule {
            $(#[doc = $sentence] $variant,)+
        }

        impl BodyRule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Says what is wrong and what to do.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)+
                }
            }
        }
    };
}

rules! {
    NotJson: "This is no JSON object. Paste the body of the call alone.";
    Currency: "currency is missing or not three capital letters of ISO 4217.";
    PaymentMissing: "request_payment_transaction is missing, so no money would move.";
    Amount: "The amount must be a whole number above zero, in the smallest unit of the currency.";
    ReferenceMissing: "payment_transaction_reference is missing. Give your own id of the transaction.";
    WishMissing: "request_customer_token is missing, so no token would be made.";
    WishTooMuch: "A charge asks for no further token. Take request_customer_token out.";
    NoPurpose: "scopes is empty. Ask for payment:customer_present or payment:customer_not_present.";
    BothPurposes: "scopes holds both payment purposes. Ask for one of them; no document shows both in one token.";
    UnknownPurpose: "scopes holds a word that no document has. Check its spelling.";
    PurposeMismatch: "The token was not made for this kind of charge, so Klarna would decline. Use a token of the right purpose.";
    StepUpMissing: "step_up_config is missing: the customer is there and may have to be asked.";
    StepUpTooMuch: "step_up_config must not be here: nobody can be asked, or the customer was asked already.";
    MethodMissing: "customer_interaction_config.method is missing. HANDOVER sends the customer to Klarna and back.";
    ReturnMissing: "return_url is missing, so the customer could not come back.";
    SubscriptionsMissing: "subscriptions is missing or empty. Klarna demands it where the customer is not there, on each charge.";
    OndemandMissing: "ondemand_service is missing. Klarna demands it where the customer is there.";
    CustomerMissing: "customer is missing. Klarna lists it as required when a token is made.";
    Quantity: "The quantity of a line must be a whole number, at least 1.";
    TokenInBody: "A token stands in the body. It belongs in the header Klarna-Customer-Token alone.";
}
