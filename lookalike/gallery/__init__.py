"""Embeddings to the nearest celebrities: search, scores, similarity, catalogue, index format. nmslib.

calibration.py        hub corrections, fame, and the distribution behind the percentages
pooling.py            photos of one person to one embedding
graph_file.py         nmslib's file of a graph: its layout, and bytes that depend on the input alone
vector_index.py       nearest vectors: an HNSW graph (nmslib) and exact search
patched_index.py      a graph brought up to date without building it anew
filtered_index.py     the nearest of the rows that a filter leaves
catalogue.py          celebrities and their photos, from a catalogue or a folder
filters.py            which celebrities take part: texts, regions, the rows that are left
celebrities.py        the celebrities of a loaded index, parsed when asked for
index_format.py       the files of an index directory and their checks
gallery.py            a loaded index: nearest celebrities of a probe
comparing.py          how alike two faces are, beside pairs of strangers
matching.py           photos to an outcome: one, an album, or two to be compared
names/                a typed name to the celebrities that it means
replacing/            a new index takes the place of the one in use
"""
