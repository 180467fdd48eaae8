"""Plain metrics, each over the smallest thing that it needs: a ranking, a text, numbers.

They know no index, no gold file and no run. Every one has its definition, its source and an
example worked by hand in `tests/eval/test_metrics.py`; the ranking ones agree with ir-measures.
"""
