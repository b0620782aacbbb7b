//! Calls of account linking as an integrator reads them, and extra merchant data as it is built.
//!
//! Deliberately absent: any secret; each is the name of a variable.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Text, Word};
use crate::views::number::Minor;

/// So many members of extra merchant data are built at once.
const MOST_PARTS: usize = 200;

/// A line of an order, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// What it is.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs.
    pub unit_price: Minor,
}

/// An order, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Two capital letters.
    pub country: String,
    /// `ll-CC`.
    pub locale: Option<String>,
    /// Three capital letters.
    pub currency: String,
    /// The acquirer's own id of the order.
    pub reference: Option<String>,
    /// What is bought.
    pub lines: Vec<LineView>,
}

/// A call as it would be sent, every secret a variable's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// `start`, `read`, `update`, `order`.
    pub step: String,
    /// `POST` and so on.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// For a shell.
    pub curl: String,
    /// Address, headers and body.
    pub json: String,
}

/// The calls of a session, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkingCallsView {
    /// In the order in which they are made.
    pub calls: Vec<CallView>,
    /// What is bought.
    pub order: OrderView,
}

/// A member of extra merchant data, for a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataMemberView {
    /// Its name; one inside another has a dot before it.
    pub name: String,
    /// `text`, `count`, `truth` or `date`.
    pub holds: String,
}

/// A package of extra merchant data, for a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataPackageView {
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<DataMemberView>,
}

/// One member that is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataPartWish {
    /// The package.
    pub package: Word,
    /// The entry of the package's list, from 0.
    pub entry: u32,
    /// The member.
    pub member: Word,
    /// What it holds.
    pub value: Text<500>,
}

/// At most two hundred members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPartWishes(Vec<DataPartWish>);

impl DataPartWishes {
    /// The members.
    pub fn into_parts(self) -> Vec<DataPartWish> {
        self.0
    }
}

impl<'de> Deserialize<'de> for DataPartWishes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = Vec::<DataPartWish>::deserialize(deserializer)?;
        if parts.len() > MOST_PARTS {
            return Err(D::Error::custom("there are more than 200 of them"));
        }
        Ok(Self(parts))
    }
}

impl Type for DataPartWishes {
    fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
        Vec::<DataPartWish>::definition(types)
    }
}

/// Extra merchant data that was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BuiltDataView {
    /// The attachment as it stands in a session's update: its body is a text.
    pub attachment: String,
    /// The JSON inside that text.
    pub body: String,
}
