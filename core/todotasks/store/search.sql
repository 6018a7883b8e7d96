-- search_prefix --
-- The last word may go on: the words that begin with it.
select word from words where word > %(word)s and word < %(word)s || chr(1114111) order by word limit %(limit)s

-- search_alike --
-- A word with one other letter has all trigrams of one third of the right one; swapped letters break more of them.
select word from words
where (trigrams @> %(first)s or trigrams @> %(second)s or trigrams @> %(third)s)
    and length(word) between %(shortest)s and %(longest)s
union
select word from words where word = any(%(swapped)s)
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

-- search_open_count --
-- Up to a bound: whether they are few enough to be listed.
select count(*) from (
    select 1 from tasks
    where namespace = %(namespace)s and archived_at is null and not completed
    limit %(most)s
) as counted
