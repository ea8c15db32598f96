"""What users collect, rate and pass on.

collection.py  which stars a user got
ratings.py     how much they like stars
cards.py       their last cards, as Telegram's ids
links.py       deep links
"""
