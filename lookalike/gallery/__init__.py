"""Embeddings to the nearest celebrities: search, scores, similarity, catalogue, index format. nmslib.

calibration.py        centroids, hub corrections, and the distribution behind the percentages
graph_file.py         nmslib's file of a graph: its layout, and bytes that depend on the input alone
vector_index.py       nearest vectors: an HNSW graph (nmslib) and exact search
patched_index.py      a graph brought up to date without building it anew
catalogue.py          celebrities and their photos, from a catalogue or a folder
celebrities.py        the celebrities of a loaded index, parsed when asked for
index_format.py       the files of an index directory and their checks
replace_directory.py  replaces an index directory atomically
gallery.py            a loaded index: nearest celebrities of a probe
matching.py           one photo to its outcome
load_check.py         loads an index in a child process first
served_gallery.py     the gallery in use, and its replacement while photos are matched
"""
