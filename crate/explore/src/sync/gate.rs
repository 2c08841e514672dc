//! La puerta de los cerrojos: quién está dentro, y los que esperan a entrar.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::{Label, Waiters, Waiting, holds, is_over, me, note, point, wait_for};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// De uno en uno.
    Alone,
    /// Con otros como él.
    Shared,
}

#[derive(Debug, Default)]
struct Inside {
    alone: Option<usize>,
    sharing: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Gate {
    label: Label,
    inside: Mutex<Inside>,
    queue: Waiters,
    /// Cómo se cuenta que alguien entra: «coge X», «coge X para leer»…
    verbs: [&'static str; 2],
}

impl Gate {
    pub(super) fn new(kind: &'static str, verbs: [&'static str; 2]) -> Gate {
        Gate {
            label: Label::next(kind),
            inside: Mutex::default(),
            queue: Waiters::new(),
            verbs,
        }
    }

    pub(super) fn label(&self) -> &Label {
        &self.label
    }

    pub(super) fn rename(&mut self, name: impl Into<String>) {
        self.label.rename(name);
    }

    pub(super) fn is_open(&self) -> bool {
        let inside = self.inside();
        inside.alone.is_none() && inside.sharing.is_empty()
    }

    /// Entra, esperando lo que haga falta.
    pub(super) fn enter(&self, mode: Mode) {
        if !point() {
            return;
        }
        if !self.step_in(mode) {
            note(|run, story| {
                let holders = story.held_by(self.label.object(), me(), run);
                format!("espera {}{holders}", self.label.shown(story))
            });
            let waiting = Waiting::ForHolders {
                object: self.label.object(),
                label: self.shown(),
            };
            wait_for(waiting, || self.step_in(mode).then_some(()), &self.queue);
        }
        self.entered(mode);
    }

    /// Entra si puede hacerlo ya.
    pub(super) fn try_enter(&self, mode: Mode) -> bool {
        if !point() {
            return true;
        }
        let entered = self.step_in(mode);
        if entered {
            self.entered(mode);
        } else {
            note(|run, story| {
                let holders = story.held_by(self.label.object(), me(), run);
                format!("no puede coger {}{holders}", self.label.shown(story))
            });
        }
        entered
    }

    /// Sale, y avisa a los que esperan. Otro hilo puede colarse justo antes.
    pub(super) fn leave(&self, mode: Mode) {
        if is_over() {
            return;
        }
        point();
        self.step_out(mode);
        note(|_, story| format!("suelta {}", self.label.shown(story)));
        self.queue.wake_all();
    }

    /// Sale sin que nadie pueda colarse antes: lo cuenta quien llama.
    pub(super) fn leave_at_once(&self) {
        if !is_over() {
            self.step_out(Mode::Alone);
            self.queue.wake_all();
        }
    }

    fn entered(&self, mode: Mode) {
        let how = match mode {
            Mode::Alone => self.verbs[0],
            Mode::Shared => self.verbs[1],
        };
        note(|_, story| format!("coge {}{how}", self.label.shown(story)));
        holds(self.label.object(), me(), true);
    }

    fn step_in(&self, mode: Mode) -> bool {
        let mut inside = self.inside();
        let fits = inside.alone.is_none() && (mode == Mode::Shared || inside.sharing.is_empty());
        if fits {
            match mode {
                Mode::Alone => inside.alone = Some(me()),
                Mode::Shared => inside.sharing.push(me()),
            }
        }
        fits
    }

    fn step_out(&self, mode: Mode) {
        let mut inside = self.inside();
        match mode {
            Mode::Alone => inside.alone = None,
            Mode::Shared => {
                if let Some(at) = inside.sharing.iter().position(|thread| *thread == me()) {
                    inside.sharing.swap_remove(at);
                }
            }
        }
        drop(inside);
        holds(self.label.object(), me(), false);
    }

    fn shown(&self) -> String {
        crate::engine::with(|run| {
            let mut shown = String::new();
            run.tell(|story| shown = self.label.shown(story));
            shown
        })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
