-- accept_deliveries --
-- One row per channel; what is there already was accepted before (the message came again).
insert into deliveries (event_id, namespace, channel, reminder, event, state, due_at, created_at)
select %(event_id)s, %(namespace)s, channel, %(reminder)s, %(event)s, 'Pending', clock_timestamp(), clock_timestamp()
from unnest(%(channels)s::text[]) as channel
on conflict (event_id, channel) do nothing

-- channels_due --
-- The channels that have something to be tried, the one that has waited longest first. From channel to channel
-- by the index (a loose scan): what it costs is the number of channels, not of what waits in them.
with recursive each (namespace, channel) as (
    (select namespace, channel from deliveries where state in ('Pending', 'Retrying')
     order by namespace, channel limit 1)
    union all
    select next.namespace, next.channel from each cross join lateral (
        select namespace, channel from deliveries
        where state in ('Pending', 'Retrying') and (namespace, channel) > (each.namespace, each.channel)
        order by namespace, channel limit 1
    ) as next
)
select each.namespace, each.channel from each cross join lateral (
    select due_at from deliveries
    where state in ('Pending', 'Retrying') and namespace = each.namespace and channel = each.channel
    order by due_at limit 1
) as first
where first.due_at <= clock_timestamp()
order by first.due_at

-- take_delivery --
-- The oldest one of a channel; whoever takes it has `lease` seconds before another may. A crash between the
-- take and the result makes it due again then: attempts counts it.
update deliveries set due_at = clock_timestamp() + make_interval(secs => %(lease)s),
    attempts = attempts + 1, tried_at = clock_timestamp(), reported = false, report_at = null
where (event_id, channel) = (
    select event_id, channel from deliveries
    where namespace = %(namespace)s and channel = %(channel)s
        and state in ('Pending', 'Retrying') and due_at <= clock_timestamp()
    order by due_at
    limit 1
    for update skip locked
)
returning event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at,
    left_recipients, refused

-- delivery_result --
update deliveries set state = %(state)s, last_error = %(error)s, reported = false, tried_at = clock_timestamp(),
    due_at = clock_timestamp() + make_interval(secs => %(delay)s), report_at = null,
    left_recipients = coalesce(%(left)s::text[], left_recipients), refused = coalesce(%(refused)s::jsonb, refused)
where event_id = %(event_id)s and channel = %(channel)s

-- put_back_delivery --
-- Not tried after all (the channel is resting, or its limit is used up).
update deliveries set attempts = attempts - 1, due_at = clock_timestamp() + make_interval(secs => %(delay)s)
where event_id = %(event_id)s and channel = %(channel)s

-- unreported_deliveries --
select event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at,
    left_recipients, refused from deliveries
where not reported and tried_at is not null and (state in ('Delivered', 'Failed') or last_error is not null)
    and coalesce(report_at, tried_at) <= clock_timestamp()
order by coalesce(report_at, tried_at) limit %(limit)s

-- put_off_report --
-- It cannot be told now; the others are.
update deliveries set report_at = clock_timestamp() + make_interval(secs => %(delay)s)
where event_id = %(event_id)s and channel = %(channel)s

-- delivery_reported --
-- Only the result that was told: a newer one is told again.
update deliveries set reported = true
where event_id = %(event_id)s and channel = %(channel)s and state = %(state)s and attempts = %(attempts)s

-- next_delivery_due --
select extract(epoch from min(due_at) - clock_timestamp())::float8 from deliveries
where state in ('Pending', 'Retrying')

-- delivery_depth --
select count(*) filter (where state = 'Pending'), count(*) filter (where state = 'Retrying'),
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
from deliveries where state in ('Pending', 'Retrying')

-- prune_deliveries --
delete from deliveries where created_at < %(before)s and state in ('Delivered', 'Failed') and reported

-- deliveries_of_event --
select event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at,
    left_recipients, refused from deliveries
where event_id = %(event_id)s order by channel

-- is_newest_firing --
-- Whether no later firing of the same reminder is known: its status is that of the last one.
select not exists (
    select 1 from deliveries as later
    where later.namespace = %(namespace)s and later.reminder = %(reminder)s and later.event_id <> %(event_id)s
        and later.created_at > (select max(created_at) from deliveries where event_id = %(event_id)s)
)
