"""`from todo_operator.kopf_adapter.lone_kopf import kopf`: kopf without the Kubernetes clients that it finds.

kopf imports every client library that is installed (`kubernetes`, `kubernetes_asyncio`, `pykube`) to offer
logins through it and to recognise its objects. We use neither, and they take most of the start: 1.1 s and
62 MB with two of them beside 0.5 s and 43 MB with none (2.3 s and 119 MB with all). None of them is in the
operator's image; in a developer's environment all are. So while kopf is imported they count as not installed;
afterwards whoever wants them may have them.
"""

import sys

_CLIENTS = ("kubernetes", "kubernetes_asyncio", "pykube")

_kept_out = [name for name in _CLIENTS if name not in sys.modules]
for _name in _kept_out:
    sys.modules[_name] = None  # type: ignore[assignment] # Python's own way to say "not importable"
try:
    import kopf
finally:
    for _name in _kept_out:
        del sys.modules[_name]

__all__ = ["kopf"]
