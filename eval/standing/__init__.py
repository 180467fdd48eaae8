"""Standing measurements: the same ones every time, their figures kept in `docs/evaluation.json`."""
