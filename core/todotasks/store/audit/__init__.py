"""The audit log in PostgreSQL: append, ask, walk. See `log`; what an entry means is in `todotasks.audit`.

It may import `todotasks.audit` and the connections and statements of the store, and no other store.
"""

from todotasks.store.audit.log import Appended, AuditLog, AuditQuery, AuditRow

__all__ = ["Appended", "AuditLog", "AuditQuery", "AuditRow"]
