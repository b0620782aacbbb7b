//! What must not build: a mutating call without a permit, a permit used twice, a secret that shows itself, an empty selector.
//!
//! After a change of wording in the compiler: `TRYBUILD=overwrite cargo test -p gatehouse-klarna --test compile_fail`, and read
//! the differences.

#[test]
fn what_must_not_build_does_not() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
