"""Speed, memory and size, measured on real processes. `python -m eval.bench`."""
