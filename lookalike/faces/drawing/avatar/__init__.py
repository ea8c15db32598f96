"""A person as a drawing: lines of ink and flat colours.

In reading order:

* `order.py`: which drawing of whom: style and shape
* `lab_colour.py`: colours as people tell them apart
* `edge_filters.py`: surfaces smoothed up to their edges, and edges as lines
* `person_mask.py`: which pixels are the person's
* `features.py`: eyes and mouth of a face, and how light its skin is
* `styles.py`: comic, ink, poster
* `avatar.py`: from a photo to a file
"""
