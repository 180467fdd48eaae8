"""Is one run better than another, or than what is expected? Knows verdicts, asks nothing."""
