//! El libro de un trabajador del pool: qué ha empezado, qué ha acabado y con qué resultado.
//!
//! Está en una memoria que ven los dos procesos, así que lo apuntado no se pierde aunque el trabajador muera en la
//! instrucción siguiente: el padre sabe qué tarea lo mató, cuáles están hechas y cuáles no llegó a empezar.
//!
//! ```text
//!  0  reparto    límite << 32 | siguiente    lo tocan los dos: el hijo coge, el padre retira
//!  8  apuntado   entradas << 32 | bytes      lo escribe el hijo
//! 16  trabajado  ns dedicados a las tareas   lo escribe el hijo
//! 64  entradas   [u32 estado y tamaño][resultado]…
//!  …  momentos   [u64 empezó][u64 acabó] de cada tarea, si hay una captura abierta; los escribe el hijo
//! ```

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::memory;
use super::raw::SharedMemory;

const SHARE: usize = 0;
const WRITTEN: usize = 8;
const WORKED: usize = 16;
const ENTRIES: usize = 64;

/// Lo que ocupan las entradas de un lote, como mucho. Solo gasta memoria lo que se usa.
const CAPACITY: usize = 1 << 20;

/// Las tareas que caben en un lote.
pub(super) const MAX_BATCH: usize = 1 << 14;

/// Lo que ocupa una entrada, además del resultado.
const ENTRY: usize = 4;

const TIMES: usize = ENTRIES + CAPACITY;

/// Lo que ocupan los dos momentos de una tarea.
const TIME: usize = 16;

/// En qué quedó una tarea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Done = 0,
    Panicked = 1,
    Undeliverable = 2,
}

impl Status {
    pub(super) fn from_bits(bits: u8) -> Status {
        match bits {
            0 => Status::Done,
            1 => Status::Panicked,
            _ => Status::Undeliverable,
        }
    }
}

/// La cabecera de una entrada: en qué quedó, si el resultado va aparte (en un mensaje) y cuánto ocupa aquí.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) status: Status,
    pub(super) apart: bool,
    pub(super) len: usize,
}

impl Header {
    fn to_bytes(self) -> [u8; ENTRY] {
        ((self.status as u32) << 29 | u32::from(self.apart) << 31 | self.len as u32).to_le_bytes()
    }

    /// La primera entrada de `entries` y lo que hay detrás de su cabecera.
    #[inline]
    pub(super) fn split(entries: &[u8]) -> Option<(Header, &[u8])> {
        let (header, rest) = entries.split_first_chunk::<ENTRY>()?;
        let bits = u32::from_le_bytes(*header);
        let header = Header {
            status: Status::from_bits((bits >> 29 & 3) as u8),
            apart: bits >> 31 == 1,
            len: (bits & 0x1fff_ffff) as usize,
        };
        Some((header, rest))
    }
}

/// Por dónde va el apunte: cuántas entradas y cuántos bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ledger {
    memory: SharedMemory,
}

impl Ledger {
    pub(super) fn new() -> io::Result<Ledger> {
        let memory = memory::anonymous(TIMES + TIME * MAX_BATCH)?;
        Ok(Ledger { memory })
    }

    /// El mismo libro, para mandarlo.
    pub(super) fn try_clone(&self) -> io::Result<Ledger> {
        let memory = SharedMemory::map(self.memory.fd().try_clone()?)?;
        Ok(Ledger { memory })
    }

    fn began(&self, task: usize) -> &AtomicU64 {
        self.memory.atomic_u64(TIMES + TIME * task)
    }

    fn ended(&self, task: usize) -> &AtomicU64 {
        self.memory.atomic_u64(TIMES + TIME * task + 8)
    }

    fn share(&self) -> &AtomicU64 {
        self.memory.atomic_u64(SHARE)
    }

    fn written(&self) -> &AtomicU64 {
        self.memory.atomic_u64(WRITTEN)
    }

    // EL PADRE

    /// Empieza un lote de `count` tareas. El hijo no tiene ninguno entre manos.
    pub(super) fn open(&self, count: usize) {
        self.written().store(0, Ordering::Relaxed);
        self.memory.atomic_u64(WORKED).store(0, Ordering::Relaxed);
        // Lo de arriba se ve antes que el lote: `claim` lee con Acquire.
        self.share().store((count as u64) << 32, Ordering::Release);
    }

    /// Como [`open`](Ledger::open), y el hijo apuntará cuándo empieza y cuándo acaba cada tarea.
    pub(super) fn open_timed(&self, count: usize) {
        for task in 0..count {
            self.began(task).store(0, Ordering::Relaxed);
            self.ended(task).store(0, Ordering::Relaxed);
        }
        self.open(count);
    }

    /// Cuándo empezó la tarea número `task` del lote, si ha empezado; y, si ha acabado, cuándo y si fue en pánico.
    pub(super) fn times(&self, task: usize) -> Option<(u64, Option<(u64, bool)>)> {
        let began = self.began(task).load(Ordering::Acquire);
        let ended = self.ended(task).load(Ordering::Acquire);
        (began > 0).then(|| (began, (ended > 0).then_some((ended >> 1, ended & 1 == 1))))
    }

    /// Cuántas tareas del lote ha empezado y cuántas le quedan asignadas en total.
    pub(super) fn progress(&self) -> (usize, usize) {
        unpack(self.share().load(Ordering::Acquire))
    }

    /// Retira las tareas sin empezar, salvo `leave`. Devuelve desde cuál, y hasta cuál llegaba el lote.
    pub(super) fn withdraw(&self, leave: usize) -> Option<(usize, usize)> {
        let mut from = 0;
        let taken = self
            .share()
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |share| {
                let (next, limit) = unpack(share);
                from = next + leave;
                (from < limit).then(|| pack(next, from))
            });
        taken.ok().map(|share| (from, unpack(share).1))
    }

    /// Hasta dónde hay apuntado.
    pub(super) fn mark(&self) -> Mark {
        let (bytes, entries) = unpack(self.written().load(Ordering::Acquire));
        Mark { entries, bytes }
    }

    /// Las entradas que hay entre dos marcas.
    pub(super) fn entries(&self, from: Mark, to: Mark) -> Vec<u8> {
        let mut entries = Vec::new();
        // Lo apuntado no cambia hasta el lote siguiente.
        self.memory
            .read(ENTRIES + from.bytes, to.bytes - from.bytes, &mut entries);
        entries
    }

    /// Lo que el hijo ha dedicado a las tareas del lote.
    pub(super) fn worked(&self) -> Duration {
        Duration::from_nanos(self.memory.atomic_u64(WORKED).load(Ordering::Relaxed))
    }

    // EL HIJO

    /// Coge la tarea siguiente del lote, si queda alguna. A partir de aquí es suya.
    pub(super) fn claim(&self) -> Option<usize> {
        self.share()
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |share| {
                let (next, limit) = unpack(share);
                (next < limit).then(|| pack(next + 1, limit))
            })
            .ok()
            .map(|share| unpack(share).0)
    }

    /// Apunta cuándo ha empezado la tarea número `task` del lote.
    pub(super) fn set_began(&self, task: usize, at: u64) {
        self.began(task).store(at, Ordering::Release);
    }

    /// Apunta cuándo ha acabado y si fue en pánico.
    pub(super) fn set_ended(&self, task: usize, at: u64, panicked: bool) {
        let word = at << 1 | u64::from(panicked);
        self.ended(task).store(word, Ordering::Release);
    }

    /// Apunta el resultado de una tarea. Si no cabe, apunta que va aparte y devuelve `false`.
    pub(super) fn append(&self, status: Status, result: &[u8], fits_here: bool) -> bool {
        let Mark { entries, bytes } = self.mark();
        // Se guarda sitio para las cabeceras de todas las que falten.
        let reserved = ENTRY * (MAX_BATCH - entries);
        let here = fits_here && bytes + result.len() + reserved <= CAPACITY;
        let len = if here { result.len() } else { 0 };
        let header = Header {
            status,
            apart: !here,
            len,
        };
        let at = ENTRIES + bytes;
        self.memory.write(at, &header.to_bytes());
        self.memory.write(at + ENTRY, &result[..len]);
        // Release: quien lea la marca nueva ve la entrada entera.
        self.written()
            .store(pack(bytes + ENTRY + len, entries + 1), Ordering::Release);
        here
    }

    /// Apunta lo dedicado a las tareas del lote.
    pub(super) fn set_worked(&self, worked: Duration) {
        let nanos = u64::try_from(worked.as_nanos()).unwrap_or(u64::MAX);
        self.memory
            .atomic_u64(WORKED)
            .store(nanos, Ordering::Relaxed);
    }
}

fn pack(low: usize, high: usize) -> u64 {
    (high as u64) << 32 | low as u64
}

fn unpack(word: u64) -> (usize, usize) {
    ((word & 0xffff_ffff) as usize, (word >> 32) as usize)
}
