-- Every statement of the store, by name. `%(name)s` is a parameter. A batch comes as one JSON parameter:
-- of all ways to hand over a thousand rows that is the cheapest on both sides.

-- take_leadership --
-- The epoch never repeats, not even when the database was wiped or restored from a backup: it is at least
-- the time in seconds.
insert into leadership as l (name, epoch, holder, since)
values (%(name)s, extract(epoch from clock_timestamp())::bigint, %(holder)s, clock_timestamp())
on conflict (name) do update
    set epoch = greatest(l.epoch + 1, excluded.epoch), holder = excluded.holder, since = excluded.since
returning epoch

-- lock_to_lead --
-- Waits for writers (no key update) and for the relay's deletes (key share): after this nobody writes.
select epoch from leadership where name = %(name)s for update

-- end_blockers --
-- Of the same role, so it may: a server ends what waits for the rest of a message only when it is told to.
select pg_terminate_backend(pid) from unnest(pg_blocking_pids(%(backend)s)) as blocking (pid)

-- lock_to_write --
select epoch from leadership where name = %(name)s for no key update

-- lock_to_delete --
-- Shared with writers: the relay's deletes do not wait for the recorder's transactions.
select epoch from leadership where name = %(name)s for key share

-- serialise_outbox --
-- Also writers with different leaderships take turns from here to their commit, so that seq order is
-- commit order.
select pg_advisory_xact_lock(%(lock)s)

-- upsert_tasks --
-- An older or equal resourceVersion changes nothing, except that it repairs a damaged row. Update and insert
-- instead of `on conflict do update`: that would make the search vector of every row, changed or not.
with batch as materialized (
    select * from json_to_recordset(%(rows)s) as r(
        uid text, namespace text, name text, resource_version bigint, generation bigint, title text,
        priority_rank smallint, tags text[], project text, assignee text, parent text, completed boolean,
        overdue boolean, blocked boolean, all_day boolean, due_time timestamptz, completion_time timestamptz,
        created_at timestamptz, updated_at timestamptz, doc jsonb, search_hash bigint, lexemes text
    )
), updated as (
    update tasks t set
        namespace = b.namespace, name = b.name, resource_version = b.resource_version,
        generation = b.generation, title = b.title, priority_rank = b.priority_rank, tags = b.tags,
        project = b.project, assignee = b.assignee, parent = b.parent, completed = b.completed,
        overdue = b.overdue, blocked = b.blocked, all_day = b.all_day, due_time = b.due_time,
        completion_time = b.completion_time, created_at = b.created_at, updated_at = b.updated_at,
        archived_at = null, archive_reason = null, doc = b.doc, search_hash = b.search_hash,
        search = case when t.search_hash = b.search_hash then t.search
            else task_search(b.namespace, string_to_array(b.lexemes, ' '))
        end
    from batch b
    where t.uid = b.uid and (
        t.resource_version < b.resource_version
        or (t.resource_version = b.resource_version and jsonb_typeof(t.doc) is distinct from 'object')
    )
)
insert into tasks (
    uid, namespace, name, resource_version, generation, title, priority_rank, tags, project, assignee, parent,
    completed, overdue, blocked, all_day, due_time, completion_time, created_at, updated_at, doc, search_hash,
    search
)
select
    uid, namespace, name, resource_version, generation, title, priority_rank, tags, project, assignee, parent,
    completed, overdue, blocked, all_day, due_time, completion_time, created_at, updated_at, doc, search_hash,
    task_search(namespace, string_to_array(lexemes, ' '))
from batch b
where not exists (select from tasks t where t.uid = b.uid)

-- learn_words --
insert into words (word, trigrams)
select r.word, r.trigrams from json_to_recordset(%(rows)s) as r(word text, trigrams text[])
on conflict (word) do nothing

-- upsert_objects --
insert into objects as o (uid, kind, namespace, name, resource_version, doc, updated_at)
select r.uid, r.kind, r.namespace, r.name, r.resource_version, r.doc, clock_timestamp()
from json_to_recordset(%(rows)s) as r(
    uid text, kind text, namespace text, name text, resource_version bigint, doc jsonb
)
on conflict (uid) do update set
    kind = excluded.kind, namespace = excluded.namespace, name = excluded.name,
    resource_version = excluded.resource_version, doc = excluded.doc, updated_at = excluded.updated_at,
    archived_at = null, archive_reason = null
where o.resource_version < excluded.resource_version
    or (o.resource_version = excluded.resource_version and jsonb_typeof(o.doc) is distinct from 'object')

-- archive_tasks --
-- The row stays, with the last state in it.
update tasks t
set archived_at = %(at)s, archive_reason = r.reason,
    resource_version = greatest(t.resource_version, r.resource_version)
from json_to_recordset(%(rows)s) as r(uid text, reason text, resource_version bigint)
where t.uid = r.uid and t.archived_at is null

-- archive_objects --
update objects o
set archived_at = %(at)s, archive_reason = r.reason,
    resource_version = greatest(o.resource_version, r.resource_version)
from json_to_recordset(%(rows)s) as r(uid text, reason text, resource_version bigint)
where o.uid = r.uid and o.kind = %(kind)s and o.archived_at is null

-- enqueue --
insert into outbox (id, topic, key, headers, value, created_at)
select r.id, r.topic, r.key, r.headers, decode(r.value, 'base64'), clock_timestamp()
from json_to_recordset(%(rows)s) as r(n integer, id text, topic text, key text, headers jsonb, value text)
order by r.n
on conflict (id) do nothing
returning seq, id

-- enqueue_once --
with batch as materialized (
    select * from json_to_recordset(%(rows)s)
        as r(n integer, id text, topic text, key text, headers jsonb, value text)
), fresh as (
    insert into happenings (id, at)
    select distinct id, clock_timestamp() from batch
    on conflict (id) do nothing
    returning id
)
insert into outbox (id, topic, key, headers, value, created_at)
select b.id, b.topic, b.key, b.headers, decode(b.value, 'base64'), clock_timestamp()
from batch b
where b.id in (select id from fresh)
order by b.n
on conflict (id) do nothing
returning seq, id

-- notify_outbox --
select pg_notify('todotasks_outbox', '')

-- set_position --
insert into positions (source, resource_version, epoch, updated_at)
values (%(source)s, %(resource_version)s, %(epoch)s, clock_timestamp())
on conflict (source) do update
    set resource_version = excluded.resource_version, epoch = excluded.epoch, updated_at = excluded.updated_at

-- position --
select resource_version from positions where source = %(source)s

-- live_task_uids --
select uid, resource_version from tasks
where archived_at is null and (%(namespace)s::text is null or namespace = %(namespace)s)

-- live_object_uids --
select uid, resource_version from objects
where kind = %(kind)s and archived_at is null and (%(namespace)s::text is null or namespace = %(namespace)s)

-- outbox_batch --
select seq, id, topic, key, value, headers from outbox where seq > %(after)s order by seq limit %(limit)s

-- outbox_delete --
delete from outbox where seq = any(%(seqs)s)

-- outbox_stats --
-- Counted up to ten thousand; a deeper one is measured by its ends, or each look would read all of it.
select
    case when counted.n <= 10000 then counted.n
        else (select max(seq) from outbox) - (select min(seq) from outbox) + 1 end,
    coalesce((
        select extract(epoch from clock_timestamp() - created_at) from outbox order by seq limit 1
    ), 0)::float8
from (select count(*) as n from (select from outbox limit 10001) as first) as counted

-- bury --
insert into dead_letters (id, topic, key, headers, value, error, at)
select id, topic, key, headers, value, %(error)s, clock_timestamp() from outbox where seq = %(seq)s
on conflict (id) do update set error = excluded.error, at = excluded.at

-- prune_happenings --
delete from happenings where at < %(before)s

-- unread_texts --
-- The next tasks whose texts may be indexed as an older program read them.
select uid, resource_version, title, doc #>> '{spec,notes}', tags from tasks
where uid > %(after)s order by uid limit %(limit)s

-- read_texts --
-- Unless somebody wrote the task meanwhile, who has read it anew.
update tasks t set search = task_search(t.namespace, r.lexemes), search_hash = r.search_hash
from json_to_recordset(%(rows)s) as r(uid text, resource_version bigint, lexemes text[], search_hash bigint)
where t.uid = r.uid and t.resource_version = r.resource_version and t.search_hash <> r.search_hash

-- texts_read --
insert into positions (source, resource_version, epoch, updated_at)
values (%(source)s, %(value)s, 0, clock_timestamp())
on conflict (source) do update set resource_version = excluded.resource_version, updated_at = excluded.updated_at
