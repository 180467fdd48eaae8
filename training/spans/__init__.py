"""How the span reader was made: which words of a passage answer a question, or that none do."""
