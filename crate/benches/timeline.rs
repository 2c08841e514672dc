//! Lo que cuesta la línea de tiempo: sin captura, dentro de una y al cerrarla.
//!
//! ```sh
//! cargo bench -p concurrencia --bench timeline
//! ```
//!
//! Un tramo propio son dos sucesos (empieza y acaba); con `thrpt` a la vista, 10 Melem/s son 100 ns por suceso. Cada grupo
//! mide lo mismo con y sin captura, en la misma ejecución: la razón es la de sus medianas.

use std::hint::black_box;
use std::time::{Duration, Instant};

use concurrencia::timeline::{record, span, timeline};
use concurrencia::{Lock, ThreadPoolExecutor};
use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};

/// Lo que tarda `trabajo` dentro de una captura, sin lo que cuesta cerrarla.
fn dentro(trabajo: impl FnOnce()) -> Duration {
    record(|| {
        let inicio = Instant::now();
        trabajo();
        inicio.elapsed()
    })
    .0
}

fn fuera(trabajo: impl FnOnce()) -> Duration {
    let inicio = Instant::now();
    trabajo();
    inicio.elapsed()
}

fn tramos(n: u64) {
    for i in 0..n {
        span("tramo", || black_box(i));
    }
}

/// Un tramo propio: nada, sin captura y con ella, según cuántos.
fn tramo(c: &mut Criterion) {
    let mut grupo = c.benchmark_group("tramo");
    grupo.sample_size(15).sampling_mode(SamplingMode::Flat);
    for n in [1_000, 10_000, 100_000, 500_000] {
        grupo.throughput(Throughput::Elements(2 * n));
        grupo.bench_with_input(BenchmarkId::new("dentro", n), &n, |b, &n| {
            b.iter_custom(|veces| (0..veces).map(|_| dentro(|| tramos(n))).sum());
        });
        grupo.bench_with_input(BenchmarkId::new("fuera", n), &n, |b, &n| {
            b.iter_custom(|veces| (0..veces).map(|_| fuera(|| tramos(n))).sum());
        });
        grupo.bench_with_input(BenchmarkId::new("sin tramo", n), &n, |b, &n| {
            b.iter(|| {
                for i in 0..n {
                    black_box(i);
                }
            });
        });
    }
    grupo.finish();
}

/// Los mismos tramos, repartidos entre hilos: cada uno apunta en lo suyo.
fn hilos(c: &mut Criterion) {
    const TOTAL: u64 = 200_000;
    let mut grupo = c.benchmark_group("tramos_en_hilos");
    grupo.sample_size(15).sampling_mode(SamplingMode::Flat);
    grupo.throughput(Throughput::Elements(2 * TOTAL));
    for hilos in [1, 2, 4, 16] {
        let reparte = move || {
            std::thread::scope(|ambito| {
                for _ in 0..hilos {
                    ambito.spawn(|| tramos(TOTAL / hilos));
                }
            });
        };
        grupo.bench_with_input(BenchmarkId::new("dentro", hilos), &hilos, |b, _| {
            b.iter_custom(|veces| (0..veces).map(|_| dentro(reparte)).sum());
        });
    }
    grupo.finish();
}

/// Cerrojo sin contención y tareas de un ejecutor: con captura y sin ella.
fn piezas(c: &mut Criterion) {
    let mut grupo = c.benchmark_group("piezas");
    grupo.sample_size(15).sampling_mode(SamplingMode::Flat);
    let cerrojo = Lock::new(0_u64);
    let cuenta = || {
        for _ in 0..100_000 {
            *cerrojo.acquire().expect("no lo tiene nadie más") += 1;
        }
    };
    grupo.bench_function("cerrojo/fuera", |b| {
        b.iter_custom(|veces| (0..veces).map(|_| fuera(cuenta)).sum());
    });
    grupo.bench_function("cerrojo/dentro", |b| {
        b.iter_custom(|veces| (0..veces).map(|_| dentro(cuenta)).sum());
    });
    let ejecutor = ThreadPoolExecutor::new(2).expect("hay hilos de sobra");
    let encarga = || {
        let futuros: Vec<_> = (0..20_000_u64)
            .map(|n| ejecutor.submit(|n| n, (n,)))
            .collect();
        for futuro in futuros {
            futuro.result().expect("nadie falla");
        }
    };
    grupo.bench_function("submit/fuera", |b| {
        b.iter_custom(|veces| (0..veces).map(|_| fuera(encarga)).sum());
    });
    grupo.bench_function("submit/dentro", |b| {
        b.iter_custom(|veces| (0..veces).map(|_| dentro(encarga)).sum());
    });
    grupo.finish();
}

/// De los sucesos a la traza, y de la traza al dibujo.
fn cierre(c: &mut Criterion) {
    let mut grupo = c.benchmark_group("cierre");
    grupo.sample_size(10).sampling_mode(SamplingMode::Flat);
    for n in [5_000, 50_000, 500_000] {
        grupo.throughput(Throughput::Elements(2 * n));
        grupo.bench_with_input(BenchmarkId::new("traza", n), &n, |b, &n| {
            b.iter_custom(|veces| {
                let una = || {
                    let inicio = Instant::now();
                    let trabajo = record(|| fuera(|| tramos(n))).0;
                    inicio.elapsed() - trabajo
                };
                (0..veces).map(|_| una()).sum()
            });
        });
        let traza = timeline(|| tramos(n));
        grupo.bench_with_input(BenchmarkId::new("figura", n), &n, |b, _| {
            b.iter(|| traza.plot("todos"));
        });
    }
    grupo.finish();
}

criterion_group!(bancos, tramo, hilos, piezas, cierre);
criterion_main!(bancos);
