-- load_conversation --
select version, body from conversations
where owner = %(owner)s and id = %(id)s and updated_at > clock_timestamp() - make_interval(secs => %(keep)s)

-- save_conversation --
-- Only over the version that was loaded: of two messages at once one is told to begin again. What was
-- forgotten for its age is no obstacle.
insert into conversations as c (owner, id, version, body, updated_at)
values (%(owner)s, %(id)s, %(version)s + 1, %(body)s, clock_timestamp())
on conflict (owner, id) do update
    set version = excluded.version, body = excluded.body, updated_at = excluded.updated_at
    where c.version = %(version)s or c.updated_at <= clock_timestamp() - make_interval(secs => %(keep)s)
returning version

-- recall_answer --
select body_hash, answer from answers
where owner = %(owner)s and key = %(key)s and at > clock_timestamp() - make_interval(secs => %(keep)s)

-- remember_answer --
-- The first answer stays: it is what was done.
insert into answers as a (owner, key, body_hash, answer, at)
values (%(owner)s, %(key)s, %(body_hash)s, %(answer)s, clock_timestamp())
on conflict (owner, key) do update
    set body_hash = excluded.body_hash, answer = excluded.answer, at = excluded.at
    where a.at <= clock_timestamp() - make_interval(secs => %(keep)s)

-- prune_conversations --
delete from conversations where updated_at <= clock_timestamp() - make_interval(secs => %(keep)s)

-- prune_answers --
delete from answers where at <= clock_timestamp() - make_interval(secs => %(keep)s)
