-- One reading of texts for every door: the program makes the lexemes, PostgreSQL indexes them. What is there stays
-- findable as it was read before; the gateway reads it anew in the background (`store.search.anew`).

create function task_search(namespace text, lexemes text[]) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(array['ns:' || namespace] || lexemes);

drop function task_search(text, text, text);

-- Somebody's tasks in a project, where either has thousands: neither index alone finds them fast (39 ms at p99).
create index tasks_assignee_project
    on tasks (namespace, assignee, project, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and assignee is not null and project is not null;
