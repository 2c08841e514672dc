//! [`pbkdf2_hmac`]: una clave a partir de una contraseña, a propósito despacio.

use sha2::Sha256;

/// Deriva de una contraseña una clave de 32 bytes, con PBKDF2-HMAC-SHA256.
///
/// Da `rounds` vueltas, una detrás de otra: no se puede repartir, pero sí hacer varias claves a la vez. Usa las
/// instrucciones SHA del procesador si las tiene.
///
/// # En Python
///
/// `hashlib.pbkdf2_hmac("sha256", password, salt, rounds)`. Suelta el GIL: con hilos también va en paralelo.
///
/// # A pelo
///
/// `pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, rounds)`.
///
/// # Panics
///
/// Si `rounds` es 0.
///
/// # Examples
///
/// ```
/// use workloads::cpu::pbkdf2_hmac;
///
/// let clave = pbkdf2_hmac(b"password", b"salt", 1000);
/// assert_eq!(clave[..4], [0x63, 0x2c, 0x28, 0x12]);
/// ```
pub fn pbkdf2_hmac(password: impl AsRef<[u8]>, salt: impl AsRef<[u8]>, rounds: u32) -> [u8; 32] {
    assert!(rounds > 0, "hay que dar al menos una vuelta");
    pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password.as_ref(), salt.as_ref(), rounds)
}
