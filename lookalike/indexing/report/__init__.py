"""The gallery report: one HTML file.

charts.py             bars and curves
links.py              addresses of photo files and of pages
commands.py           commands that the report offers
namesakes.py          celebrities who bear the same name
view_models.py        photos with captions, celebrities, the contact sheet
suspects.py           suspects as cases, open or solved
hubs.py               who takes too many strangers
collector_rejects.py  the collector's list of what it left out
reject_reasons.py     why things are left out, in words
rejects.py            what is left out, by reason
thumbnails.py         photo files as small pictures, made in a worker
page.py               the file
"""
