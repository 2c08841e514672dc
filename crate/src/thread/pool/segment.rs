//! `Segment`: lo que salió de unas cuantas entradas seguidas.

use crate::thread::ThreadError;

/// Los resultados de unas cuantas entradas seguidas de un encargo.
pub(super) struct Segment<R> {
    /// El número, dentro del encargo, de la primera.
    pub(super) first: usize,
    pub(super) results: Vec<R>,
    /// Las que fallaron, con su número dentro del encargo y de menor a mayor.
    pub(super) failures: Vec<(usize, ThreadError)>,
}

impl<R> Segment<R> {
    /// El de `count` entradas que fallaron todas por lo mismo.
    pub(super) fn failed(first: usize, count: usize, error: &ThreadError) -> Segment<R> {
        Segment {
            first,
            results: Vec::new(),
            failures: (first..first + count)
                .map(|number| (number, error.clone()))
                .collect(),
        }
    }

    /// De cuántas entradas es.
    pub(super) fn count(&self) -> usize {
        self.results.len() + self.failures.len()
    }
}

impl<R> IntoIterator for Segment<R> {
    type Item = Result<R, ThreadError>;
    type IntoIter = Outcomes<R>;

    fn into_iter(self) -> Outcomes<R> {
        Outcomes {
            next: self.first,
            results: self.results.into_iter(),
            failures: self.failures.into_iter().peekable(),
        }
    }
}

/// Lo de un [`Segment`], entrada a entrada.
pub(super) struct Outcomes<R> {
    next: usize,
    results: std::vec::IntoIter<R>,
    failures: std::iter::Peekable<std::vec::IntoIter<(usize, ThreadError)>>,
}

impl<R> Iterator for Outcomes<R> {
    type Item = Result<R, ThreadError>;

    fn next(&mut self) -> Option<Result<R, ThreadError>> {
        let number = self.next;
        self.next += 1;
        match self.failures.next_if(|(failed, _)| *failed == number) {
            Some((_, error)) => Some(Err(error)),
            None => self.results.next().map(Ok),
        }
    }
}
