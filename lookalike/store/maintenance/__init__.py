"""What the maintainer's program (storage.py) does with a store.

inspection.py   statistics, backup and check of a store file, also while the bot runs
rotation.py     a new key for everything that is sealed
log_rebuild.py  the user log written anew from the store
"""
