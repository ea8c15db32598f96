"""A taste model in a running bot: what it is learned from, which is in use, and how a new one replaces it.

shared_ratings.py   the ratings that a model may be learned from: nobody's alone
served_tastes.py    the model in use
"""
