"""A new index takes the place of the one in use: on the disk, and in a running bot.

replace_directory.py  replaces an index directory atomically
load_check.py         loads an index in a child process first
hidden.py             celebrities and photos that are hidden, without a new index
served_gallery.py     the gallery in use, and its replacement while photos are matched
"""
