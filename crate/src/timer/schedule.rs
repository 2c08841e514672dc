//! `Schedule`: cuándo toca el disparo siguiente de un temporizador que se repite.

use std::time::{Duration, Instant};

/// Los momentos `inicio + k · intervalo`, con k desde 1.
#[derive(Debug)]
pub(super) struct Schedule {
    /// `None`: no llegará nunca.
    next: Option<Instant>,
    interval: Duration,
}

impl Schedule {
    pub(super) fn new(start: Instant, interval: Duration) -> Schedule {
        Schedule {
            next: start.checked_add(interval),
            interval,
        }
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.next
    }

    /// Pasa al siguiente. Los que ya no llegan a tiempo se saltan.
    pub(super) fn advance(&mut self, now: Instant) {
        let Some(last) = self.next else { return };
        let late = now.saturating_duration_since(last).as_nanos();
        let steps = late.div_ceil(self.interval.as_nanos()).max(1);
        let ahead = self.interval.as_nanos().saturating_mul(steps);
        self.next = u64::try_from(ahead)
            .ok()
            .and_then(|nanos| last.checked_add(Duration::from_nanos(nanos)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn momentos(intervalo: Duration, acaba: &[Duration]) -> Vec<Duration> {
        let inicio = Instant::now();
        let mut horario = Schedule::new(inicio, intervalo);
        let mut momentos = vec![horario.next().unwrap() - inicio];
        for &acaba in acaba {
            horario.advance(inicio + acaba);
            momentos.push(horario.next().unwrap() - inicio);
        }
        momentos
    }

    #[test]
    fn llegar_un_poco_tarde_a_cada_disparo_no_retrasa_los_siguientes() {
        let acaba = [13 * MS, 27 * MS, 39 * MS];
        assert_eq!(
            momentos(10 * MS, &acaba),
            [10 * MS, 20 * MS, 30 * MS, 40 * MS]
        );
    }

    #[test]
    fn los_que_se_pierden_se_saltan_y_el_ritmo_es_el_del_principio() {
        let acaba = [34 * MS, 45 * MS, 99 * MS];
        assert_eq!(
            momentos(10 * MS, &acaba),
            [10 * MS, 40 * MS, 50 * MS, 100 * MS]
        );
    }

    #[test]
    fn acabar_justo_cuando_toca_no_salta_ninguno() {
        assert_eq!(
            momentos(10 * MS, &[20 * MS, 40 * MS]),
            [10 * MS, 20 * MS, 40 * MS]
        );
    }

    #[test]
    fn un_intervalo_que_no_cabe_no_llega_nunca() {
        let mut horario = Schedule::new(Instant::now(), Duration::MAX);
        assert_eq!(horario.next(), None);
        horario.advance(Instant::now());
        assert_eq!(horario.next(), None);
    }

    #[test]
    fn un_intervalo_diminuto_no_se_desborda() {
        let dia = Duration::from_secs(86_400);
        assert_eq!(
            momentos(Duration::from_nanos(1), &[dia]),
            [Duration::from_nanos(1), dia]
        );
    }
}
