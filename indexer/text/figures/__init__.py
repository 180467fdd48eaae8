"""What a figure looks like in normalised text, and what it is worth. Knows no terms."""
