-- What searches need beyond the lists of 0001, and what the gateway remembers of conversations.

-- Whether a rule made it, from the document itself: no writer has to know.
alter table tasks add column recurring boolean not null generated always as (
    coalesce(
        doc @? '$.metadata.ownerReferences[*] ? (@.kind == "RecurrenceRule" && @.controller == true)', false
    )
) stored;

-- What was completed a moment ago has no completion time yet: it is the last one.
drop index tasks_completion;
create index tasks_completion on tasks (namespace, coalesce(completion_time, 'infinity'::timestamptz), uid)
    where archived_at is null and completed;
create index tasks_blocked on tasks (namespace, coalesce(due_time, 'infinity'::timestamptz), uid)
    where archived_at is null and blocked;
create index tasks_title on tasks (namespace, (lower(left(title, 100)) collate "C"), uid)
    where archived_at is null;
create index tasks_archived on tasks (namespace, archived_at, uid) where archived_at is not null;

-- With the namespace: of a tag that is common elsewhere only this namespace's tasks are read.
drop index tasks_tags;
create index tasks_tags on tasks using gin ((tags || ('ns:' || namespace))) where archived_at is null;

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
