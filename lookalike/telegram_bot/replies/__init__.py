"""What users read, in their language: words, buttons and cards as plain data.

reply.py         one message
choices.py       questions with buttons
photo_answer.py  the answer to a photo
"""
