//! Lo que no se puede escribir sin `unsafe`: encontrar una función en las imágenes cargadas, llamarla en otro proceso
//! y mirar la memoria que comparten varios.

#![allow(
    unsafe_code,
    reason = "una dirección que cambia de proceso y la memoria compartida no tienen forma segura en std; todo el \
              `unsafe` de `process` está en este archivo"
)]

use std::error::Error;
use std::ffi::{CStr, c_void};
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::{mem, ptr, slice};

use bytemuck::Pod;
use memmap2::{MmapOptions, MmapRaw};
use serde::{Deserialize, Serialize};

use super::function::Entry;
use super::lock::RawGuard;
use super::worker;

/// Cuántos bytes de código acompañan a una dirección para comprobar que es la misma función.
const PRINT: usize = 16;

/// Dónde está una función, dicho de forma que otro proceso la encuentre.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Location {
    /// La biblioteca que la contiene; vacía si es el propio ejecutable.
    pub(super) image: String,
    /// A qué distancia del comienzo de la imagen.
    offset: usize,
    /// El principio de su código, que no depende de dónde se cargue.
    print: [u8; PRINT],
}

impl Location {
    /// Dónde está `entry` en este proceso, o nada si no está en ninguna imagen con nombre.
    pub(super) fn of(entry: Entry) -> Option<Location> {
        let address = entry as usize;
        let mut found = None;
        images::each(|image| {
            if !image.contains(address) {
                return ControlFlow::Continue(());
            }
            found = image
                .name
                .to_str()
                .ok()
                .map(|name| (name.to_owned(), image.base));
            ControlFlow::Break(())
        });
        let (image, base) = found?;
        Some(Location {
            image,
            offset: address - base,
            print: print(address),
        })
    }

    /// La función, en este proceso; carga su biblioteca si aún no estaba.
    ///
    /// El error dice qué biblioteca falta o no es la misma.
    pub(super) fn resolve(&self) -> Result<Entry, String> {
        let image = &self.image;
        if !image.is_empty() {
            // SAFETY: cargar una biblioteca ejecuta sus constructores. Es la de una celda (o la de este crate) que el
            // proceso padre ya tiene cargada, compilada por el mismo rustc y enlazada con la misma std.
            let library = unsafe { libloading::Library::new(image) }.map_err(|error| {
                // El porqué de `dlopen` está detrás.
                let why = error
                    .source()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                format!(
                    "no se puede cargar «{image}», donde está la función ({why}): vuelve a ejecutar su celda"
                )
            })?;
            // Nunca se descarga: puede haber dejado hilos, `static` y punteros a su código.
            mem::forget(library);
        }
        let mut base = None;
        images::each(|loaded| {
            if loaded.name.to_bytes() != image.as_bytes() {
                return ControlFlow::Continue(());
            }
            base = Some((
                loaded.base,
                loaded.contains(loaded.base.wrapping_add(self.offset)),
            ));
            ControlFlow::Break(())
        });
        let Some((base, true)) = base else {
            return Err(format!(
                "«{image}» está cargada, pero la función no cae dentro"
            ));
        };
        let address = base + self.offset;
        if print(address) != self.print {
            return Err(format!(
                "«{image}» ha cambiado desde que se compiló la celda"
            ));
        }
        // SAFETY: la dirección cae dentro de un segmento de la imagen que nombró el padre y su código empieza por los
        // mismos bytes que allí, donde era un `Entry`. El mismo rustc compiló las dos: la misma firma, la misma ABI.
        Ok(unsafe { mem::transmute::<usize, Entry>(address) })
    }
}

/// Los primeros bytes de código de una función.
fn print(address: usize) -> [u8; PRINT] {
    // SAFETY: quien llama acaba de ver que la dirección cae dentro de un segmento cargado. Una función de este crate
    // (decodificar, llamar, codificar) ocupa mucho más que `PRINT`, así que la lectura no se sale.
    unsafe { ptr::read_unaligned(address as *const [u8; PRINT]) }
}

/// El valor de una función o clausura que no captura nada: no ocupa, así que no hay nada que llevar.
pub(super) fn conjure<F>() -> F {
    const {
        assert!(
            size_of::<F>() == 0,
            "esta clausura captura variables (o es un puntero a función) y no puede viajar a otro proceso: escribe \
             una `fn` con nombre, o una clausura que no capture, y pasa lo que necesite como argumento"
        );
    }
    // SAFETY: `F` no ocupa nada, así que cualquier dirección alineada sirve para leerla; quien llama tuvo en el proceso
    // padre un valor de ese tipo, luego el tipo está habitado. Es una función: no hay `Drop` que se repita.
    unsafe { ptr::NonNull::<F>::dangling().read() }
}

/// Dónde está la biblioteca con este crate, si es una biblioteca (en el cuaderno lo es).
pub(super) fn own_library() -> Option<String> {
    let address = concurrencia_worker as *const () as usize;
    let mut found = None;
    images::each(|image| {
        if image.contains(address) {
            found = image.name.to_str().ok().map(str::to_owned);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    found.filter(|name| !name.is_empty())
}

/// El símbolo por el que el núcleo, lanzado como proceso hijo, entra en este crate.
pub(super) const WORKER_SYMBOL: &str = "concurrencia_worker";

/// El punto de entrada de un proceso hijo en el cuaderno. No vuelve.
///
/// Lo llama el ejecutor de evcxr con su almacén de variables, que aquí no hace falta.
// SAFETY: el nombre lleva el del crate delante: no choca con otro símbolo.
#[unsafe(no_mangle)]
extern "C" fn concurrencia_worker(_variables: *mut c_void) -> *mut c_void {
    worker::run()
}

/// Acaba el proceso ya: sin destructores ni `atexit`, que podrían tropezar con hilos que siguen trabajando.
pub(super) fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` no toca la memoria del proceso; solo lo acaba.
    unsafe { libc::_exit(code) }
}

/// Una memoria anónima que ven a la vez todos los procesos a los que llega su descriptor.
///
/// No tiene nombre en ninguna carpeta y desaparece con el último que la tenga.
#[derive(Debug)]
pub(super) struct SharedMemory {
    map: MmapRaw,
    fd: OwnedFd,
}

impl SharedMemory {
    /// Ve entera la memoria de `fd`, que puede venir de otro proceso.
    pub(super) fn map(fd: OwnedFd) -> std::io::Result<SharedMemory> {
        let map = MmapRaw::map_raw(&fd)?;
        Ok(SharedMemory { map, fd })
    }

    /// Ve solo los primeros `len` bytes, que no se le pueden quitar: lo demás puede crecer y menguar.
    pub(super) fn map_start(fd: OwnedFd, len: usize) -> std::io::Result<SharedMemory> {
        let map = MmapOptions::new().len(len).map_raw(&fd)?;
        Ok(SharedMemory { map, fd })
    }

    pub(super) fn fd(&self) -> &OwnedFd {
        &self.fd
    }

    /// Cuántos bytes tiene.
    pub(super) fn len(&self) -> usize {
        self.map.len()
    }

    /// El entero atómico que hay a `offset` bytes del comienzo.
    pub(super) fn atomic_u32(&self, offset: usize) -> &AtomicU32 {
        // SAFETY: dentro y alineado (lo comprueba `at`); todos los procesos tocan esos bytes solo como atómicos.
        unsafe { AtomicU32::from_ptr(self.at::<u32>(offset, 1)) }
    }

    /// El entero atómico que hay a `offset` bytes del comienzo.
    pub(super) fn atomic_u64(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: como en `atomic_u32`.
        unsafe { AtomicU64::from_ptr(self.at::<u64>(offset, 1)) }
    }

    /// Escribe `bytes` a partir de `offset`. Quien llama ordena a los procesos con un atómico o un cerrojo.
    pub(super) fn write(&self, offset: usize, bytes: &[u8]) {
        let to = self.at::<u8>(offset, bytes.len());
        // SAFETY: el destino cae dentro y el origen es memoria de este proceso: no se solapan. Se copia por puntero,
        // sin crear una referencia a una memoria que otro puede estar leyendo.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) }
    }

    /// Añade a `into` los `len` bytes que hay a partir de `offset`.
    pub(super) fn read(&self, offset: usize, len: usize, into: &mut Vec<u8>) {
        let from = self.at::<u8>(offset, len);
        into.reserve(len);
        // SAFETY: el origen cae dentro, hay sitio para `len` bytes más y tras la copia están todos escritos.
        unsafe {
            ptr::copy_nonoverlapping(from, into.as_mut_ptr().add(into.len()), len);
            into.set_len(into.len() + len);
        }
    }

    /// Lo que hay en la memoria, cuando ya nadie va a escribir en ella (el mensaje que acaba de llegar).
    pub(super) fn sealed(&self, len: usize) -> &[u8] {
        let from = self.at::<u8>(0, len);
        // SAFETY: cae dentro. Quien la llenó la mandó en un mensaje y se desprendió de ella: nadie más la escribe.
        unsafe { slice::from_raw_parts(from, len) }
    }

    /// Los `len` valores que hay a partir de `offset`, mientras se tiene `guard`, el cerrojo que los protege.
    ///
    /// # Panics
    ///
    /// Si el cerrojo no está en esta misma memoria.
    pub(super) fn locked<'a, T: Pod>(
        &'a self,
        offset: usize,
        len: usize,
        guard: &'a RawGuard<'_>,
    ) -> &'a [T] {
        let from = self.guarded(offset, len, guard);
        // SAFETY: dentro y alineado. Solo quien tiene el cerrojo, de todos los procesos, mira estos bytes, y mientras
        // viva la referencia lo tiene prestado sin exclusiva: nadie los escribe. Cualquier patrón de bits es un `T: Pod`.
        unsafe { slice::from_raw_parts(from, len) }
    }

    /// Como [`locked`](SharedMemory::locked), para escribir en ellos.
    pub(super) fn locked_mut<'a, T: Pod>(
        &'a self,
        offset: usize,
        len: usize,
        guard: &'a mut RawGuard<'_>,
    ) -> &'a mut [T] {
        let from = self.guarded(offset, len, guard);
        // SAFETY: como en `locked`, y aquí el cerrojo está prestado en exclusiva: no hay otra referencia.
        unsafe { slice::from_raw_parts_mut(from, len) }
    }

    fn guarded<T>(&self, offset: usize, len: usize, guard: &RawGuard<'_>) -> *mut T {
        assert!(
            guard.is_in(self),
            "el cerrojo y lo que protege están en la misma memoria"
        );
        self.at(offset, len)
    }

    /// El puntero a `len` valores a `offset` bytes del comienzo, comprobado.
    fn at<T>(&self, offset: usize, len: usize) -> *mut T {
        let end = len
            .checked_mul(size_of::<T>())
            .and_then(|size| size.checked_add(offset));
        // El mapa empieza al principio de una página, pero un tipo puede pedir más alineación que la de una página.
        let from = self.map.as_mut_ptr().wrapping_add(offset).cast::<T>();
        assert!(
            end.is_some_and(|end| end <= self.len()) && from.is_aligned(),
            "fuera de la memoria compartida: {len} valores en {offset} de {}",
            self.len()
        );
        from
    }
}

/// Las imágenes (el ejecutable y sus bibliotecas) cargadas en este proceso.
#[cfg(target_os = "linux")]
mod images {
    use super::{CStr, ControlFlow, c_void, slice};

    pub(super) struct Image<'a> {
        /// La ruta con la que se cargó; vacía, la del ejecutable.
        pub(super) name: &'a CStr,
        pub(super) base: usize,
        segments: &'a [libc::Elf64_Phdr],
    }

    impl Image<'_> {
        pub(super) fn contains(&self, address: usize) -> bool {
            self.segments
                .iter()
                .filter(|segment| segment.p_type == libc::PT_LOAD)
                .any(|segment| {
                    let start = self.base.wrapping_add(segment.p_vaddr as usize);
                    (start..start.wrapping_add(segment.p_memsz as usize)).contains(&address)
                })
        }
    }

    /// Pasa por todas hasta que `visit` diga basta.
    pub(super) fn each<V: FnMut(&Image<'_>) -> ControlFlow<()>>(mut visit: V) {
        // SAFETY: el segundo argumento es lo que `step` recibe como dato, y vive hasta que la llamada vuelve.
        unsafe { libc::dl_iterate_phdr(Some(step::<V>), (&raw mut visit).cast()) };
    }

    unsafe extern "C" fn step<V: FnMut(&Image<'_>) -> ControlFlow<()>>(
        info: *mut libc::dl_phdr_info,
        _size: usize,
        visit: *mut c_void,
    ) -> i32 {
        // SAFETY: el cargador da una `info` válida mientras dura la llamada y `visit` es el que pasó `each`.
        let (info, visit) = unsafe { (&*info, &mut *visit.cast::<V>()) };
        let image = Image {
            // SAFETY: una cadena de C del cargador, que no cambia mientras dura la llamada (nunca es nula).
            name: unsafe { CStr::from_ptr(info.dlpi_name) },
            base: info.dlpi_addr as usize,
            // SAFETY: `dlpi_phnum` cabeceras a partir de `dlpi_phdr`, también del cargador.
            segments: unsafe {
                slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum))
            },
        };
        i32::from(visit(&image).is_break())
    }
}

/// Las imágenes (el ejecutable y sus bibliotecas) cargadas en este proceso.
#[cfg(target_os = "macos")]
mod images {
    use super::{CStr, ControlFlow, mem};

    pub(super) struct Image<'a> {
        /// La ruta con la que se cargó; vacía, la del ejecutable.
        pub(super) name: &'a CStr,
        pub(super) base: usize,
    }

    impl Image<'_> {
        pub(super) fn contains(&self, address: usize) -> bool {
            // SAFETY: `Dl_info` son punteros: todo ceros es un valor válido.
            let mut info: libc::Dl_info = unsafe { mem::zeroed() };
            // SAFETY: `dladdr` admite cualquier dirección y escribe en una `Dl_info` de este hilo.
            let known = unsafe { libc::dladdr(address as *const _, &raw mut info) } != 0;
            known && info.dli_fbase as usize == self.base
        }
    }

    /// Pasa por todas hasta que `visit` diga basta.
    #[allow(
        deprecated,
        reason = "las declara libc; lo contrario sería un paquete más"
    )]
    pub(super) fn each(mut visit: impl FnMut(&Image<'_>) -> ControlFlow<()>) {
        // SAFETY: estas tres llamadas no piden nada; con un índice de más devuelven nulo.
        for index in 0..unsafe { libc::_dyld_image_count() } {
            // SAFETY: como arriba.
            let (header, name) = unsafe {
                (
                    libc::_dyld_get_image_header(index),
                    libc::_dyld_get_image_name(index),
                )
            };
            if header.is_null() || name.is_null() {
                continue;
            }
            let image = Image {
                // SAFETY: una cadena de C de dyld; ninguna imagen se descarga (`resolve` las olvida).
                name: if index == 0 {
                    c""
                } else {
                    unsafe { CStr::from_ptr(name) }
                },
                base: header as usize,
            };
            if visit(&image).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::function;

    fn suma(a: u8, b: u8) -> u8 {
        a + b
    }

    fn location() -> Location {
        Location::of(function::entry::<_, (u8, u8)>(&suma)).unwrap()
    }

    #[test]
    fn una_funcion_se_encuentra_a_si_misma() {
        let entry = function::entry::<_, (u8, u8)>(&suma);
        assert_eq!(location().resolve().unwrap() as usize, entry as usize);
    }

    #[test]
    fn una_biblioteca_que_ya_no_esta_es_un_error_que_la_nombra() {
        let gone = Location {
            image: "/no/existe/libcelda.so".to_owned(),
            ..location()
        };
        assert!(
            gone.resolve()
                .unwrap_err()
                .contains("/no/existe/libcelda.so")
        );
    }

    #[test]
    fn una_funcion_que_ha_cambiado_no_se_llama() {
        let mut changed = location();
        changed.print[0] ^= 1;
        assert!(changed.resolve().unwrap_err().contains("ha cambiado"));
        let mut outside = location();
        outside.offset = usize::MAX / 2;
        assert!(outside.resolve().unwrap_err().contains("no cae dentro"));
    }
}
