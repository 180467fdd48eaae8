"""The report of a run: one HTML file with its figures, plots and every failure with its why."""
