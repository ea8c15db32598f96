"""From photos to an index directory with a report; removal of celebrities.

embedding_cache.py    what was found in each photo, in an SQLite file beside the index
embed_photos.py       photo files to rows of the cache, by a pool of workers or a cluster
dask_backend.py       inspects photos on a Dask cluster
near_pairs.py         pairs of celebrities with near centroids
duplicate_check.py    suspects: duplicate celebrities, mixed photos, shared files
clear_cases.py        celebrities all of whose photos are clearly good
photo_selection.py    celebrities and their cached photos to index entries and rejects
index_entries.py      celebrities with their embeddings, and the arrays of all of them
index_writer.py       entries to an index directory, whole or brought up to date
portrait_check.py     whether a photo from elsewhere shows a person of an index
shown_photos.py       photos that an index shows and has no embeddings of
report/               the gallery report
build.py              the whole build
takedown.py           removes celebrities from everything
"""
