"""The web page at `/`: its files, and the few paths that only it asks for.

The files in `static` are built from the sources in `chat-gateway/page` (`make page`) and committed, so that a
gateway needs no Node. May import `http`, `access` and `base`; it knows nothing of tasks: the page uses the
same paths as every other client.
"""
