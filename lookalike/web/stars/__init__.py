"""Stars without a photo: by name, by typing, by ratings.

questions.py   what a request asks, checked field by field
finding.py     the star that a text means, among those that are not hidden
answering.py   what is answered, as JSON
endpoints.py   the API: limits, and the work in a thread
"""
