"""A Python client of the live stream: `async for change in live(url, token, namespaces=["home"])`.

`replica` is what a client knows (pure: messages in, changes out), `client` keeps the connection. docs/live.md
has the contract; the page's live.js does the same. May import retry, the merge patches of edits, and aiohttp.
"""

from todotasks.live.client import Live, LiveRefused, live
from todotasks.live.replica import Change, Fired, Replica, Synced

__all__ = ["Change", "Fired", "Live", "LiveRefused", "Replica", "Synced", "live"]
