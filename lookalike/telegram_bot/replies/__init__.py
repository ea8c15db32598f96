"""What users read, in their language: words, buttons and cards as plain data.

reply.py         one message
choices.py       questions with buttons
star_photo.py    a star's photo: its credit, the card that it is on
stars/           one celebrity: a page, a duel with them
talk.py          small talk with buttons
tastes/          ratings, and recommended stars
sharing/         what people collect and pass on
answer_buttons.py  the buttons under the answer to a photo
operating.py     what whoever runs the bot reads
photo_answer.py  the answer to a photo
everybody.py     a number, a line and a card for each of several people
card_formats.py  the card of an answer in another format
drawn.py         words beside pictures that are made of a photo
comparison.py    how alike two people are
album_answer.py  the answer to photos that were sent together
reports.py       reports, and what those who run the bot do with them
"""
