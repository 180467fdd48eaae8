"""What is said: sentences, large print, citations, and what a language model may write."""
