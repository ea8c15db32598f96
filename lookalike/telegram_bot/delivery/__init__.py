"""Updates in at least once, messages out within Telegram's rate limits.

update_kinds.py  the kinds of update, one row each
update_queue.py  from the journal to the handler, in order
polling.py       long polling
webhook.py       updates that Telegram posts
raw_api.py       raw getUpdates and size-limited downloads
liveness.py      when Telegram last answered
copies.py        copies of one message that may have been sent
sender.py        replies to a chat; what is repeated, and what counts as sent
inline_results.py  what inline mode offers
markup.py        buttons, links and previews
rate_limiter.py  rate limits, flood waits, repeated requests
http_request.py  the requests of python-telegram-bot
http_session.py  the HTTP client
"""
