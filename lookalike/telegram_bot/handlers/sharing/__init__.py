"""What people collect and pass on.

collection.py  the stars somebody got, and the most met
"""
