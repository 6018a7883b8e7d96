import { useState } from "preact/hooks";
import { Icon } from "./icons.jsx";
import { Preview } from "./rule.jsx";
import { dayOf, timeOf } from "./dates.js";
import { isOf, said, sayDuration, sayReminder } from "./schedule.js";
import * as store from "./store.js";

const { t, locale } = store;
const WHEN = ["0s", "10m", "30m", "1h", "1d", "1w"];
const AGAIN = ["", "10m", "1h", "1d"];
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/i;
/** As the field has it: an instant in the reader's zone, a local time as it is written. @param {string} at */
const fieldOf = (at) => (OFFSET.test(at) ? `${dayOf(new Date(at))}T${timeOf(new Date(at))}` : at.slice(0, 16));
/** As it is kept: an instant, unless it was a local time of the task's zone. @param {string} field @param {string|undefined} was */
const atOf = (field, was) => {
  if (was && field === fieldOf(was)) return was;
  return !field || (was && !OFFSET.test(was)) ? field : new Date(field).toISOString().replace(".000Z", "Z");
};

/** @param {{task: any, entry: any, onSave: (entry: any) => void, onCancel: () => void}} props */
function Form({ task, entry, onSave, onCancel }) {
  const [draft, setDraft] = useState(/** @type {any} */ ({ before: entry?.at ? "" : (entry?.before ?? (task.spec.due ? "1h" : "")), at: entry?.at ? fieldOf(entry.at) : "", repeatEvery: entry?.repeatEvery ?? "", maxRepeats: entry?.maxRepeats ?? "", channels: (entry?.channels ?? []).join(" ") }));
  const [byTime, setByTime] = useState(Boolean(entry?.at) || !task.spec.due);
  const set = (/** @type {any} */ some) => setDraft({ ...draft, ...some });
  const made = {
    ...said(byTime ? { at: atOf(draft.at, entry?.at) } : { before: draft.before }),
    ...said({ repeatEvery: draft.repeatEvery }),
    ...(draft.repeatEvery && draft.maxRepeats ? { maxRepeats: Number(draft.maxRepeats) } : {}),
    ...(draft.channels.trim() ? { channels: draft.channels.trim().split(/[\s,]+/) } : {}),
  };
  const whole = Boolean(byTime ? draft.at : draft.before);
  const zone = task.spec.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <form class="stack card" onSubmit={(event) => { event.preventDefault(); if (whole) onSave(made); }}>
      <div class="pair">
        <label><span>{t.value("When")}</span>
          <select value={byTime ? "at" : WHEN.includes(draft.before) ? draft.before : "other"} onChange={(event) => { const value = event.currentTarget.value; setByTime(value === "at"); if (value !== "at") set({ before: value === "other" ? "2h" : value }); }}>
            {task.spec.due && WHEN.map((before) => <option key={before} value={before}>{sayReminder({ before }, locale.value, t.value)}</option>)}
            {task.spec.due && <option value="other">{t.value("other …")}</option>}
            <option value="at">{t.value("at a time")}</option>
          </select>
        </label>
        {byTime && <label><span>{t.value("At")}</span><input type="datetime-local" value={draft.at} onInput={(event) => set({ at: event.currentTarget.value })} required /></label>}
        {!byTime && !WHEN.includes(draft.before) && <label><span>{t.value("Before")}</span><input value={draft.before} placeholder="1d12h" pattern="([0-9]+[wdhms])+" onInput={(event) => set({ before: event.currentTarget.value.trim() })} required /></label>}
        <label><span>{t.value("Again until done")}</span>
          <select value={draft.repeatEvery} onChange={(event) => set({ repeatEvery: event.currentTarget.value })}>
            {[...new Set([...AGAIN, draft.repeatEvery])].map((every) => <option key={every} value={every}>{every ? t.value("again every {duration}", { duration: sayDuration(every, t.value) }) : t.value("no")}</option>)}
          </select>
        </label>
        {draft.repeatEvery && <label><span>{t.value("At most")}</span><input type="number" min={1} max={1000} value={draft.maxRepeats} placeholder="∞" onInput={(event) => set({ maxRepeats: event.currentTarget.value })} /></label>}
        <label><span>{t.value("Channels")}</span><input value={draft.channels} placeholder={t.value("the default ones")} onInput={(event) => set({ channels: event.currentTarget.value })} /></label>
      </div>
      {whole && <Preview ask={{ reminder: { reminder: made, ...(task.spec.due ? { due: task.spec.due } : {}) }, timeZone: zone }} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} />}
      <div class="buttons"><button class="primary" disabled={!whole}>{entry ? t.value("Save") : t.value("Add")}</button><button type="button" onClick={onCancel}>{t.value("Cancel")}</button></div>
    </form>
  );
}

/** What a task reminds of: its own entries, and the Reminders that somebody made beside them. @param {{task: any}} props */
export function Reminders({ task }) {
  const [edited, setEdited] = useState(/** @type {number|"new"|null} */ (null));
  const { namespace } = task.metadata;
  const own = store.reminders.value.filter((each) => each.metadata.namespace === namespace && each.spec.taskRef?.name === task.metadata.name);
  const entries = /** @type {any[]} */ (task.spec.reminders ?? []);
  const write = (/** @type {any[]} */ list) => {
    setEdited(null);
    store.change(task, list.length ? { reminders: list } : { clear: ["reminders"] }, { reminders: list.length ? list : null });
  };
  const made = own.filter((each) => !each.metadata.ownerReferences?.some((/** @type {any} */ owner) => owner.controller));
  const next = (/** @type {any} */ reminder) => {
    const at = reminder?.status?.fireTime;
    if (reminder?.spec.suspend) return t.value("paused");
    return at ? new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at)) : reminder?.status?.firedAt ? t.value("told") : "";
  };
  const act = (/** @type {any} */ command) => store.act([command], namespace, task.spec.title).catch(store.tellError);
  const pause = (/** @type {any} */ reminder) => reminder && (
    <button class="link" onClick={() => act({ action: "reminder-set", name: reminder.metadata.name, spec: { suspend: !reminder.spec.suspend } })}>{reminder.spec.suspend ? t.value("Resume") : t.value("Pause")}</button>
  );
  return (
    <section>
      <h2>{t.value("Reminders")}</h2>
      <ul class="small-list">
        {entries.map((entry, i) => {
          const child = own.find((each) => !made.includes(each) && isOf(each, entry));
          const what = sayReminder(entry, locale.value, t.value);
          return edited === i ? (
            <li key={i}><Form task={task} entry={entry} onSave={(changed) => write(entries.map((each, k) => (k === i ? changed : each)))} onCancel={() => setEdited(null)} /></li>
          ) : (
            <li key={i}>
              <Icon name="bell" size={16} /><button class="link grow" onClick={() => setEdited(i)} title={t.value("Change")}>{what}{entry.channels?.length ? ` → ${entry.channels.join(", ")}` : ""}</button>
              <span class="due">{next(child)}</span>{pause(child)}
              <button class="icon-button" aria-label={t.value("Remove {what}", { what })} title={t.value("Delete")} onClick={() => write(entries.filter((_, k) => k !== i))}><Icon name="close" size={16} /></button>
            </li>
          );
        })}
        {made.map((each) => {
          const what = sayReminder(each.spec, locale.value, t.value);
          return (
            <li key={each.metadata.uid}>
              <Icon name="bell" size={16} /><span class="grow" title={each.metadata.name}>{what}{each.spec.message ? `: ${each.spec.message}` : ""}</span>
              <span class="due">{next(each)}</span>{pause(each)}
              <button class="icon-button" aria-label={t.value("Remove {what}", { what })} title={t.value("Delete")} onClick={() => act({ action: "reminder-delete", name: each.metadata.name })}><Icon name="close" size={16} /></button>
            </li>
          );
        })}
      </ul>
      {store.alarms.value === "default" && (entries.length > 0 || made.length > 0) && <p class="hint"><button class="link add" onClick={store.askForAlarms}><Icon name="bell" size={16} /> {t.value("Show reminders as notifications")}</button></p>}
      {edited === "new" ? <Form task={task} entry={null} onSave={(entry) => write([...entries, entry])} onCancel={() => setEdited(null)} /> : <button class="link add" onClick={() => setEdited("new")}><Icon name="plus" size={16} /> {t.value("Add a reminder")}</button>}
    </section>
  );
}
