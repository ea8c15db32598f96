"""The languages that people read, and what is said in them: Project Fluent, and CLDR by Babel.

languages.py  the languages there are, and which of them somebody gets
texts.py      the texts of one language
credits.py    the line that credits a photo
"""
