//! Los ejercicios de paralelismo: `Send`, `Sync`, carreras y cuánto se gana.
