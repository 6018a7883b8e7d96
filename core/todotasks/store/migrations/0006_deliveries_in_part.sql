-- A mail that some of its recipients have: who is to be tried again, and who was refused for good, with why.
-- And when a result is to be told: one that cannot be told now is put off, and does not hold up the others.
alter table deliveries
    add column left_recipients text[],  -- null: all of the channel's
    add column refused jsonb,  -- address -> the server's answer
    add column report_at timestamptz;  -- null: as soon as there is a result

drop index deliveries_unreported;
create index deliveries_unreported on deliveries (coalesce(report_at, tried_at))
    where not reported and tried_at is not null;
