"""The page and its API, in a process of its own beside the bot; the metrics endpoint: Starlette.

app.py               routes and endpoints of the page
answers.py           an outcome as JSON, with what the page shows
words.py             the page's texts, in every language
photo_requests.py    a request with photos: limits, upload, one turn of a visitor, errors
uploads.py           the photo of a request, within limits of size, time and memory
visitors.py          limits per address; who is behind a proxy
guards.py            which hosts and origins are answered; headers of every answer; errors
pictures/            card, morph and drawing of a photo: POST /api/pictures/{kind}
stars/               stars by name and by ratings: GET /api/similar, POST /api/recommend
matcher.py           face workers, a gallery and a taste model, opened together
page.py              the page opened in this process: matcher, application, server
page_process.py      the program that serves the page beside the bot
page_supervisor.py   the bot's side: starts that program, watches it, restarts it
metrics_endpoint.py  GET /metrics
"""
