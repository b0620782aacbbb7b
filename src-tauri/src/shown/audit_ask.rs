//! Questions to the log, shown: what is wrong with one, counts with names, bars over time.
//!
//! Deliberately absent: answering; the core does.

use gatehouse_core::{AuditBar, Gatehouse, Problem};

use crate::shown::act::Names;
use crate::shown::kinds;
use crate::views::audit_ask::{Bar, Facet, FacetField, FacetValue, Histogram, HistogramRequest, QueryFaultView};
use crate::views::number::{Millis, Seq, count};

/// What is wrong with a question; `None` where nothing is.
pub fn fault(core: &Gatehouse, query: &str) -> Option<QueryFaultView> {
    let fault = core.audit_query(query).err()?;
    let units = |from: usize, many: usize| -> u32 {
        let chars = query.chars().skip(from).take(many);
        count(chars.map(char::len_utf16).sum::<usize>())
    };
    Some(QueryFaultView {
        at: units(0, fault.at),
        len: units(fault.at, fault.len).max(1),
        message: fault.message,
    })
}

/// How many acts there are of what.
///
/// # Errors
/// As the core says.
pub fn facets(core: &Gatehouse, query: &str) -> Result<Vec<Facet>, Problem> {
    let mut names = Names::of(core);
    let found = core.audit_facets(query)?.into_iter();
    Ok(found.filter_map(|facet| shown(facet, &mut names)).collect())
}

fn shown(facet: gatehouse_core::Facet, names: &mut Names<'_>) -> Option<Facet> {
    let field = field(facet.field)?;
    let value = |value: gatehouse_core::FacetValue| FacetValue {
        label: label(field, &value.value, names),
        value: value.value,
        count: Seq(value.count),
    };
    Some(Facet {
        field,
        values: facet.values.into_iter().map(value).collect(),
        more: facet.more,
    })
}

/// The field of that word; one of a later core is not shown.
fn field(word: &str) -> Option<FacetField> {
    match word {
        "act" => Some(FacetField::Act),
        "actor" => Some(FacetField::Actor),
        "env" => Some(FacetField::Env),
        "outcome" => Some(FacetField::Outcome),
        "merchant" => Some(FacetField::Merchant),
        "profile" => Some(FacetField::Profile),
        _ => None,
    }
}

fn label(field: FacetField, value: &str, names: &mut Names<'_>) -> Option<String> {
    match field {
        FacetField::Act => Some(kinds::words(value))
            .filter(|words| *words != value)
            .map(str::to_owned),
        FacetField::Actor => names.person(value),
        FacetField::Merchant => names.merchant(value),
        FacetField::Env | FacetField::Outcome | FacetField::Profile => None,
    }
}

/// The acts over time.
///
/// # Errors
/// As the core says.
pub fn histogram(core: &Gatehouse, request: &HistogramRequest) -> Result<Histogram, Problem> {
    let found = core.audit_histogram(request.query.as_str(), request.bars.get())?;
    Ok(Histogram {
        from: Millis(found.from_ms),
        step: Millis(found.step_ms.max(1)),
        bars: found.bars.iter().map(bar).collect(),
    })
}

fn bar(bar: &AuditBar) -> Bar {
    Bar {
        succeeded: Seq(bar.succeeded),
        refused: Seq(bar.refused),
        unknown: Seq(bar.unknown),
        notes: Seq(bar.notes),
    }
}
