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
