"""What people collect and pass on.

collection.py  the stars somebody got, and the most met
everybody.py   a card for each of several people
own_cards.py   the last cards of a user
pair_flow.py   two people: found, compared, drawn
friends.py     links that friends open
challenge.py   how alike two friends are
inline.py      inline mode: own cards and stars in any chat
"""
