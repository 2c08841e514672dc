//! La carpeta temporal con el arnés y los guiones de una carrera.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Script;

/// Los guiones van a archivos, y no a `-c`, porque los procesos que Python crea con `spawn` los vuelven a importar.
pub(super) struct Workspace(PathBuf);

impl Workspace {
    pub(super) fn new<'a>(scripts: impl IntoIterator<Item = &'a Script>) -> io::Result<Workspace> {
        let workspace = Workspace(private_folder()?);
        fs::write(workspace.harness(), include_str!("arnes.py"))?;
        let folder = workspace.0.join("guiones");
        fs::create_dir(&folder)?;
        fs::write(folder.join("__init__.py"), "")?;
        for script in scripts {
            fs::write(
                folder.join(format!("{}.py", script.name())),
                script.source(),
            )?;
        }
        Ok(workspace)
    }

    pub(super) fn harness(&self) -> PathBuf {
        self.0.join("arnes.py")
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Una carpeta nueva, que solo puede abrir quien la crea: lo que hay dentro se va a ejecutar.
fn private_folder() -> io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("concurrencia-carrera-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
