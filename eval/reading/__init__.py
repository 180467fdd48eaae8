"""How well documents are read, before any question is asked: one module a measurement."""
