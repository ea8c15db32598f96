"""What people read of what they collect and pass on.

collection.py  the stars somebody got, and the most met
friends.py     what a friend's link tells
challenge.py   a challenge to a friend
inline.py      what inline mode offers
"""
