"""Cosine search over passage vectors: the only package that imports faiss."""
