"""Question sets of others, as questions over an index or over passages that are handed over."""
