//! Los 16 sitios de la lección, uno detrás de otro, con cinco hilos y todos a la vez, contra el servidor de prácticas.
//!
//! ```text
//! cargo build --package concurrencia-server
//! cargo run --package concurrencia-workloads --example server
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use concurrencia::prelude::*;
use workloads::prelude::*;
use workloads::reqwest::{self, blocking};

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let sites = server.sites()?;
    let waits: Vec<Duration> = sites.iter().map(Site::latency).collect();
    let client = blocking::Client::builder().no_proxy().build()?;
    let download = move |site: Site| {
        let body = client.get(site.url()).send().and_then(|r| r.bytes());
        body.unwrap_or_else(|error| panic!("{error}")).len()
    };

    let series = Instant::now();
    let bytes: usize = sites.iter().cloned().map(&download).sum();
    report("en serie", series, waits.iter().sum(), &server)?;
    assert_eq!(bytes, sites.iter().map(Site::bytes).sum());

    let five = ThreadPoolExecutor::new(5)?;
    let best = schedule::best(waits.clone(), 5);
    for (name, order) in [
        ("con 5 hilos", (0..16).collect()),
        ("en el mejor orden", best.order()),
    ] {
        let inputs: Vec<Site> = order.into_iter().map(|i: usize| sites[i].clone()).collect();
        let start = Instant::now();
        let sizes: Result<Vec<usize>, _> = five.map(download.clone(), inputs).collect();
        sizes?;
        report(name, start, best.makespan(), &server)?;
    }

    let client = reqwest::Client::builder().no_proxy().build()?;
    let urls: Vec<String> = sites.iter().map(|site| site.url().to_owned()).collect();
    let start = Instant::now();
    let get = |url| {
        let request = client.get(url);
        async move { request.send().await?.bytes().await.map(|body| body.len()) }
    };
    let all = concurrencia::futures_util::future::join_all(urls.iter().map(get));
    for size in asyncio::run(all) {
        size?;
    }
    report(
        "a la vez",
        start,
        waits.into_iter().max().unwrap_or_default(),
        &server,
    )?;
    Ok(())
}

fn report(name: &str, start: Instant, limit: Duration, server: &Server) -> Result<(), ServerError> {
    let (took, limit) = (start.elapsed().as_secs_f64(), limit.as_secs_f64());
    println!(
        "{name}: {:.0} ms, {:.3} veces lo mejor posible ({:.0} ms); {}",
        took * 1e3,
        took / limit,
        limit * 1e3,
        server.stats()?
    );
    server.forget()
}
