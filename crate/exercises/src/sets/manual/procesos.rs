//! «Procesos».

use concurrencia::process::{ManagedDict, Manager};

use super::accounts::{adding, balances};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, Mismatch, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("manual-06") }> {
    const NAME: &'static str = "manual-06";
    type Function = fn(Vec<Vec<Job>>) -> Vec<u64>;

    fn judge(por_una_tuberia: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::new(6, 0.08);
        let batches: Vec<Vec<Job>> = jobs.all().chunks(2).map(<[Job]>::to_vec).collect();
        let input = "tres lotes de dos encargos de 80 ms";
        judge
            .case("llegan los recibos de todos, y se acaba de recibir")
            .with(input)
            .because("la tubería se acaba cuando se suelta el último emisor, el de casa también")
            .shows(|| {
                let mut got = por_una_tuberia(batches);
                let mut expected = jobs.receipts();
                got.sort_unstable();
                expected.sort_unstable();
                expect_eq(&expected, &got)
            });
        judge
            .case("cada lote, en su proceso")
            .with(input)
            .because("tres lotes son tres procesos, y quien reparte no trabaja")
            .shows(|| {
                let done = jobs.done();
                let here = if done.is_here() {
                    ", uno de ellos el que llama"
                } else {
                    ""
                };
                expect(
                    done.processes() == 3 && !done.is_here(),
                    "tres procesos, ninguno el que llama",
                    format!("procesos: {}{here}", done.processes()),
                )
            });
        judge
            .case("los procesos trabajan a la vez")
            .with(input)
            .because("arrancar uno y esperarlo antes de arrancar el siguiente es ir en serie")
            .shows(|| some_at_once(&jobs));
        judge
            .case("al volver no queda ningún proceso")
            .with("un lote de un encargo")
            .because("un proceso que nadie espera sigue hasta acabar, y nadie sabe cómo acabó")
            .shows(|| {
                let jobs = Jobs::new(1, 0.01);
                let before = Leftovers::watch();
                expect_eq(&jobs.receipts(), &por_una_tuberia(vec![jobs.all()]))?;
                no_processes_left(before)
            });
        judge
            .case("sin lotes no hay recibos")
            .with("[]")
            .because("sin procesos, el único emisor es el de quien recibe")
            .within(1.0)
            .gives(Vec::new(), || por_una_tuberia(Vec::new()));
    }
}

impl Exercise for Name<{ name("manual-07") }> {
    const NAME: &'static str = "manual-07";
    type Function = fn(ManagedDict<String, u64>, Vec<Vec<(String, Job)>>);

    fn judge(sumar_entre_procesos: Self::Function, judge: &mut Judge) {
        /// Lotes de `size`; los del último encargo, de la sede Sur, y los demás, de la Norte.
        fn batches(jobs: &Jobs, size: usize) -> Vec<Vec<(String, Job)>> {
            let last = jobs.receipts().len() as u64 - 1;
            let office = |job: &Job| if job.id() == last { "Sur" } else { "Norte" };
            let named = |job: &Job| (office(job).to_owned(), job.clone());
            let all = jobs.all();
            let batches = all.chunks(size);
            batches
                .map(|batch| batch.iter().map(named).collect())
                .collect()
        }
        /// Lo que tiene que haber en las cuentas, con `more` de más en la Norte.
        fn expected(jobs: &Jobs, more: u64) -> [u64; 2] {
            let receipts = jobs.receipts();
            let (south, north) = receipts.split_last().expect("hay encargos");
            [north.iter().sum::<u64>() + more, *south]
        }
        let manager = Manager::new().expect("no se puede arrancar el Manager");
        let new_accounts = || manager.dict().expect("el Manager no está");

        let jobs = Jobs::new(4, 0.15);
        let input = "cuatro lotes de un encargo de 150 ms: tres de la sede Norte y uno de la Sur";
        judge
            .case("no se pierde ningún recibo")
            .with(input)
            .because("leer y después escribir son dos pasos, y entre los dos suman otros")
            .shows(|| {
                let accounts = new_accounts();
                sumar_entre_procesos(accounts.clone(), batches(&jobs, 1));
                expect_eq(&expected(&jobs, 0), &balances(&accounts))
            });
        judge
            .case("los encargos no se hacen en fila")
            .with(input)
            .because("mientras uno tiene el turno los demás esperan: dentro, solo la suma")
            .shows(|| some_at_once(&jobs));
        judge
            .case("cada encargo se hace una sola vez")
            .with(input)
            .because("update repite su función si otro se adelanta")
            .shows(|| {
                let mut started = jobs.done().started();
                started.sort_unstable();
                expect_eq(&vec![0, 1, 2, 3], &started)
            });

        let jobs = Jobs::new(30, 0.0001);
        judge
            .case("no se pierde nada mientras otro suma sin parar")
            .with(
                "dos lotes de 15 encargos muy cortos; a la vez, la comprobación suma de uno en uno",
            )
            .because("leer y escribir seguido falla menos veces, y falla")
            .within(6.0)
            .shows(|| {
                let accounts = new_accounts();
                let added = adding(&accounts, || {
                    sumar_entre_procesos(accounts.clone(), batches(&jobs, 15));
                });
                expect_eq(&expected(&jobs, added), &balances(&accounts))
            });
        judge
            .case("al volver no queda ningún proceso")
            .with("dos lotes de un encargo")
            .because("las cuentas no están hasta que no han acabado todos")
            .shows(|| {
                let (jobs, accounts) = (Jobs::new(2, 0.01), new_accounts());
                let before = Leftovers::watch();
                sumar_entre_procesos(accounts.clone(), batches(&jobs, 1));
                expect_eq(&expected(&jobs, 0), &balances(&accounts))?;
                no_processes_left(before)
            });
    }
}

/// Dos al menos: cuando uno empieza, otro no ha acabado.
fn some_at_once(jobs: &Jobs) -> Result<(), Mismatch> {
    let peak = jobs.done().peak();
    expect(peak >= 2, "varios a la vez", format!("{peak} a la vez"))
}

fn no_processes_left(before: Leftovers) -> Result<(), Mismatch> {
    let left = before.processes();
    expect(
        left == 0,
        "ningún proceso suelto",
        format!("procesos sueltos: {left}"),
    )
}
