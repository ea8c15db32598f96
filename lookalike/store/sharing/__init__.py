"""What users collect and pass on.

collection.py  which stars a user got
cards.py       their last cards, as Telegram's ids
links.py       deep links
"""
