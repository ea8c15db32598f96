"""What people read of what they collect and pass on.

collection.py  the stars somebody got, and the most met
inline.py      what inline mode offers
"""
