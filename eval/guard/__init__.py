"""How the figure guard holds against a lying language model, and what it costs in truths."""
