import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "./api.js";
import { Icon } from "./icons.jsx";
import { Copy, Conditions } from "./panel.jsx";
import { openByArrow } from "./menus.js";
import * as store from "./store.js";
import { DAYS, blank, formOf, inGerman, said, sayReminder, specOf } from "./schedule.js";
import { document as asYaml } from "./yaml.js";

const { t, locale } = store;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const STARTERS = ["every weekday at 9:00", "every Monday", "on the 1st of every month", "the last Friday of the month at 16:00", "every 3 days after completion"];
const BEFORE = ["0s", "10m", "1h", "1d", "1w"];

/** A time of a preview, in the zone of the rule. @param {string} at @param {string} zone */
function sayTime(at, zone) {
  const day = /** @type {const} */ ({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  if (at.length === 10) return new Intl.DateTimeFormat(locale.value, { ...day, timeZone: "UTC" }).format(new Date(`${at}T12:00Z`));
  return new Intl.DateTimeFormat(locale.value, { ...day, hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(at));
}

/** What the server would make of it: the reading, and the next times. Its place is there from the beginning. `zone`: in which to show the times, unless that of the rule. @param {{ask: any, completion?: boolean, zone?: string, says?: string|null}} props */
export function Preview({ ask, completion = false, zone, says = null }) {
  const [told, setTold] = useState(/** @type {any} */ (null));
  const key = JSON.stringify(ask);
  useEffect(() => {
    const aborted = new AbortController();
    const timer = setTimeout(() => api.call("POST", "/v1/preview", ask, aborted.signal).then(setTold, (error) => error.name !== "AbortError" && setTold({ times: [], problems: [{ path: "", detail: error.message }] })), 120);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [key]);
  return (
    <div class="preview" role="status" aria-live="polite">
      <p class="says">{(told?.reading && says) || told?.reading || " "}</p>
      {told?.problems?.map((/** @type {any} */ each) => <p key={each.path} class="wrong">{each.detail}</p>)}
      {told && !told.problems?.length && !told.times.length && <p class="faint">{t.value("No time is left.")}</p>}
      <ol>{(told?.times ?? []).map((/** @type {string} */ at) => <li key={at}><time dateTime={at}>{sayTime(at, zone ?? told.timeZone)}</time></li>)}</ol>
      {completion && told?.times.length > 0 && <p class="faint">{t.value("If each is done on its day.")}</p>}
    </div>
  );
}

/** @param {{form: any, set: (some: any) => void}} props */
function Schedule({ form, set }) {
  const several = form.interval > 1;
  const units = /** @type {Record<string, [string, string]>} */ ({ Daily: ["day", "days"], Weekly: ["week", "weeks"], Monthly: ["month", "months"], Yearly: ["year", "years"] });
  const nths = /** @type {[number, string][]} */ ([[1, "first"], [2, "second"], [3, "third"], [4, "fourth"], [-1, "last"]]);
  const long = (/** @type {number} */ i) => new Intl.DateTimeFormat(locale.value, { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + i)));
  const short = (/** @type {number} */ i) => new Intl.DateTimeFormat(locale.value, { weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + i)));
  if (form.kind !== "form")
    return (
      <label><span>{form.kind === "cron" ? t.value("Cron line") : "RRULE (RFC 5545)"}</span>
        <input value={form.text} onInput={(event) => set({ text: event.currentTarget.value })} placeholder={form.kind === "cron" ? "0 9 * * 1-5" : "FREQ=MONTHLY;BYDAY=2TU"} maxLength={1024} spellcheck={false} />
      </label>
    );
  return (
    <>
      <div class="every">
        <span id="every-label">{t.value("Every")}</span>
        <input type="number" min={1} max={1000} value={form.interval} aria-label={t.value("Interval")} onInput={(event) => set({ interval: Math.max(1, Number(event.currentTarget.value) || 1) })} />
        <select value={form.frequency} aria-label={t.value("Unit")} onChange={(event) => set({ frequency: event.currentTarget.value })}>
          {Object.entries(units).map(([name, [one, many]]) => <option key={name} value={name}>{t.value(several ? many : one)}</option>)}
        </select>
      </div>
      {form.frequency === "Weekly" && (
        <div class="weekdays" role="group" aria-label={t.value("Days")}>
          {DAYS.map((day, i) => (
            <button key={day} type="button" aria-pressed={form.days.includes(day)} onClick={() => set({ days: form.days.includes(day) ? form.days.filter((/** @type {string} */ each) => each !== day) : [...form.days, day] })}><span aria-hidden="true">{short(i)}</span><span class="hidden">{long(i)}</span></button>
          ))}
        </div>
      )}
      {form.frequency === "Monthly" && (
        <div class="every">
          <select value={form.by} aria-label={t.value("Which day")} onChange={(event) => set({ by: event.currentTarget.value, days: event.currentTarget.value === "nth" ? form.days.slice(0, 1) : [] })}>
            <option value="day">{t.value("on day")}</option><option value="nth">{t.value("on the")}</option>
          </select>
          {form.by === "day" ? (
            <select value={form.dayOfMonth} aria-label={t.value("Day")} onChange={(event) => set({ dayOfMonth: Number(event.currentTarget.value) })}>
              {Array.from({ length: 31 }, (_, i) => <option key={i} value={i + 1}>{i + 1}</option>)}<option value={-1}>{t.value("last")}</option>
            </select>
          ) : (
            <>
              <select value={form.nth} aria-label={t.value("Which")} onChange={(event) => set({ nth: Number(event.currentTarget.value) })}>{nths.map(([n, name]) => <option key={n} value={n}>{t.value(name)}</option>)}</select>
              <select value={form.days[0] ?? "Monday"} aria-label={t.value("Day")} onChange={(event) => set({ days: [event.currentTarget.value] })}>{DAYS.map((day, i) => <option key={day} value={day}>{long(i)}</option>)}</select>
            </>
          )}
        </div>
      )}
    </>
  );
}

/** @param {string} path of the address: "new" or namespace/name */
function startOf(path) {
  const wanted = store.address.value.rule;
  const rule = wanted?.name ? store.rules.value.find((each) => each.metadata.namespace === wanted.namespace && each.metadata.name === wanted.name) : null;
  if (rule) return { rule, form: formOf(rule.spec), template: rule.spec.template ?? {}, rest: rule.spec };
  const from = store.tasks.value.find((task) => `${task.metadata.namespace}/${task.metadata.name}` === new URLSearchParams(location.search).get("task"));
  const { title = "", notes, priority, tags, project, assignee, reminders } = from?.spec ?? {};
  const form = blank();
  form.days = path === "new" ? [DAYS[(new Date().getDay() + 6) % 7]] : [];
  if (from?.spec.due?.length > 10) form.time = from.spec.due.slice(11, 16);
  return { rule: null, form, template: { spec: { title, notes, priority, tags, project, assignee, reminders: reminders?.filter((/** @type {any} */ each) => each.before) } }, rest: {} };
}

export function RulePanel() {
  const wanted = store.address.value.rule;
  const path = !wanted ? "" : wanted.name ? `${wanted.namespace}/${wanted.name}` : "new";
  const found = wanted?.name ? store.rules.value.find((each) => each.metadata.namespace === wanted.namespace && each.metadata.name === wanted.name) : null;
  if (!wanted) return null;
  if (wanted.name && !found)
    return store.ready.value ? (
      <aside class="panel" tabIndex={-1} aria-label={t.value("Details")}>
        <header><span class="where" /><button class="icon-button" aria-label={t.value("Close")} onClick={store.closeTask}><Icon name="close" /></button></header>
        <p class="empty-hint">{t.value("Nothing here.")} <code>{path}</code></p>
      </aside>
    ) : null;
  return <Editor key={path + (found?.metadata.uid ?? "")} path={path} />;
}

/** @param {{path: string}} props */
function Editor({ path }) {
  const [start] = useState(() => startOf(path));
  const wanted = store.address.value.rule;
  const rule = start.rule ? (store.rules.value.find((each) => each.metadata.uid === start.rule.metadata.uid) ?? start.rule) : null;
  const [form, setForm] = useState(start.form);
  const [words, setWords] = useState("");
  const [task, setTask] = useState(/** @type {any} */ ({ priority: "Medium", notes: "", project: "", assignee: "", tags: [], reminders: [], ...JSON.parse(JSON.stringify(start.template.spec ?? {})) }));
  const [subtasks, setSubtasks] = useState((start.template.subtasks ?? []).map((/** @type {any} */ each) => each.title).join("\n"));
  const [rest, setRest] = useState(/** @type {any} */ ({ leadTime: "", missedPolicy: "Latest", concurrencyPolicy: "Allow", timeZone: "", ...start.rest }));
  const [tags, setTags] = useState((start.template.spec?.tags ?? []).join(" "));
  const [tab, setTab] = useState("edit");
  const [error, setError] = useState("");
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const title = useRef(/** @type {HTMLInputElement|null} */ (null));
  useEffect(() => {
    if (!rule) title.current?.focus();
    else if (!box.current?.contains(document.activeElement)) box.current?.focus();
  }, []);
  const set = (/** @type {any} */ some) => setForm((before) => ({ ...before, ...some }));
  const zone = rest.timeZone || rule?.status?.timeZone || HERE;
  const was = rule?.spec ?? {};
  const schedule = specOf(form, was, store.today());
  const read = async () => {
    if (!words.trim()) return;
    const told = await api.call("POST", "/v1/preview", { words, timeZone: zone }).catch(() => null);
    if (told?.schedule) {
      setForm(formOf(told.schedule));
      setWords("");
    } else setError(t.value("These words say no schedule. Try: {example}", { example: t.value(STARTERS[0]) }));
  };
  const name = rule?.metadata.name;
  const namespace = rule?.metadata.namespace ?? wanted?.namespace ?? store.home.value;
  async function save(/** @type {any} */ event) {
    event.preventDefault();
    setError("");
    const same = rule && JSON.stringify(form) === JSON.stringify(start.form);
    const empty = (/** @type {any} */ value) => (value === "" || value === undefined || (Array.isArray(value) && !value.length) ? null : value);
    const list = tags.split(/[\s,]+/).map((/** @type {string} */ tag) => tag.replace(/^#/, "")).filter(Boolean);
    const lines = subtasks.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean);
    const before = start.template.subtasks ?? [];
    const spec = {
      ...(same ? {} : schedule),
      timeZone: empty(rest.timeZone), leadTime: empty(rest.leadTime), missedPolicy: rest.missedPolicy, concurrencyPolicy: rest.concurrencyPolicy,
      template: {
        spec: { title: task.title.trim(), notes: empty(task.notes?.trim()), priority: task.priority, tags: empty(list), project: empty(task.project?.trim()), assignee: empty(task.assignee?.trim()), reminders: empty(task.reminders) },
        subtasks: empty(lines.map((/** @type {string} */ line) => before.find((/** @type {any} */ each) => each.title === line) ?? { title: line })),
      },
    };
    if (!rule && !spec.timeZone) delete (/** @type {any} */ (spec)).timeZone; // that of who asks
    const answer = await store.act([{ action: "recurrence-set", ...(name ? { name } : {}), spec }], namespace, task.title).catch((problem) => {
      setError(problem.message);
      return null;
    });
    if (!answer) return;
    const wrong = store.refusal(answer);
    if (wrong) setError(wrong.message);
    else if (!rule) {
      const made = answer.edits?.[0];
      if (made) store.go(`/rule/${made.namespace}/${made.name}`);
    }
  }
  const field = (/** @type {string} */ key, /** @type {string} */ label, /** @type {any} */ more = {}) => (
    <label><span>{label}</span><input value={task[key] ?? ""} onInput={(event) => setTask({ ...task, [key]: event.currentTarget.value })} maxLength={253} {...more} /></label>
  );
  return (
    <aside class="panel rule" ref={box} tabIndex={-1} aria-label={`${t.value("Repeating")}: ${task.title || t.value("New")}`}>
      <header>
        <Icon name="repeating" />
        <span class="where">{rule ? path : t.value("New recurring task in {namespace}", { namespace })}</span>
        {rule && <button class="link" onClick={() => store.act([{ action: "recurrence-stop", target: { names: [`recurrencerules/${name}`] }, resume: Boolean(rule.spec.suspend) }], namespace, task.title).catch(store.tellError)}>{rule.spec.suspend ? t.value("Resume") : t.value("Pause")}</button>}
        {rule && <button class="icon-button" aria-label={t.value("Delete")} title={t.value("Delete")} onClick={() => confirm(t.value("Delete this rule and its open tasks?")) && store.act([{ action: "delete", target: { names: [`recurrencerules/${name}`] } }], namespace, task.title, true).then(store.closeTask, store.tellError)}><Icon name="trash" /></button>}
        <button class="icon-button" aria-label={t.value("Close")} title={t.value("Close")} onClick={store.closeTask}><Icon name="close" /></button>
      </header>
      {rule?.spec.suspend && <p class="paused">{t.value("Paused: no task is made until it is resumed.")}</p>}
      {rule && <nav class="tabs" aria-label={t.value("Details")}>
        {[["edit", t.value("Details")], ["yaml", "YAML"], ["state", t.value("Conditions")]].map(([key, label]) => <button key={key} aria-current={tab === key ? "true" : undefined} onClick={() => setTab(key)}>{label}</button>)}
      </nav>}
      {tab === "yaml" && rule && <div class="code"><p><Copy text={asYaml(rule)} label={t.value("Copy")} /> <Copy text={`kubectl get recurrencerule ${name} -n ${namespace} -o yaml`} label="kubectl" /></p><pre tabIndex={0}>{asYaml(rule)}</pre></div>}
      {tab === "state" && rule && <Conditions conditions={rule.status?.conditions} />}
      {tab === "edit" && (
        <form class="fields" onSubmit={save}>
          <label><span>{t.value("What is to be done")}</span><input ref={title} id="rule-title" value={task.title ?? ""} onInput={(event) => setTask({ ...task, title: event.currentTarget.value })} maxLength={512} required /></label>
          <section>
            <h2>{t.value("When")}</h2>
            <div class="stack">
              <div class="in-words">
                <input value={words} aria-label={t.value("In words")} placeholder={`${t.value("In words")}: ${t.value("every second tuesday at 9")}`} onInput={(event) => setWords(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); read(); } }} maxLength={500} />
                <button type="button" onClick={read} disabled={!words.trim()}>{t.value("Read")}</button>
              </div>
              {!rule && <div class="starters">{STARTERS.map((text) => <button key={text} type="button" class="example" onClick={() => api.call("POST", "/v1/preview", { words: text, timeZone: zone }).then((told) => told.schedule && setForm(formOf(told.schedule)), store.tellError)}>{t.value(text)}</button>)}</div>}
              <Schedule form={form} set={set} />
              <div class="pair">
                {form.kind !== "cron" && <label><span>{t.value("At")}</span><input type="time" value={form.time} aria-describedby="all-day" onInput={(event) => set({ time: event.currentTarget.value })} /></label>}
                <label><span>{t.value("From")}</span><input type="date" value={form.start} onInput={(event) => set({ start: event.currentTarget.value })} /></label>
                <label><span>{t.value("Ends")}</span>
                  <select value={form.ends} onChange={(event) => set({ ends: event.currentTarget.value, until: form.until || store.today() })}><option value="never">{t.value("never")}</option><option value="until">{t.value("on a day")}</option><option value="count">{t.value("after some times")}</option></select>
                </label>
                {form.ends === "until" && <label><span>{t.value("Last day")}</span><input type="date" value={form.until} onInput={(event) => set({ until: event.currentTarget.value })} /></label>}
                {form.ends === "count" && <label><span>{t.value("How often")}</span><input type="number" min={1} value={form.count} onInput={(event) => set({ count: Math.max(1, Number(event.currentTarget.value) || 1) })} /></label>}
              </div>
              <label class="tick"><input type="checkbox" checked={form.basis === "Completion"} onChange={(event) => set({ basis: event.currentTarget.checked ? "Completion" : "Schedule" })} /> <span>{t.value("Count from when the last one was done")}</span></label>
              <Preview ask={{ schedule: said({ ...schedule, timeZone: zone }), timeZone: zone, language: store.language.value }} completion={form.basis === "Completion"} says={store.language.value === "de" ? inGerman(form) : null} />
            </div>
          </section>
          <section>
            <h2>{t.value("Each task")}</h2>
            <div class="stack">
              <div class="pair">
                <label><span>{t.value("Priority")}</span><select value={task.priority ?? "Medium"} onChange={(event) => setTask({ ...task, priority: event.currentTarget.value })}>{["Urgent", "High", "Medium", "Low"].map((each) => <option key={each} value={each}>{t.value(each)}</option>)}</select></label>
                {field("project", t.value("Project"), { list: "projects" })}
                {field("assignee", t.value("Assignee"))}
                <label><span>{t.value("Tags")}</span><input value={tags} onInput={(event) => setTags(event.currentTarget.value)} placeholder="#home #money" /></label>
              </div>
              <label><span>{t.value("Notes")}</span><textarea rows={2} value={task.notes ?? ""} onInput={(event) => setTask({ ...task, notes: event.currentTarget.value })} maxLength={16384} /></label>
              <label><span>{t.value("Subtasks, one a line")}</span><textarea rows={2} value={subtasks} onInput={(event) => setSubtasks(event.currentTarget.value)} /></label>
              <div>
                <h3>{t.value("Reminders")}</h3>
                <ul class="small-list">{(task.reminders ?? []).map((/** @type {any} */ each, /** @type {number} */ i) => <li key={i}><Icon name="bell" size={16} /><span class="grow">{sayReminder(each, locale.value, t.value)}</span><button type="button" class="icon-button" aria-label={t.value("Remove {what}", { what: sayReminder(each, locale.value, t.value) })} onClick={() => setTask({ ...task, reminders: task.reminders.filter((/** @type {any} */ _, /** @type {number} */ k) => k !== i) })}><Icon name="close" size={16} /></button></li>)}</ul>
                <select value="" aria-label={t.value("Add a reminder")} onKeyDown={openByArrow} onChange={(event) => { if (event.currentTarget.value) setTask({ ...task, reminders: [...(task.reminders ?? []), { before: event.currentTarget.value }] }); event.currentTarget.value = ""; }}>
                  <option value="">{t.value("Add a reminder")} …</option>{BEFORE.map((before) => <option key={before} value={before}>{sayReminder({ before }, locale.value, t.value)}</option>)}
                </select>
              </div>
            </div>
          </section>
          <details>
            <summary>{t.value("More")}</summary>
            <div class="pair">
              <label><span>{t.value("Make each task before it is due")}</span><input value={rest.leadTime ?? ""} placeholder="3d" onInput={(event) => setRest({ ...rest, leadTime: event.currentTarget.value.trim() })} /></label>
              <label><span>{t.value("Time zone")}</span><input value={rest.timeZone ?? ""} placeholder={zone} onInput={(event) => setRest({ ...rest, timeZone: event.currentTarget.value.trim() })} /></label>
              <label><span>{t.value("What was missed")}</span><select value={rest.missedPolicy} onChange={(event) => setRest({ ...rest, missedPolicy: event.currentTarget.value })}><option value="Latest">{t.value("the latest is made")}</option><option value="All">{t.value("all are made")}</option><option value="Skip">{t.value("is left out")}</option></select></label>
              <label><span>{t.value("While the last one is open")}</span><select value={rest.concurrencyPolicy} onChange={(event) => setRest({ ...rest, concurrencyPolicy: event.currentTarget.value })}><option value="Allow">{t.value("make another")}</option><option value="Forbid">{t.value("make none")}</option><option value="Replace">{t.value("replace it")}</option></select></label>
              <label><span>{t.value("Written as")}</span><select value={form.kind} onChange={(event) => set({ kind: event.currentTarget.value, text: form.text || (form.kind === "form" ? (specOf(form, { rrule: "x" }, store.today()).rrule ?? "") : "") })}><option value="form">{t.value("fields")}</option><option value="rrule">RRULE</option><option value="cron">cron</option></select></label>
            </div>
          </details>
          {error && <p class="wrong" role="alert">{error}</p>}
          <footer class="save"><button class="primary">{rule ? t.value("Save") : t.value("Create")}</button><button type="button" onClick={store.closeTask}>{t.value("Cancel")}</button></footer>
        </form>
      )}
    </aside>
  );
}
