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
