"""Reads passages for one question: which sentence answers, with which words, how surely."""
