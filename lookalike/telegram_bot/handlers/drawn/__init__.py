"""Pictures that are made of a photo, besides the share card.

morph.py   a face turns into a star's
avatar.py  a person as a drawing
"""
