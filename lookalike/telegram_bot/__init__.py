"""The bot in Telegram: updates in at least once, handlers, texts, replies out: python-telegram-bot, Fluent.

app.py            opens everything, and runs it until the process stops
dispatcher.py     an update -> its handler
registry.py       handlers by decorator: commands, buttons, messages
context.py        what a handler is given
callback.py       callback data as values: how a shape is written and read
callback_data.py  the shapes that buttons send back
texts.py          what the bot says, in every language
variants.py       which of several wordings an answer gets
phrases.py        what people type beside names: greetings, yes and no, small talk
report_file.py    what people reported about stars
dialogue.py       conversations of several steps
profile.py        what is seen of the bot before anybody writes
limits.py         small bounded memories of what was lately done

replies/          what users read, as plain data
handlers/         one file for each kind of thing people do
photos/           a photo on its way, and remembered answers
operating/    what whoever runs the bot does beside the answers
delivery/         the transport: updates in, messages out
"""
