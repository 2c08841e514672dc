//! Qué proceso tiene algo de la memoria compartida, dicho en 31 bits, y si sigue vivo.

use std::process;
use std::sync::OnceLock;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// Los bits del PID: Linux no pasa de 2²², ni macOS de 100 000.
const PID_BITS: u32 = 22;

/// El número de este proceso: su PID y, detrás, su [seña](mark). Nunca es 0 ni usa el último bit.
pub(super) fn me() -> u32 {
    static ME: OnceLock<u32> = OnceLock::new();
    *ME.get_or_init(|| {
        let pid = process::id();
        pid | mark(pid).unwrap_or(0) << PID_BITS
    })
}

/// El PID que hay en el número de un proceso.
pub(super) fn pid(owner: u32) -> u32 {
    owner & ((1 << PID_BITS) - 1)
}

/// ¿Sigue vivo? Un proceso que ya ha muerto y que nadie ha recogido no lo está.
pub(super) fn is_alive(owner: u32) -> bool {
    let pid = pid(owner);
    let Some(raw) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return false;
    };
    if test_kill_process(raw) == Err(Errno::SRCH) {
        return false;
    }
    match owner >> PID_BITS {
        // Sin seña no hay más que mirar: está.
        0 => true,
        known => mark(pid) == Some(known),
    }
}

/// La seña de un proceso vivo, si el sistema la da: de 1 a 511, según cuándo se creó.
///
/// El sistema repite los PID, y otro proceso con el mismo PID no es el mismo proceso.
#[cfg(target_os = "linux")]
fn mark(pid: u32) -> Option<u32> {
    const MARKS: u64 = (1 << 9) - 1;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // El nombre va entre paréntesis y puede llevar de todo, también paréntesis.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = fields.next()?;
    let started: u64 = fields.nth(18)?.parse().ok()?;
    let dead = matches!(state, "Z" | "X");
    (!dead).then_some((started % MARKS + 1) as u32)
}

#[cfg(not(target_os = "linux"))]
fn mark(_pid: u32) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn este_proceso_esta_vivo_y_es_el_que_dice_ser() {
        assert!(is_alive(me()));
        assert_eq!(pid(me()), process::id());
        assert_eq!(me() >> 31, 0);
    }

    #[test]
    fn un_proceso_recogido_ya_no_esta() {
        let mut child = Command::new("true").spawn().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        assert!(!is_alive(pid));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn un_proceso_muerto_sin_recoger_no_esta_vivo() {
        let stdin = process::Stdio::piped();
        let mut child = Command::new("cat").stdin(stdin).spawn().unwrap();
        let owner = child.id() | mark(child.id()).unwrap() << PID_BITS;
        assert!(is_alive(owner));
        child.kill().unwrap();
        while is_alive(owner) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn otro_proceso_con_el_mismo_pid_no_es_el_mismo() {
        let other = me() ^ 1 << PID_BITS;
        assert!(!is_alive(other));
    }
}
