-- A word that many use, searched in a namespace of few: the index finds the two together only if it has both.
-- Without, a million tasks' common word is collected and then filtered (measured: 173 ms instead of 6).

create function task_search(namespace text, title text, notes text) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(array['ns:' || namespace])
        || setweight(to_tsvector('simple', coalesce(title, '')), 'A')
        || setweight(to_tsvector('english', coalesce(title, '')), 'B')
        || to_tsvector('english', coalesce(notes, ''));

update tasks set search = array_to_tsvector(array['ns:' || namespace]) || search;

drop function task_search(text, text);
