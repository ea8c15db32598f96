"""Ratings to recommendations: what somebody will like, and what is similar to what.

ratings.py          ratings as arrays, and the profile of one person
ratings_file.py     ratings and names of items from CSV and TSV
in_threads.py       work on many parts by all cores
sparse_weights.py   weights from each item to a few others
predicting/         the rating to be expected of a person for an item
choices.py          which items a person is likely to choose: EASE
similar_items.py    cosines of items over people's ratings
item_names.py       names of items, found and suggested
taste_model.py      a trained model: predict, recommend, similar
face_choices.py     recommendations without a model: by faces and fame
training.py         ratings to a model
model_directory.py  the files of a model and their checks
serving/            a model in a running bot, and its replacement
measuring/          how good a model is
"""
