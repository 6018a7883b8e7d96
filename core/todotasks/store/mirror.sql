-- The mirror as the recorder compares it with the API server. A document that is no object any more (a row
-- that somebody damaged) comes as null: the row is known, its state is not.

-- mirrored_tasks --
select uid, resource_version, case when jsonb_typeof(doc) = 'object' then doc::text end,
       archived_at is not null, namespace, name
from tasks
where uid = any(%(uids)s)

-- mirrored_objects --
select uid, resource_version, case when jsonb_typeof(doc) = 'object' then doc::text end,
       archived_at is not null, namespace, name
from objects
where kind = %(kind)s and uid = any(%(uids)s)

-- task_versions --
-- For a relist: most objects did not change, so their documents need not be read. A damaged row has no
-- version that an object could have.
select uid, case when jsonb_typeof(doc) = 'object' then resource_version else -1 end
from tasks
where uid = any(%(uids)s) and archived_at is null

-- object_versions --
select uid, case when jsonb_typeof(doc) = 'object' then resource_version else -1 end
from objects
where kind = %(kind)s and uid = any(%(uids)s) and archived_at is null

-- live_task_uids_page --
select uid from tasks
where archived_at is null and uid > %(after)s and (%(namespace)s::text is null or namespace = %(namespace)s)
order by uid limit %(limit)s

-- live_object_uids_page --
select uid from objects
where kind = %(kind)s and archived_at is null and uid > %(after)s
    and (%(namespace)s::text is null or namespace = %(namespace)s)
order by uid limit %(limit)s

-- live_tasks_page --
select uid, resource_version, case when jsonb_typeof(doc) = 'object' then doc::text end, false, namespace, name
from tasks
where archived_at is null and uid > %(after)s and (%(namespace)s::text is null or namespace = %(namespace)s)
order by uid limit %(limit)s

-- live_objects_page --
select uid, resource_version, case when jsonb_typeof(doc) = 'object' then doc::text end, false, namespace, name
from objects
where kind = %(kind)s and archived_at is null and uid > %(after)s
    and (%(namespace)s::text is null or namespace = %(namespace)s)
order by uid limit %(limit)s

-- forget_tasks --
delete from tasks where uid = any(%(uids)s)

-- forget_objects --
delete from objects where kind = %(kind)s and uid = any(%(uids)s)

-- uids_of_tasks --
select t.namespace, t.name, t.uid
from json_to_recordset(%(rows)s) as r(namespace text, name text)
join tasks t using (namespace, name)
where t.archived_at is null

-- namespaces_of_tasks --
select uid, namespace from tasks where uid = any(%(uids)s)

-- bury_rows --
insert into dead_letters (id, topic, key, headers, value, error, at)
select r.id, r.topic, r.key, r.headers, decode(r.value, 'base64'), r.error, clock_timestamp()
from json_to_recordset(%(rows)s) as r(id text, topic text, key text, headers jsonb, value text, error text)
on conflict (id) do update set value = excluded.value, error = excluded.error, at = excluded.at
