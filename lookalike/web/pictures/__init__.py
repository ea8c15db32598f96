"""Pictures made from a photo: a share card, a face that turns into the star's, a drawing.

orders.py      which picture is asked for, checked field by field
making.py      a photo and an order -> a file, or why there is none
endpoints.py   POST /api/pictures/{kind}: limits, and the files as answers
"""
