//! El proceso del servidor, y la tubería por la que se le pregunta.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use std::{env, io, thread};

use super::ServerError;
use super::error::Cause;

/// Contestar cuesta microsegundos: el que no lo hace en esto es que no va a hacerlo.
const LIMIT: Duration = Duration::from_secs(10);

/// El proceso, mientras viva este valor: soltarlo lo mata y lo recoge.
pub(super) struct Program {
    child: Child,
    orders: Option<ChildStdin>,
    answers: Receiver<String>,
    /// Por qué ya no se le puede preguntar.
    broken: Option<ServerError>,
}

impl Program {
    /// Dónde está: lo que dice `CONCURRENCIA_SERVER`.
    pub(super) fn path() -> Result<PathBuf, ServerError> {
        match env::var_os("CONCURRENCIA_SERVER") {
            Some(path) if !path.is_empty() => Ok(path.into()),
            _ => Err(ServerError::new(Cause::Missing(None))),
        }
    }

    /// Lo lanza y espera a la línea que escribe cuando está listo.
    pub(super) fn launch(
        path: &Path,
        seed: u64,
        scale: f64,
    ) -> Result<(Program, String), ServerError> {
        let mut child = Command::new(path)
            .args([format!("--semilla={seed}"), format!("--escala={scale}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => ServerError::new(Cause::Missing(Some(path.to_owned()))),
                _ => ServerError::from(error),
            })?;
        let orders = child.stdin.take();
        let stdout = child.stdout.take().expect("se pidió su salida");
        let (read, answers) = mpsc::channel();
        let mut program = Program {
            child,
            orders,
            answers,
            broken: None,
        };
        // Un hilo y no una lectura directa: leer de una tubería no tiene plazo. Acaba con el programa.
        thread::Builder::new()
            .name("servidor de prácticas".to_owned())
            .spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    if read.send(line).is_err() {
                        break;
                    }
                }
            })?;
        let ready = program.answer(LIMIT)?;
        Ok((program, ready))
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Le da una orden y espera su respuesta.
    pub(super) fn ask(&mut self, order: &str) -> Result<String, ServerError> {
        self.ask_timeout(order, LIMIT)
    }

    pub(super) fn ask_timeout(
        &mut self,
        order: &str,
        limit: Duration,
    ) -> Result<String, ServerError> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let orders = self.orders.as_mut().expect("abierta hasta que se suelta");
        if orders.write_all(format!("{order}\n").as_bytes()).is_err() {
            return Err(self.died());
        }
        self.answer(limit)
    }

    fn answer(&mut self, limit: Duration) -> Result<String, ServerError> {
        match self.answers.recv_timeout(limit) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Disconnected) => Err(self.died()),
            // Si contestara más tarde, su respuesta se tomaría por la de la pregunta siguiente.
            Err(RecvTimeoutError::Timeout) => Err(self.stop(Cause::Timeout(limit))),
        }
    }

    fn died(&mut self) -> ServerError {
        self.orders = None;
        // Ha cerrado su salida: ha muerto o está en ello. Si no, que no se haga esperar.
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        let error = ServerError::new(Cause::Died(status));
        self.broken = Some(error.clone());
        error
    }

    fn stop(&mut self, cause: Cause) -> ServerError {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let error = ServerError::new(cause);
        self.broken = Some(error.clone());
        error
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // No tiene nada que guardar; con `wait` no queda en la tabla de procesos.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
