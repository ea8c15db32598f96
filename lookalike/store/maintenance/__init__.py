"""What the maintainer's program (storage.py) does with a store.

sealed_rows.py  where all sealed values are
inspection.py   backup and check of a store file, also while the bot runs
restoring.py    a backup put back, and the small files beside it
rotation.py     a new key for everything that is sealed
log_rebuild.py  the user log written anew from the store
"""
