//! Los entornos de Python: las versiones y huellas de sus cerrojos, en `curso/python/`, instaladas con uv.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_progreso, en_el_path, orden, salida_de};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::{Sello, escribe_de_una_vez};
use std::path::{Path, PathBuf};

/// La variable en la que las celdas buscan el Python con el que compararse.
pub(crate) const VARIABLE: &str = "CONCURRENCIA_PYTHON";

const MINIMA: (u32, u32) = (3, 10);

/// uv y sus huellas: lo instala pip, lo único que hay en una máquina con solo Python.
const CERROJO_DE_UV: &str = include_str!("../../python/uv.txt");

/// El intérprete del sistema con el que se crea el entorno.
#[derive(Debug)]
pub(crate) struct Interprete {
    pub(crate) ruta: PathBuf,
    pub(crate) version: String,
}

impl Interprete {
    /// `python3` (o `python`) del PATH, si es lo bastante nuevo.
    pub(crate) fn hallar() -> Resultado<Self> {
        let instalar = format!(
            "instala Python {}.{} o posterior (https://www.python.org, o el gestor de paquetes de tu sistema)",
            MINIMA.0, MINIMA.1
        );
        let ruta = en_el_path("python3")
            .or_else(|| en_el_path("python"))
            .ok_or_else(|| {
                Fallo::nuevo("encontrar Python")
                    .causa("no hay «python3» ni «python» en el PATH")
                    .remedio(instalar.clone())
            })?;
        let mut pregunta = orden(&ruta);
        pregunta.args([
            "-c",
            "import sys; print('.'.join(map(str, sys.version_info[:3])))",
        ]);
        let intento = format!("preguntar su versión a «{}»", ruta.display());
        let version = salida_de(pregunta, &intento)
            .map_err(|f| f.remedio(instalar.clone()))?
            .trim()
            .to_owned();
        let numeros = super::rust::numeros(&version);
        if numeros < vec![u64::from(MINIMA.0), u64::from(MINIMA.1)] {
            return Err(Fallo::nuevo("usar este Python")
                .causa(format!(
                    "«{}» es el {version} y el curso pide {}.{} o posterior",
                    ruta.display(),
                    MINIMA.0,
                    MINIMA.1
                ))
                .remedio(instalar));
        }
        Ok(Interprete { ruta, version })
    }
}

/// Un entorno de Python del proyecto.
#[derive(Debug)]
pub(crate) struct Entorno {
    /// Para qué es, en el progreso y en el diagnóstico.
    pub(crate) titulo: &'static str,
    /// Su carpeta en `.curso/`.
    nombre: &'static str,
    /// Lo que se instala: generado con `uv pip compile` (la orden está en su cabecera). Un cerrojo de este formato lleva
    /// versiones y huellas pero ningún servidor: vale también detrás de una réplica.
    cerrojo: &'static str,
}

/// El de los cuadernos: JupyterLab, y con qué compararse.
pub(crate) const DEL_CURSO: Entorno = Entorno {
    titulo: "entorno de Python",
    nombre: "python",
    cerrojo: include_str!("../../python/cerrojo.txt"),
};

/// El de publicar: Sphinx, nbconvert y con qué manejar el navegador.
pub(crate) const DE_PUBLICAR: Entorno = Entorno {
    titulo: "entorno para publicar",
    nombre: "publicar",
    cerrojo: include_str!("../../python/publicar.txt"),
};

impl Entorno {
    pub(crate) fn carpeta(&self, proyecto: &Proyecto) -> PathBuf {
        proyecto.generado().join(self.nombre)
    }

    pub(crate) fn python(&self, proyecto: &Proyecto) -> PathBuf {
        self.carpeta(proyecto).join("bin").join("python")
    }

    fn sello(&self, proyecto: &Proyecto) -> Sello {
        Sello::de(proyecto, self.nombre, &[self.cerrojo, CERROJO_DE_UV])
    }

    /// Si está, es el de este cerrojo y su intérprete sigue en su sitio.
    pub(crate) fn esta(&self, proyecto: &Proyecto) -> bool {
        self.sello(proyecto).vale() && self.python(proyecto).exists()
    }

    /// Lo crea si falta o si el cerrojo ha cambiado.
    pub(crate) fn asegurar(&self, proyecto: &Proyecto) -> Resultado {
        if self.esta(proyecto) {
            return Ok(());
        }
        let interprete = Interprete::hallar()?;
        let sello = self.sello(proyecto);
        sello.rompe()?;
        let paso = Paso::nuevo(self.titulo, "menos de un minuto");
        paso.dice("uv");
        let uv = asegurar_uv(proyecto, &interprete, &paso)?;
        paso.dice("paquetes");
        let mut crea = con_uv(proyecto, &uv);
        crea.args([
            "venv",
            "--quiet",
            "--allow-existing",
            "--no-python-downloads",
            "--python",
        ])
        .arg(&interprete.ruta)
        .arg(self.carpeta(proyecto));
        let intento = format!("crear el {}", self.titulo);
        con_progreso(
            proyecto,
            &paso,
            &format!("{}-venv", self.nombre),
            crea,
            &intento,
        )?;
        let cerrojo = proyecto.generado().join(format!("{}.txt", self.nombre));
        escribe_de_una_vez(&cerrojo, self.cerrojo.as_bytes())?;
        let mut instala = con_uv(proyecto, &uv);
        instala
            .args(["pip", "sync", "--require-hashes", "--python"])
            .arg(self.python(proyecto))
            .arg(&cerrojo);
        let intento = format!("instalar los paquetes del {}", self.titulo);
        con_progreso(
            proyecto,
            &paso,
            &format!("{}-paquetes", self.nombre),
            instala,
            &intento,
        )?;
        sello.pone()?;
        paso.hecho(&format!("Python {}", interprete.version));
        Ok(())
    }
}

/// Dónde lee Jupyter su configuración, de esos datos.
pub(crate) fn configuracion(datos: &Path) -> PathBuf {
    datos.join("config")
}

fn con_uv(proyecto: &Proyecto, uv: &Path) -> std::process::Command {
    let mut orden = orden(uv);
    if std::env::var_os("UV_CACHE_DIR").is_none() {
        orden.env("UV_CACHE_DIR", proyecto.generado().join("cache-uv"));
    }
    orden
        .env("UV_NO_PROGRESS", "1")
        .env("UV_NO_CONFIG", "1")
        .env_remove("VIRTUAL_ENV");
    orden
}

/// Instala el uv fijado en un entorno propio: con pip, que es lo que trae Python.
fn asegurar_uv(proyecto: &Proyecto, interprete: &Interprete, paso: &Paso) -> Resultado<PathBuf> {
    let entorno = proyecto.generado().join("uv");
    let uv = entorno.join("bin").join("uv");
    let sello = Sello::de(proyecto, "uv", &[CERROJO_DE_UV]);
    if sello.vale() && uv.exists() {
        return Ok(uv);
    }
    sello.rompe()?;
    let mut crea = orden(&interprete.ruta);
    crea.args(["-m", "venv", "--clear"]).arg(&entorno);
    con_progreso(
        proyecto,
        paso,
        "uv-venv",
        crea,
        "crear un entorno de Python para uv",
    )
    .map_err(|f| {
        f.remedio(
            "si falta «ensurepip», instala el paquete python3-venv de tu sistema y repite la orden",
        )
    })?;
    let cerrojo = proyecto.generado().join("uv.txt");
    escribe_de_una_vez(&cerrojo, CERROJO_DE_UV.as_bytes())?;
    let mut instala = orden(entorno.join("bin").join("python"));
    instala
        .args([
            "-m",
            "pip",
            "install",
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
        ])
        .arg(&cerrojo);
    con_progreso(proyecto, paso, "uv-pip", instala, "instalar uv con pip")?;
    if !uv.exists() {
        return Err(Fallo::nuevo("instalar uv")
            .causa(format!("pip acabó bien pero no está «{}»", uv.display())));
    }
    sello.pone()?;
    Ok(uv)
}

/// Una orden con el Python del entorno y Jupyter encerrado en `datos`, dentro de `.curso/`.
pub(crate) fn con_jupyter(proyecto: &Proyecto, datos: &Path) -> Resultado<std::process::Command> {
    for carpeta in ["config", "runtime", "ipython"] {
        let carpeta = datos.join(carpeta);
        std::fs::create_dir_all(&carpeta).al("crear", &carpeta)?;
    }
    let mut orden = orden(DEL_CURSO.python(proyecto));
    orden
        .env("JUPYTER_DATA_DIR", datos)
        .env("JUPYTER_CONFIG_DIR", configuracion(datos))
        .env("JUPYTER_RUNTIME_DIR", datos.join("runtime"))
        .env(
            "JUPYTERLAB_SETTINGS_DIR",
            datos.join("config/lab/user-settings"),
        )
        .env(
            "JUPYTERLAB_WORKSPACES_DIR",
            datos.join("config/lab/workspaces"),
        )
        .env("IPYTHONDIR", datos.join("ipython"))
        // jupyter-lsp llama a npm al arrancar, y npm escribe sus registros en el HOME si no se le dice otra cosa.
        .env("npm_config_cache", datos.join("npm"))
        .env("PYTHONNOUSERSITE", "1")
        .env_remove("JUPYTER_PATH")
        .env_remove("JUPYTER_CONFIG_PATH")
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONHOME")
        .env_remove("VIRTUAL_ENV");
    Ok(orden)
}
