//! Lo que se cuenta de una exploración.

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod report;
pub use report::Report;

mod step;
pub use step::Step;

mod table;
