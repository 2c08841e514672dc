//! Los ejercicios de la quinta lección: descargas, carreras y miniaturas.
