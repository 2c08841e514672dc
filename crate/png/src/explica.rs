//! Por qué un SVG no vale: qué le pasa y en qué línea.

use resvg::usvg::Error;
use resvg::usvg::roxmltree::Error as ErrorDeXml;

/// El error, con su línea y su columna si las tiene.
pub(crate) fn en_espanol(error: &Error) -> String {
    match error {
        Error::NotAnUtf8Str => "no es texto UTF-8".to_owned(),
        Error::SvgzFeatureNotEnabled | Error::MalformedGZip => {
            "está comprimido (SVGZ): descomprímelo antes".to_owned()
        }
        Error::ElementsLimitReached => "tiene más de un millón de elementos".to_owned(),
        Error::InvalidSize => {
            "no tiene tamaño: hacen falta «width» y «height», o «viewBox», mayores que cero"
                .to_owned()
        }
        Error::ParsingFailed(error) => del_xml(error),
    }
}

fn del_xml(error: &ErrorDeXml) -> String {
    let que = match error {
        ErrorDeXml::UnexpectedCloseTag(abierta, cerrada, _) => {
            format!("se abre «{abierta}» y se cierra «{cerrada}»")
        }
        ErrorDeXml::UnknownEntityReference(nombre, _) => {
            format!("no existe la entidad «&{nombre};»")
        }
        ErrorDeXml::MalformedEntityReference(_) => {
            "hay un «&» suelto: se escribe «&amp;»".to_owned()
        }
        ErrorDeXml::InvalidAttributeValue(_) => {
            "hay un «<» en un atributo: se escribe «&lt;»".to_owned()
        }
        ErrorDeXml::DuplicatedAttribute(nombre, _) => {
            format!("el atributo «{nombre}» está dos veces")
        }
        ErrorDeXml::UnknownNamespace(prefijo, _) => {
            format!("no se declara el prefijo «{prefijo}» (xmlns:{prefijo})")
        }
        ErrorDeXml::NonXmlChar(caracter, _) => format!("XML no admite el carácter {caracter:?}"),
        ErrorDeXml::InvalidName(_) => "hay un nombre que no vale".to_owned(),
        ErrorDeXml::InvalidChar(esperado, hallado, _) => format!(
            "se esperaba «{}» y hay «{}»",
            char::from(*esperado),
            hallado.escape_ascii()
        ),
        ErrorDeXml::InvalidComment(_) => "hay un «--» dentro de un comentario".to_owned(),
        ErrorDeXml::InvalidCharacterData(_) => "hay un «]]>» dentro de un texto".to_owned(),
        // Estos no dicen dónde: el documento se acaba.
        ErrorDeXml::NoRootNode => return "no hay ningún elemento: ¿está vacío?".to_owned(),
        ErrorDeXml::UnclosedRootNode | ErrorDeXml::UnexpectedEndOfStream => {
            return "se acaba antes de tiempo: falta cerrar algún elemento".to_owned();
        }
        ErrorDeXml::UnknownToken(_) => "esto no es XML".to_owned(),
        // Los demás no salen de un dibujo escrito por un programa: basta lo que dice el analizador.
        otro => format!("no es XML bien formado ({otro})"),
    };
    let donde = error.pos();
    format!("línea {}, columna {}: {que}", donde.row, donde.col)
}
