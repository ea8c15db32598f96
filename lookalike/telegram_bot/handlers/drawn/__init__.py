"""Pictures that are made of a photo at a button; a drawing by command and by caption too.

made_picture.py  one such picture: a turn, the making, whether its user is still there
card_formats.py  its share card as a story or a square
morph.py         a face turns into a star's
avatar.py        a person as a drawing
"""
