//! Cifras en español: coma decimal y espacio fino entre millares.

/// Separa los grupos de tres cifras sin dejar que la línea se parta por ahí.
const GROUP: char = '\u{202f}';

/// `value` (no negativo) con esos decimales: `1234.5` es «1234,50»; `12345.0`, «12 345».
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    match plain.split_once('.') {
        Some((whole, fraction)) => format!("{},{fraction}", grouped(whole)),
        None => grouped(&plain),
    }
}

/// `value` (no negativo) con tres cifras significativas: «3,01», «502», «0,0450».
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // La notación científica redondea y dice el exponente *después* de redondear: 9,996 son 1,00e1.
    let scientific = format!("{value:.2e}");
    let exponent: i32 = scientific
        .rsplit('e')
        .next()
        .and_then(|e| e.parse().ok())
        .unwrap_or(0);
    decimal(value, usize::try_from(2 - exponent).unwrap_or(0))
}

/// Agrupa de tres en tres a partir de cinco cifras, como pide la Ortografía.
fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coma_decimal_y_millares_desde_cinco_cifras() {
        assert_eq!(decimal(1234.5, 2), "1234,50");
        assert_eq!(decimal(12345.0, 0), "12\u{202f}345");
        assert_eq!(decimal(1234567.0, 0), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn tres_cifras_significativas_tambien_al_redondear_hacia_arriba() {
        assert_eq!(significant(3.0149), "3,01");
        assert_eq!(significant(9.996), "10,0");
        assert_eq!(significant(0.045), "0,0450");
        assert_eq!(significant(501.7), "502");
        assert_eq!(significant(45678.0), "45\u{202f}678");
        assert_eq!(significant(0.0), "0");
    }
}
