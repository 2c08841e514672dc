//! [`User`]: un usuario inventado, como los que da randomuser.me.

use super::{HttpError, Response};
use concurrencia::nanoserde::{self, DeJson};

/// Un usuario del servicio de usuarios: quién es y dónde está su retrato.
///
/// # En Python
///
/// ```python
/// user = response.json()["results"][0]
/// user["picture"]["large"]
/// ```
///
/// # Examples
///
/// ```
/// use workloads::http::{Session, User};
/// use workloads::Server;
///
/// let (servidor, sesion) = (Server::start()?, Session::new()?);
/// let usuario = User::from_response(&sesion.get(servidor.user(123))?)?;
/// let retrato = sesion.get(usuario.picture())?;
/// assert_eq!(retrato.content_type(), Some("image/jpeg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    name: String,
    email: String,
    picture: String,
}

#[derive(DeJson)]
struct Answer {
    results: Vec<Person>,
}

#[derive(DeJson)]
struct Person {
    name: Name,
    email: String,
    picture: Picture,
}

#[derive(DeJson)]
struct Name {
    first: String,
    last: String,
}

#[derive(DeJson)]
struct Picture {
    large: String,
}

impl User {
    /// Lee el primero de una respuesta del servicio.
    ///
    /// # Errors
    ///
    /// Si no es JSON, no tiene esa forma o no trae a nadie ([`is_parse`](HttpError::is_parse)).
    pub fn from_response(response: &Response) -> Result<User, HttpError> {
        let Answer { results } = response.json()?;
        let nobody = || HttpError::parse(response.url(), "no viene ningún usuario");
        let Person {
            name,
            email,
            picture,
        } = results.into_iter().next().ok_or_else(nobody)?;
        Ok(User {
            name: format!("{} {}", name.first, name.last),
            email,
            picture: picture.large,
        })
    }

    /// Nombre y apellido.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Su correo.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// La URL de su retrato.
    pub fn picture(&self) -> &str {
        &self.picture
    }
}
