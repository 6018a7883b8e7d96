-- The mirror (what the API server holds, searchable), the outbox (what Kafka is still to get), and who may
-- write them. Everything here can be deleted and is rebuilt from the API server; what has happened before is
-- then in Kafka only.

-- One row per elected part. Its lock is the writers' queue: who holds it writes, the others wait.
create table leadership (
    name text collate "C" primary key,
    epoch bigint not null,
    holder text not null,
    since timestamptz not null
);

-- How far each watch has been read; written in the transaction of the batch that got there.
create table positions (
    source text collate "C" primary key,
    resource_version text not null,
    epoch bigint not null,
    updated_at timestamptz not null
);

-- What a search finds a task by: its namespace as the lexeme `ns:<namespace>`, and the lexemes that the caller
-- has made of title, notes and tags (`todotasks.text`: a list in memory is compared with the same ones).
create function task_search(namespace text, lexemes text[]) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(array['ns:' || namespace] || lexemes);

create table tasks (
    uid text collate "C" primary key,
    namespace text collate "C" not null,
    name text collate "C" not null,
    resource_version bigint not null,
    generation bigint not null,
    title text not null,
    priority_rank smallint not null,  -- 1 Urgent, 2 High, 3 Medium, 4 Low: ascending is most urgent first
    tags text[] not null,
    project text,
    assignee text,
    parent text collate "C",
    completed boolean not null,
    overdue boolean not null,
    blocked boolean not null,
    all_day boolean not null,
    due_time timestamptz,
    completion_time timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,  -- null: it lives
    archive_reason text,
    search_hash bigint not null,  -- of the text in `search`, which is made anew only when that changes
    search tsvector not null,
    doc jsonb,  -- the object; null only in a damaged row
    -- Whether a rule made it, from the document itself: no writer has to know.
    recurring boolean not null generated always as (
        coalesce(
            doc @? '$.metadata.ownerReferences[*] ? (@.kind == "RecurrenceRule" && @.controller == true)', false
        )
    ) stored
) with (fillfactor = 80);  -- room on the page for the next version of a row, which then needs no index entry

-- For whoever looks with psql (`\d+ tasks`).
comment on table tasks is 'The tasks as the API server holds them, for search. Written by the operator alone; rebuilt if deleted.';
comment on column tasks.resource_version is 'metadata.resourceVersion of what is in doc';
comment on column tasks.priority_rank is '1 Urgent, 2 High, 3 Medium, 4 Low: ascending is the most urgent first';
comment on column tasks.tags is 'spec.tags as they were written';
comment on column tasks.parent is 'spec.parent: the name of the task of which it is a part';
comment on column tasks.overdue is 'condition Overdue of the status: open, and its due time has passed';
comment on column tasks.blocked is 'condition Blocked of the status: it waits for another task';
comment on column tasks.all_day is 'whether spec.due is a day; due_time is then the beginning of that day in the zone of the task';
comment on column tasks.due_time is 'the instant at which it is due: spec.due in its zone (spec.timeZone, else that of the namespace, else UTC)';
comment on column tasks.completion_time is 'when it was completed; null while open, and for a moment after';
comment on column tasks.archived_at is 'when it was deleted; null: it lives';
comment on column tasks.archive_reason is 'why it is archived; null: it lives';
comment on column tasks.search_hash is 'of the text in search, which is made anew only when that changes';
comment on column tasks.search is 'what a search finds it by: ns:<namespace>, and the lexemes of title, notes and tags';
comment on column tasks.doc is 'the whole object as JSON: doc->''spec''->>''due'', doc->''status''->''conditions''';
comment on column tasks.recurring is 'whether a rule made it';

-- Lists are per namespace (several namespaces are merged), in the order of the index's tail; `uid` makes the
-- order total, so that a keyset cursor never skips or repeats. A task without due comes last.
-- updated_at has no index: it changes with every write, and each write would then touch all the others too.
create index tasks_due on tasks (namespace, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null;
create index tasks_open_due on tasks (namespace, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and not completed;
create index tasks_overdue on tasks (namespace, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and overdue;
create index tasks_open_priority
    on tasks (namespace, priority_rank, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and not completed;
create index tasks_created on tasks (namespace, created_at, uid) where archived_at is null;
-- What was completed a moment ago has no completion time yet: it is the last one.
create index tasks_completion on tasks (namespace, coalesce(completion_time, 'infinity'::timestamptz), uid)
    where archived_at is null and completed;
create index tasks_blocked on tasks (namespace, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and blocked;
create index tasks_title on tasks (namespace, (lower(left(title, 100)) collate "C"), uid)
    where archived_at is null;
create index tasks_archived on tasks (namespace, archived_at, uid) where archived_at is not null;
create index tasks_project on tasks (namespace, project, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and project is not null;
create index tasks_assignee on tasks (namespace, assignee, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and assignee is not null;
-- Somebody's tasks in a project, where either has thousands.
create index tasks_assignee_project
    on tasks (namespace, assignee, project, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and assignee is not null and project is not null;
create index tasks_parent on tasks (namespace, parent) where archived_at is null and parent is not null;
create index tasks_name on tasks (namespace, name);
-- With the namespace: of a tag that is common elsewhere only this namespace's tasks are read.
create index tasks_tags on tasks using gin ((tags || ('ns:' || namespace))) where archived_at is null;
-- How common a tag is there: of an index by elements the planner takes no statistics, and guesses 25.
create statistics tasks_tags_here on (tags || ('ns:' || namespace)) from tasks;
-- A search reads all that waits to be merged into a GIN index: keep that short (kilobytes).
create index tasks_search on tasks using gin (search) with (gin_pending_list_limit = 512)
    where archived_at is null;

-- Every word that was ever in a task, with its trigrams: a misspelt or partial word is first looked up
-- here, in thousands of words instead of millions of tasks, and the words found are searched in `search`.
create table words (
    word text collate "C" primary key,
    trigrams text[] not null
);

create index words_trigrams on words using gin (trigrams) with (fastupdate = off);

create table objects (
    uid text collate "C" primary key,
    kind text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    resource_version bigint not null,
    doc jsonb,
    updated_at timestamptz not null,
    archived_at timestamptz,
    archive_reason text
) with (fillfactor = 80);

create index objects_name on objects (kind, namespace, name);

-- For whoever looks with psql: rules, reminders and channels as columns. The same rows as in objects, read anew at each look.
create function instant_of(text text) returns timestamptz language plpgsql stable parallel safe as $$
begin
    return text::timestamptz;
exception when others then
    return null;  -- what the API server takes as a time is more than PostgreSQL knows
end
$$;

create view rules as
select uid, namespace, name,
    doc #>> '{spec,template,spec,title}' as title,
    coalesce(doc #>> '{status,schedule}', doc #>> '{spec,cron}', doc #>> '{spec,rrule}') as schedule,
    coalesce(doc #>> '{status,timeZone}', doc #>> '{spec,timeZone}') as time_zone,
    coalesce(doc #>> '{spec,basis}', 'Schedule') as basis,
    coalesce(doc #>> '{spec,suspend}', 'false') = 'true' as suspended,
    instant_of(doc #>> '{status,nextScheduleTime}') as next_time,
    instant_of(doc #>> '{status,lastScheduleTime}') as last_time,
    coalesce((doc #>> '{status,occurrences}')::numeric, 0) as occurrences,
    coalesce((doc #>> '{status,activeCount}')::numeric, 0) as open_tasks,
    doc @? '$.status.conditions[*] ? (@.type == "Ready" && @.status == "True")' as ready,
    updated_at, archived_at, doc
from objects where kind = 'RecurrenceRule';
comment on view rules is 'The recurrence rules as the API server holds them, from objects.';
comment on column rules.schedule is 'in words; as the spec has it until the operator has seen it';
comment on column rules.next_time is 'when the next task is due; null: none, or not known yet (basis Completion)';
comment on column rules.open_tasks is 'how many of its tasks are open';

create view reminders as
select uid, namespace, name,
    doc #>> '{spec,taskRef,name}' as task,
    doc #>> '{spec,at}' as at,
    doc #>> '{spec,beforeDue}' as before_due,
    doc #>> '{spec,repeatEvery}' as repeat_every,
    instant_of(doc #>> '{spec,snoozeUntil}') as snoozed_until,
    coalesce(doc #>> '{spec,suspend}', 'false') = 'true' as suspended,
    doc #>> '{spec,message}' as message,
    instant_of(doc #>> '{status,fireTime}') as fire_time,
    instant_of(doc #>> '{status,firedAt}') as fired_at,
    coalesce((doc #>> '{status,firedCount}')::numeric, 0) as fired_count,
    jsonb_path_query_array(doc, '$.status.deliveries[*].state') as deliveries,
    doc @? '$.status.conditions[*] ? (@.type == "Ready" && @.status == "True")' as ready,
    updated_at, archived_at, doc
from objects where kind = 'Reminder';
comment on view reminders is 'The reminders as the API server holds them, from objects.';
comment on column reminders.task is 'name of the task, in the same namespace';
comment on column reminders.fire_time is 'when it fires next; null: not any more, or not known yet';
comment on column reminders.deliveries is 'what became of the last firing, by channel: Delivered, Failed, Pending';

create view channels as
select uid, namespace, name,
    case when doc -> 'spec' ? 'email' then 'email' when doc -> 'spec' ? 'webhook' then 'webhook' else 'apprise' end as sends_by,
    coalesce(doc #>> '{spec,default}', 'false') = 'true' as is_default,
    doc @? '$.status.conditions[*] ? (@.type == "Ready" && @.status == "True")' as ready,
    updated_at, archived_at, doc
from objects where kind = 'NotificationChannel';
comment on view channels is 'The notification channels as the API server holds them, from objects; their secrets are not in it.';

-- Rows live for milliseconds: vacuum by count, not by share.
create table outbox (
    seq bigserial primary key,
    id text collate "C" not null unique,
    topic text not null,
    key text not null,
    headers jsonb not null,
    value bytea,
    created_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What time itself gave birth to: each id once, also after its outbox row is gone.
create table happenings (
    id text collate "C" primary key,
    at timestamptz not null
);

create index happenings_at on happenings (at);

create table dead_letters (
    id text collate "C" primary key,
    topic text not null,
    key text not null,
    headers jsonb not null,
    value bytea,
    error text not null,
    at timestamptz not null
);

-- Who was told of a reminder, and who is still to be told: one row for each event and channel.
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
    left_recipients text[],  -- of a mail that some have: who is to be tried again; null: all of the channel's
    refused jsonb,  -- of such a mail, who never will have it: address -> the server's answer
    report_at timestamptz,  -- not to be told before then, because it could not be; null: at once
    primary key (event_id, channel)
);

create index deliveries_due on deliveries (namespace, channel, due_at) where state in ('Pending', 'Retrying');
create index deliveries_unreported on deliveries (coalesce(report_at, tried_at))
    where not reported and tried_at is not null;
create index deliveries_created on deliveries (created_at);
create index deliveries_reminder on deliveries (namespace, reminder, created_at);

-- What was said and shown, what waits for a yes, what undo takes back: PostgreSQL alone knows this. Losing
-- it loses references and undo, never a task.
create table conversations (
    owner text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    body bytea not null,
    updated_at timestamptz not null,
    primary key (owner, id)
);

create index conversations_updated on conversations (updated_at);

-- Answers to requests with an idempotency key: the same request again gets the same answer.
create table answers (
    owner text collate "C" not null,
    key text collate "C" not null,
    body_hash bytea not null,
    answer bytea not null,
    at timestamptz not null,
    primary key (owner, key)
);

create index answers_at on answers (at);

-- The audit log: who did what and when, in one chain of hashes. Rows are only ever added; the triggers refuse the rest to
-- everybody but a superuser who takes the triggers away, and what such a one does shows against the heads that are
-- published outside of this database (docs/audit.md).
--
-- The hash is made and checked by the program, over `body`, which is JSON with sorted keys, byte by byte; `record` is the
-- same for queries, the other columns are parts of it that a query needs, and are compared with it by the verifier.
create table audit_log (
    seq bigint not null,
    recorded_at timestamptz not null,
    event_id text collate "C" not null,
    at timestamptz not null,  -- when it happened, or was found out
    source text collate "C" not null,  -- attempt, observed, delivery, gap
    action text collate "C" not null,  -- task.created, create, reminder.due …
    actor text collate "C",
    namespace text collate "C" not null,
    name text collate "C" not null,
    kind text collate "C" not null,
    uid text collate "C",
    version bigint,  -- observed: the resourceVersion; attempt: the one before
    title text,
    body text collate "C" not null,
    hash bytea not null,
    record jsonb generated always as (body::jsonb) stored,
    search tsvector generated always as (
        to_tsvector('simple', coalesce(actor, '') || ' ' || action || ' ' || namespace || ' ' || name || ' '
            || coalesce(title, ''))
    ) stored
) partition by range (recorded_at);

create index audit_log_seq on audit_log (seq);
create index audit_log_event on audit_log (event_id);
create index audit_log_namespace on audit_log (namespace, seq desc);
create index audit_log_actor on audit_log (actor, seq desc);
create index audit_log_object on audit_log (uid, source, version);
create index audit_log_name on audit_log (namespace, kind, name, seq desc);
create index audit_log_action on audit_log (action, seq desc);
create index audit_log_search on audit_log using gin (search);

-- Heads that were signed: the sequence number and hash of a row, and who vouches for it. A closing head is the last row of a
-- month; only with it may the month be dropped, and the next one be verified from it.
create table audit_heads (
    seq bigint not null,
    hash bytea not null,
    signed_at timestamptz not null,
    key_id text collate "C" not null,
    signature bytea not null,
    closes text collate "C" not null default '',  -- the partition whose last row it is
    primary key (seq, closes)
);

create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: the audit log is only ever added to', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_log_only_grows before update or delete on audit_log
    for each row execute function audit_refuse();
create trigger audit_log_stays before truncate on audit_log
    for each statement execute function audit_refuse();
create trigger audit_heads_only_grow before update or delete on audit_heads
    for each row execute function audit_refuse();
create trigger audit_heads_stay before truncate on audit_heads
    for each statement execute function audit_refuse();

-- The partition of a month. Owned by who made the table, so that who writes needs no right to make tables.
create function audit_make_partition(month date) returns text language plpgsql security definer
    set search_path from current as $$
declare
    first date := date_trunc('month', month)::date;
    part text := 'audit_log_' || to_char(first, 'YYYYMM');
begin
    -- Two consumers at a month's beginning: the second waits, and finds it made.
    perform pg_advisory_xact_lock(x'746F646F61756470'::bigint);
    if to_regclass(part) is null then
        execute format(
            'create table %I partition of audit_log for values from (%L) to (%L)',
            part, first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00'
        );
        execute format(
            'create trigger %I before truncate on %I for each statement execute function audit_refuse()',
            part || '_stays', part
        );
        execute format('create unique index %I on %I (seq)', part || '_once', part);
        execute format('create unique index %I on %I (event_id)', part || '_event_once', part);
    end if;
    return part;
end
$$;

-- Drop a month that is over and closed: its last row is a signed head.
create function audit_drop_partition(part text) returns bigint language plpgsql security definer
    set search_path from current as $$
declare
    last bigint;
begin
    if part !~ '^audit_log_[0-9]{6}$' or to_regclass(part) is null then
        raise exception '% is no partition of the audit log', part;
    end if;
    execute format('select max(seq) from %I', part) into last;
    if last is not null and not exists (select from audit_heads where seq = last and closes = part) then
        raise exception '% is not closed: its last row, %, is no signed head', part, last
            using errcode = 'insufficient_privilege';
    end if;
    execute format('drop table %I', part);
    return coalesce(last, 0);
end
$$;

-- The role that may add and look, and nothing else. Where this role may not make roles (a managed server), whoever runs it
-- makes it and grants it (docs/audit.md).
do $$
begin
    if not exists (select from pg_roles where rolname = 'todotasks_audit') then
        create role todotasks_audit nologin;
    end if;
exception when insufficient_privilege or duplicate_object or unique_violation then
    raise notice 'the role todotasks_audit could not be made';
end
$$;
do $$
begin
    if exists (select from pg_roles where rolname = 'todotasks_audit') then
        execute format('grant usage on schema %I to todotasks_audit', current_schema());
        grant select, insert on audit_log, audit_heads to todotasks_audit;
        execute format('grant todotasks_audit to %I', current_user);
    end if;
exception when insufficient_privilege or invalid_grant_operation or internal_error then
    raise notice 'the rights of todotasks_audit could not be given';
end
$$;
