"""Names as people type them, to the celebrities they mean: any case, alphabet and order, with typing mistakes.

spelling.py     a text to its words, a word to a key of how it sounds
name_search.py  a text to the celebrities that it names, or nearly names
"""
