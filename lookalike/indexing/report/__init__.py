"""The gallery report: one HTML file.

charts.py         bars and curves
view_models.py    celebrities, hubs, suspects and rejects, ready to show
thumbnails.py     photo files as small pictures, made in a worker
page.py           the file
"""
