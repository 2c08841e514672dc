//! Futuros y ejecutores, con la forma de `concurrent.futures`.
