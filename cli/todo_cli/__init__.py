"""The two command lines: `todotasks` (run it, look at it) and the plugin `kubectl todo` (use it).

`commands` is the first, over `local`, which runs the parts on one machine; `plugin` is the second, and
needs neither. Of the other parts only `todotasks` is imported: operator, gateway and the rest are started
as processes.
"""
