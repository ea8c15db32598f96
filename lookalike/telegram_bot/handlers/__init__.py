"""What the bot does: one file for each kind of thing people do. Nothing but these files knows what a command says.

commands.py    commands
words.py       what was typed, and other messages that are no photo
pictures.py    a picture: what is asked of it, and consent first
photo_flow.py  one photo to its answer
album_flow.py  photos that were sent together to their answer
comparing.py   how alike two people are
consent.py     the consent card
consent_words.py  what is typed under the consent card
another_star.py  buttons under an answer: the next star, among whom
settings_menu.py  among whom stars are looked for
callbacks.py   buttons of menus
stars/         one celebrity: a page, a duel with them, one at random
talk/          small talk, and the menu that it leads back to
tastes/        ratings, and the stars that come of them
sharing/       what people collect and pass on
drawn/         pictures made of a photo: morphs, drawings
elsewhere/     chats that are not the bot's own: of business accounts, as a guest
operating/     commands for who runs the bot
groups.py      who is meant in a group
group_chats.py  groups: a welcome, other people's photos, the next photo
"""
