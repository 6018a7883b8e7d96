-- Which firing of a reminder is the last one: its result is what the Reminder's status says.
create index deliveries_reminder on deliveries (namespace, reminder, created_at);
