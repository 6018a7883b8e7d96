-- accept_deliveries --
-- One row per channel; what is there already was accepted before (the message came again).
insert into deliveries (event_id, namespace, channel, reminder, event, state, due_at, created_at)
select %(event_id)s, %(namespace)s, channel, %(reminder)s, %(event)s, 'Pending', clock_timestamp(), clock_timestamp()
from unnest(%(channels)s::text[]) as channel
on conflict (event_id, channel) do nothing

-- channels_due --
select distinct namespace, channel from deliveries
where state in ('Pending', 'Retrying') and due_at <= clock_timestamp()

-- take_delivery --
-- The oldest one of a channel; whoever takes it has `lease` seconds before another may. A crash between the
-- take and the result makes it due again then: attempts counts it.
update deliveries set due_at = clock_timestamp() + make_interval(secs => %(lease)s),
    attempts = attempts + 1, tried_at = clock_timestamp(), reported = false
where (event_id, channel) = (
    select event_id, channel from deliveries
    where namespace = %(namespace)s and channel = %(channel)s
        and state in ('Pending', 'Retrying') and due_at <= clock_timestamp()
    order by due_at
    limit 1
    for update skip locked
)
returning event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at

-- delivery_result --
update deliveries set state = %(state)s, last_error = %(error)s, reported = false, tried_at = clock_timestamp(),
    due_at = clock_timestamp() + make_interval(secs => %(delay)s)
where event_id = %(event_id)s and channel = %(channel)s

-- put_back_delivery --
-- Not tried after all (the channel is resting, or its limit is used up).
update deliveries set attempts = attempts - 1, due_at = clock_timestamp() + make_interval(secs => %(delay)s)
where event_id = %(event_id)s and channel = %(channel)s

-- unreported_deliveries --
select event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at from deliveries
where not reported and tried_at is not null and (state in ('Delivered', 'Failed') or last_error is not null)
order by tried_at limit %(limit)s

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
select event_id, namespace, channel, reminder, event, attempts, state, last_error, tried_at from deliveries
where event_id = %(event_id)s order by channel
