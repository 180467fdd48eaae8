"""What follows from several sentences or rows: sums, counts, comparisons, lists, contradictions."""
