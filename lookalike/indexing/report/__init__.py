"""The gallery report: one HTML file.

charts.py         bars and curves
view_models.py    celebrities, hubs, suspects and rejects, ready to show
page.py           the file
"""
