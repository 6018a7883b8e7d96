-- Who was told of a reminder, and who is still to be told: one row for each event and channel. PostgreSQL
-- alone knows this (a lost table means that the reminders of the topic's retention would be delivered again).
create table deliveries (
    event_id text collate "C" not null,
    namespace text collate "C" not null,
    channel text collate "C" not null,
    reminder text collate "C" not null,
    event bytea not null,
    state text not null check (state in ('Pending', 'Retrying', 'Delivered', 'Failed')),
    attempts integer not null default 0,
    due_at timestamptz not null,  -- when it is tried next; ahead of now while somebody is trying it
    last_error text,
    tried_at timestamptz,
    reported boolean not null default false,  -- its result is in Kafka and in the Reminder's status
    created_at timestamptz not null,
    primary key (event_id, channel)
);

create index deliveries_due on deliveries (namespace, channel, due_at) where state in ('Pending', 'Retrying');
create index deliveries_unreported on deliveries (tried_at) where not reported and tried_at is not null;
create index deliveries_created on deliveries (created_at);
