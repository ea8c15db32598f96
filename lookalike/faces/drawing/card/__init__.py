"""The share card: two faces, a percentage, names.

In reading order:

* `card.py`: what is on a card
* `design.py`: its colours, by season
* `layout.py`: where everything is, by format
* `evening.py`: an even light
* `levelling.py`: a part turned until the eyes are level
* `around.py`: what is kept of a costly photo
* `panel.py`: the two sides
* `kept_panels.py`: stars' sides, kept for the next card
* `tile.py`: what stands for a star's photo
* `words.py`: texts that fit
* `draw.py`: the picture
"""
