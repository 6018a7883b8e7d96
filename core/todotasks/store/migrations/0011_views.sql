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
