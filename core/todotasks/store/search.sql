-- search_terms --
-- Each word of a search as a query, and whether it stands in any title (`known`). It is found by its stem, in titles
-- and notes; what English leaves out ("the", `filler`) has none and is found as it is, in titles.
select
    case when numnode(stem) = 0 then plainto_tsquery('simple', one) else stem end::text,
    numnode(stem) = 0,
    exists (select from words where word = one)
from unnest(%(words)s::text[]) with ordinality as given(one, place), plainto_tsquery('english', one) as stem
order by place

-- search_prefix --
-- The last word may go on: the words of titles that begin with it.
select word from words where word > %(word)s and word < %(word)s || chr(1114111) order by word limit %(limit)s

-- search_beginning --
-- What begins so, where it begins too many words to name them; the text index then reads all of theirs.
select to_tsquery('simple', %(quoted)s)::text

-- search_alike --
-- A word with one mistake has all trigrams of one third of the right one.
select word from words
where (trigrams @> %(first)s or trigrams @> %(second)s or trigrams @> %(third)s)
    and length(word) between %(shortest)s and %(longest)s
limit 2000

-- search_namespaces --
-- A step of the index for each namespace, however many tasks it has.
with recursive found as (
    (select namespace from tasks where archived_at is null order by namespace limit 1)
    union all
    select (
        select namespace from tasks
        where archived_at is null and namespace > found.namespace
        order by namespace limit 1
    )
    from found where found.namespace is not null
)
select namespace from found where namespace is not null

-- search_archived_namespaces --
with recursive found as (
    (select namespace from tasks where archived_at is not null order by namespace limit 1)
    union all
    select (
        select namespace from tasks
        where archived_at is not null and namespace > found.namespace
        order by namespace limit 1
    )
    from found where found.namespace is not null
)
select namespace from found where namespace is not null

-- search_rows --
select uid, namespace, name, title, doc::text, updated_at, archived_at, archive_reason from tasks
where uid = any(%(uids)s) and jsonb_typeof(doc) = 'object' and (archived_at is not null) = %(archived)s
