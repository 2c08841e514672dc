//! Un servidor de prácticas en esta máquina.
