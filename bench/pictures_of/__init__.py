"""The pictures of pictures.py, a file for each kind.

In reading order:

* `strangers.py`: photos of people who are in no gallery
* `contact_sheet.py`: rows of small pictures, and what they cost
* `avatars.py`: drawings of strangers
* `morphs.py`: strangers turning into stars
* `cards.py`: share cards
"""
