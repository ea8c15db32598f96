"""Embeddings to the nearest celebrities: search, similarity, catalogue, index format. nmslib."""
