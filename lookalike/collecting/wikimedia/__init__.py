"""Clients of Wikidata and Wikimedia Commons, and the shapes of their answers.

wikidata.py     the query service and the action API of Wikidata
items.py        an item of Wikidata -> a person
occupations.py  occupations by Wikidata's ids: which are collected, which are left out
commons.py      the action API of Commons: categories, search, files
licences.py     which licences are free enough, and credits as plain text
"""
