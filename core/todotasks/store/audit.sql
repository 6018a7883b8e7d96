-- The audit log: see migrations/0007_audit.sql and docs/audit.md.

-- audit_lock --
-- One chain, so one writer at a time; the others wait for the end of the transaction.
select pg_advisory_xact_lock(%(lock)s)

-- audit_become_writer --
-- From here to the end of the transaction only what the role may: add and look.
select set_config('role', 'todotasks_audit', true)
from pg_roles where rolname = 'todotasks_audit' and pg_has_role(current_user, 'todotasks_audit', 'member')

-- audit_tip --
select seq, hash from audit_log order by seq desc limit 1

-- audit_last_closing --
select seq, hash from audit_heads where closes <> '' order by seq desc limit 1

-- audit_hashes --
select seq, hash from audit_log where seq = any(%(seqs)s)

-- audit_known --
select event_id from audit_log where event_id = any(%(ids)s)

-- audit_make_partition --
select audit_make_partition(%(month)s)

-- audit_append --
insert into audit_log (seq, recorded_at, event_id, at, source, action, actor, namespace, name, kind, uid, version,
    title, body, hash)
select r.seq, r.recorded_at, r.event_id, r.at, r.source, r.action, r.actor, r.namespace, r.name, r.kind, r.uid,
    r.version, r.title, r.body, decode(r.hash, 'hex')
from json_to_recordset(%(rows)s) as r(
    seq bigint, recorded_at timestamptz, event_id text, at timestamptz, source text, action text, actor text,
    namespace text, name text, kind text, uid text, version bigint, title text, body text, hash text
)

-- audit_add_head --
insert into audit_heads (seq, hash, signed_at, key_id, signature, closes)
values (%(seq)s, %(hash)s, %(signed_at)s, %(key_id)s, %(signature)s, coalesce(%(closes)s, ''))
on conflict do nothing

-- audit_heads --
select seq, hash, signed_at, key_id, signature, closes from audit_heads order by seq desc limit %(limit)s

-- audit_closing_heads --
select seq, hash, signed_at, key_id, signature, closes from audit_heads where closes <> '' order by seq

-- audit_partitions --
-- Each month with the number and hash of its last row.
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'audit_log'::regclass order by c.relname

-- audit_last_between --
select seq, hash from audit_log where recorded_at >= %(since)s and recorded_at < %(until)s order by seq desc limit 1

-- audit_drop_partition --
select audit_drop_partition(%(part)s)

-- audit_walk --
-- In order, for the verifier.
select seq, (extract(epoch from recorded_at) * 1000000)::bigint, body, hash, event_id, source, action, actor, namespace,
    name, kind, uid, version, title
from audit_log where seq > %(after)s order by seq limit %(limit)s

-- audit_span --
select coalesce(min(seq), 0), coalesce(max(seq), 0) from audit_log
