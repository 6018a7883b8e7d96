"""What was said before: conversations kept for their owners, and forgotten in time.

`memory` holds those of this process, `service` joins it with PostgreSQL, `pruning` deletes old ones. May
import `http` (for what the process has), `access` and `base`.
"""
