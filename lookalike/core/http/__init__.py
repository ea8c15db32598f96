"""Web applications on ports of their own: uvicorn.

limits.py  limits of its connections: so many of an address, deadlines, a length for each body
server.py  an application on a port, in the running event loop
"""
