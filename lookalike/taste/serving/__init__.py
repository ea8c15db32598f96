"""A taste model in a running bot: in use, and replaced by a new one.

served_tastes.py    the model in use
"""
