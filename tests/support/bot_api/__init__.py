"""A stand-in for Telegram's Bot API on loopback.

calls.py           one recorded request of the bot, Telegram's refusals and flood limits
wire.py            HTTP/1.1 and its faults: cut, stall, slow, wrong answers
files.py           files Telegram keeps, and the sizes it makes of a photo
text.py            message texts: lengths in UTF-16 units, parse modes
telegram_state.py  chats, messages and files, and what each method does to them
methods/           methods that need nothing of those
updates.py         the queue of updates: polling and webhook
users.py           what people do becomes updates
server.py          the server itself
load.py            a load of photos at a steady rate, and what came of it
__main__.py        the stand-in as its own process
conversation.py    talking to a bot in a test
in_process_bot.py  the bot in the test's own process, with made-up faces
update_source.py   a Telegram of a few lines, for tests of the update queue
"""
