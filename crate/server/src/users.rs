//! Un usuario inventado por cada `seed`, con la forma de los de randomuser.me.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;

use crate::app::App;
use crate::prose;
use crate::resource::{JSON, Resource, deliver_now};

const WOMEN: [&str; 12] = [
    "Ana", "Carmen", "Elena", "Irene", "Julia", "Laura", "Lucía", "Marta", "Nuria", "Paula",
    "Rosa", "Sofía",
];
const MEN: [&str; 12] = [
    "Adrián", "Bruno", "Carlos", "Diego", "Hugo", "Iván", "Jorge", "Luis", "Mario", "Pablo",
    "Raúl", "Tomás",
];
const SURNAMES: [&str; 16] = [
    "Alonso", "Blanco", "Castro", "Díaz", "Fuentes", "Gil", "Herrera", "Iglesias", "León", "Marín",
    "Navarro", "Ortega", "Prieto", "Rojas", "Serrano", "Vega",
];
const CITIES: [&str; 8] = [
    "Bilbao", "Cádiz", "Gijón", "León", "Murcia", "Soria", "Teruel", "Vigo",
];

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    seed: String,
}

pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    Query(Asked { seed }): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let arrival = Instant::now();
    let user = json!({
        "results": [user(&app, &seed)],
        "info": { "seed": seed, "results": 1, "page": 1, "version": "1.4" },
    });
    let resource = Resource::new(JSON, user.to_string().into_bytes());
    deliver_now(&app, &resource, arrival, &headers).await
}

fn user(app: &App, id: &str) -> Value {
    let mut rng = prose::rng(app.options.seed, &format!("usuario {id}"));
    let woman = rng.bool();
    let first = rng
        .choice(if woman { WOMEN } else { MEN })
        .unwrap_or_default();
    let last = rng.choice(SURNAMES).unwrap_or_default();
    let nick = format!("{}{}", prose::word(&mut rng), rng.u32(100..1000));
    let (age, joined) = (rng.u32(18..80), rng.u32(1..20));
    let phone =
        |rng: &mut fastrand::Rng, from: u32| format!("{}", rng.u32(from..from + 99_999_999));
    let picture = |size: &str| format!("{}/retratos/{}.jpg?tam={size}", app.base, escape(id));
    json!({
        "gender": if woman { "female" } else { "male" },
        "name": { "title": if woman { "Ms" } else { "Mr" }, "first": first, "last": last },
        "location": {
            "street": { "number": rng.u32(1..200), "name": format!("Calle {}", prose::capital(prose::word(&mut rng))) },
            "city": rng.choice(CITIES),
            "country": "Spain",
            "postcode": rng.u32(10_000..53_000),
        },
        "email": format!("{nick}@example.com"),
        "login": { "uuid": uuid(&mut rng), "username": nick },
        "dob": { "date": format!("{}-{:02}-{:02}T12:00:00.000Z", 2020 - age, rng.u32(1..13), rng.u32(1..29)), "age": age },
        "registered": { "date": format!("{}-{:02}-{:02}T12:00:00.000Z", 2020 - joined, rng.u32(1..13), rng.u32(1..29)), "age": joined },
        "phone": phone(&mut rng, 900_000_000),
        "cell": phone(&mut rng, 600_000_000),
        "id": { "name": "DNI", "value": format!("{}-X", rng.u32(10_000_000..99_999_999)) },
        "picture": { "large": picture("128x128"), "medium": picture("72x72"), "thumbnail": picture("48x48") },
        "nat": "ES",
    })
}

fn uuid(rng: &mut fastrand::Rng) -> String {
    let hex = format!("{:032x}", rng.u128(..));
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

/// El identificador, para que vaya en una ruta: lo que no sea letra o cifra ASCII, en `%XX`.
fn escape(id: &str) -> String {
    let mut escaped = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}
