//! Everything that the facade offers, and the roles that may do it: the one table.
//!
//! A deed is what a person does; an act is a deed that leaves the machine or touches keys. Deliberately absent: which entry leads to
//! which deed, which is [`super::entry_points`].

use super::role::PersonRole::{self, Administrator, Approver, Operator, Reviewer};

/// How much a deed weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Reads or arranges what lies in clear in the data directory: judged by the list as it stands, with no key store asked.
    Look,
    /// Does something: the app must be unlocked, and the list is checked against log and key store.
    Act,
    /// Does something that is asked for each time while an app lock is set.
    Risk,
}

macro_rules! deeds {
    ($($name:ident $word:literal $weight:ident [$($role:ident)*] $doc:literal)*) => {
        /// Something that a person does in a profile.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Deed { $(#[doc = $doc] $name,)* }

        impl Deed {
            /// Every deed, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in the log.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The roles of which one is needed.
            #[must_use]
            pub fn roles(self) -> &'static [PersonRole] {
                match self { $(Self::$name => &[$($role,)*],)* }
            }

            /// How much it weighs.
            #[must_use]
            pub fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight,)* }
            }

            /// What it is, to be read before "needs the role ...".
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $doc,)* }
            }
        }
    };
}

deeds! {
    Look "look" Look [Operator Approver Reviewer Administrator] "Looking at this profile"
    ReadLog "read_log" Look [Reviewer Administrator] "Reading the audit log"
    VerifyLog "verify_log" Look [Reviewer Administrator] "Verifying the audit log"
    SettleActs "settle_acts" Act [Operator Administrator] "Settling acts without outcome"
    ExportLog "export_log" Risk [Reviewer Administrator] "Exporting the audit log"
    ReviewLog "review_log" Act [Reviewer] "Signing a day of the audit log off"
    WitnessLog "witness_log" Act [Reviewer Administrator] "Witnessing the audit log"
    BackUpLog "back_up_log" Act [Reviewer Administrator] "Backing up the audit log"
    ArchiveLog "archive_log" Risk [Administrator] "Archiving the audit log"
    EraseLog "erase_log" Risk [Administrator] "Erasing personal data from the audit log"
    AnchorAnew "anchor_anew" Act [Administrator] "Anchoring the audit log anew"
    OpenPortal "open_portal" Act [Operator] "Opening a portal"
    CopyLink "copy_link" Risk [Operator] "Copying a portal link"
    RevokeSession "revoke_session" Act [Operator Administrator] "Revoking a session"
    RevokeAllSessions "revoke_all_sessions" Risk [Operator Administrator] "Revoking all sessions"
    GrantAccess "grant_access" Act [Operator] "Granting access"
    RevokeAccess "revoke_access" Act [Operator Administrator] "Revoking access"
    ArrangeMerchants "arrange_merchants" Look [Operator] "Pinning or tagging a merchant"
    EditMerchants "edit_merchants" Act [Operator] "Changing merchants"
    ChangePolicy "change_policy" Act [Administrator] "Changing a profile's rules"
    SetUpProfile "set_up_profile" Act [Administrator] "Setting a profile up"
    ShareProfile "share_profile" Act [Administrator] "Exporting a profile"
    RemoveProfile "remove_profile" Risk [Administrator] "Removing a profile"
    ChangeKeys "change_keys" Risk [Administrator] "Changing keys"
    ManagePersons "manage_persons" Risk [Administrator] "Changing persons and roles"
    SetNetwork "set_network" Act [Administrator] "Changing the network's settings"
    EditLoginBridge "edit_login_bridge" Act [Administrator] "Changing who may enter through the login bridge"
    ApprovePlan "approve_plan" Risk [Approver Administrator] "Approving a plan"
    PlanAccess "plan_access" Act [Operator Reviewer Administrator] "Planning access"
    ApplyPlan "apply_plan" Risk [Operator Administrator] "Carrying a plan out"
    ReviewAccess "review_access" Act [Reviewer Administrator] "Reviewing access"
    SignReview "sign_review" Risk [Reviewer] "Signing an access review off"
    SeeTokens "see_tokens" Look [Operator Reviewer Administrator] "Looking at customer tokens"
    FindToken "find_token" Act [Operator Reviewer Administrator] "Finding a customer token"
    KeepTokens "keep_tokens" Act [Operator Administrator] "Keeping customer tokens"
    CheckTokens "check_tokens" Act [Operator Reviewer Administrator] "Asking Klarna about customer tokens"
    CreateToken "create_token" Act [Operator] "Making a customer token"
    ChargeToken "charge_token" Risk [Operator] "Charging a customer token"
    RevokeToken "revoke_token" Risk [Operator Administrator] "Revoking a customer token"
    CopyToken "copy_token" Risk [Operator] "Copying a customer token"
    LinkAccount "link_account" Act [Operator] "Linking a customer's account"
}

impl Deed {
    /// The deed of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|deed| deed.word() == word)
    }

    /// The role in which an entry of a kind is written.
    ///
    /// Kinds that no person asks for (start, stop, lock) are an operator's, as before.
    #[must_use]
    pub fn role_of_kind(kind: &str) -> PersonRole {
        match kind.split('.').next().unwrap_or_default() {
            "profile" | "policy" | "api_key" | "key" | "hardware" | "credential" | "mtls" | "person" | "network"
            | "bridge" | "private" | "log" | "vault" => Administrator,
            "audit" | "review" => Reviewer,
            "plan" if kind == "plan.approve" => Approver,
            _ => Operator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_can_be_done_by_somebody_and_has_a_word_of_its_own() {
        for (at, deed) in Deed::ALL.iter().enumerate() {
            assert!(!deed.roles().is_empty(), "{} can be done by some role", deed.word());
            assert_eq!(Deed::from_word(deed.word()), Some(*deed), "the word leads back");
            let twin = Deed::ALL.iter().skip(at + 1).any(|other| other.word() == deed.word());
            assert!(!twin, "{} is no other deed's word", deed.word());
        }
    }

    #[test]
    fn who_may_do_what_is_as_documented() {
        let may = |role: PersonRole| {
            let deeds = Deed::ALL.iter().filter(|deed| deed.roles().contains(&role));
            deeds.map(|deed| deed.word()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            may(Operator),
            "look settle_acts open_portal copy_link revoke_session revoke_all_sessions grant_access revoke_access \
             arrange_merchants edit_merchants plan_access apply_plan see_tokens find_token keep_tokens check_tokens \
             create_token charge_token revoke_token copy_token link_account",
            "an operator opens, revokes sessions, keeps merchants"
        );
        assert_eq!(may(Approver), "look approve_plan", "an approver approves");
        assert_eq!(
            may(Reviewer),
            "look read_log verify_log export_log review_log witness_log back_up_log plan_access review_access sign_review \
             see_tokens find_token check_tokens",
            "a reviewer reads and verifies, reviews, and plans what a review found"
        );
        assert_eq!(
            may(Administrator),
            "look read_log verify_log settle_acts export_log witness_log back_up_log archive_log erase_log anchor_anew revoke_session revoke_all_sessions revoke_access change_policy \
             set_up_profile share_profile remove_profile change_keys manage_persons set_network edit_login_bridge approve_plan plan_access apply_plan \
             review_access see_tokens find_token keep_tokens check_tokens revoke_token",
            "an administrator keeps profiles, keys, rules, persons and network, and can cut a session off"
        );
    }
}
