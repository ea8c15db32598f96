"""The rating to be expected of a person for an item.

baselines.py         how high items are rated and people rate
neighbours.py        ratings by items that people rate alike
factors.py           ratings by factors of taste, into which a new person is folded exactly
fit_factors.py       training of the factors
rating_predictor.py  the blend of the three
"""
