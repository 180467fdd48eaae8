"""Files to index, and the index itself. Knows no HTTP and no answers."""
