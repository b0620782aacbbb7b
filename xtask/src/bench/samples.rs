//! Measured values of one thing, and the two figures that are told of them.

/// Values in the row's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Takes the values; there must be at least one.
    pub fn new(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "a row measures at least once");
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// Returns the middle value.
    pub fn median(&self) -> f64 {
        self.at(50)
    }

    /// Returns the value that 95 of 100 stay at or under (nearest rank).
    pub fn p95(&self) -> f64 {
        self.at(95)
    }

    /// Returns how many values there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    fn at(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0[rank - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let samples = Samples::new((1..=20).rev().map(f64::from).collect());
        assert_eq!(samples.median(), 10.0, "nearest rank of 50 % in 20 values is the tenth");
        assert_eq!(
            samples.p95(),
            19.0,
            "nearest rank of 95 % in 20 values is the nineteenth"
        );
    }

    #[test]
    fn one_value_is_its_own_median_and_p95() {
        let samples = Samples::new(vec![7.0]);
        assert_eq!(
            (samples.median(), samples.p95()),
            (7.0, 7.0),
            "a single value stands for both"
        );
    }
}
