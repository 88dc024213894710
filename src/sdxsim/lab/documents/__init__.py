"""The files of a checkout that are generated: man pages, docs/fidelity.md, docs/states.md."""
