-- Health of TodoTask, RecurrenceRule, Reminder and NotificationChannel for Argo CD. Ready means accepted and scheduled, so an open task is
-- Healthy; Stalled is what only an edit can heal.
local hs = { status = "Progressing", message = "Waiting for the operator" }
if obj.status == nil or obj.status.conditions == nil then
  return hs
end
if obj.status.observedGeneration ~= nil and obj.metadata.generation ~= nil
  and obj.status.observedGeneration < obj.metadata.generation then
  hs.message = "The operator has not seen the last change yet"
  return hs
end
local found = {}
for _, condition in ipairs(obj.status.conditions) do
  found[condition.type] = condition
end
if found.Stalled ~= nil and found.Stalled.status == "True" then
  return { status = "Degraded", message = found.Stalled.message or found.Stalled.reason or "Stalled" }
end
if found.Ready == nil then
  return hs
end
hs.message = found.Ready.message or found.Ready.reason or ""
if found.Ready.status == "False" then
  hs.status = "Degraded"
elseif found.Ready.status == "True" then
  hs.status = "Healthy"
  if found.Suspended ~= nil and found.Suspended.status == "True" then
    hs.status = "Suspended"
  end
end
return hs
