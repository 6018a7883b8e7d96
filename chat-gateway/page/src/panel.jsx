import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "./api.js";
import { Icon } from "./icons.jsx";
import { Check } from "./list.jsx";
import * as store from "./store.js";
import { dueOf, isOverdue, sayExactly } from "./dates.js";
import { Above, Dependencies, Parts } from "./parts.jsx";
import { Reminders } from "./reminders.jsx";
import { sayRule } from "./said.js";
import { document as asYaml } from "./yaml.js";

const { t, locale } = store;

/** A text that is changed in its place: kept on blur and Enter, dropped on Escape. @param {any} props */
function Edited({ value, onSave, label, multiline = false, id, placeholder = "" }) {
  const [draft, setDraft] = useState(/** @type {string|null} */ (null));
  const save = () => {
    if (draft !== null && draft.trim() !== value.trim() && (draft.trim() || !id)) onSave(draft.trim());
    setDraft(null);
  };
  const common = /** @type {const} */ ({
    id, dir: "auto", value: draft ?? value, placeholder, "aria-label": label,
    onInput: (/** @type {any} */ event) => setDraft(event.currentTarget.value),
    onBlur: save,
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        setDraft(null);
        /** @type {HTMLElement} */ (event.currentTarget).blur();
      }
      if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        /** @type {HTMLElement} */ (event.currentTarget).blur();
      }
    },
  });
  return multiline ? <textarea rows={Math.min(12, (draft ?? value).split("\n").length + 1)} maxLength={16384} {...common} /> : <textarea class="line" rows={Math.max(1, Math.ceil((draft ?? value).length / 32))} maxLength={512} {...common} />;
}

/** A date by words, with what they mean below. @param {{task: any}} props */
function DueField({ task }) {
  const [words, setWords] = useState("");
  const [meant, setMeant] = useState(/** @type {any} */ (null)); // false: the words say no time
  const due = dueOf(task);
  useEffect(() => {
    setMeant(null);
    if (!words.trim()) return;
    const aborted = new AbortController();
    const timer = setTimeout(() => api.parse(`x ${words}`, task.metadata.namespace, aborted.signal).then((answer) => setMeant(answer.readings[0]?.due ?? false), (error) => error.name !== "AbortError" && setMeant(false)), 80);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [words]);
  const set = (/** @type {any} */ event) => {
    event.preventDefault();
    if (!meant) return;
    const local = meant.slice(0, meant.length > 10 ? 16 : 10);
    store.change(task, { due: local }, { due: local });
    setWords("");
  };
  return (
    <form class="due-field" onSubmit={set}>
      {due && <p id="due-now" class={isOverdue(due, store.now.value) && !task.spec.completed ? "late" : ""}>{sayExactly(due, locale.value, t.value)}</p>}
      <input id="due-words" value={words} onInput={(event) => setWords(event.currentTarget.value)} placeholder={t.value("tomorrow 17:00, friday, in 2 weeks …")} aria-label={t.value("Due")} aria-describedby="due-now" autocomplete="off" />
      {meant && <button class="primary">{t.value("Set")}: {new Intl.DateTimeFormat(locale.value, meant.length > 10 ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium" }).format(new Date(meant.length > 10 ? meant : `${meant}T12:00`))}</button>}
      {meant === false && <p class="faint" role="status">{t.value("These words say no time. Try: {example}", { example: t.value("friday 17:00") })}</p>}
      {due && !words && <button type="button" class="icon-button" aria-label={t.value("No due date")} title={t.value("No due date")} onClick={() => store.change(task, { clear: ["due"] }, { due: null })}><Icon name="close" size={16} /></button>}
    </form>
  );
}

/** @param {{text: string, label: string}} props */
export const Copy = ({ text, label }) => (
  <button class="link" onClick={() => store.copy(text)}>
    <Icon name="copy" size={16} /> {label}
  </button>
);

const UNWANTED = new Set(["Overdue", "Blocked", "Stalled"]); // what is not well when it is true
/** What a condition says of an object: well, not well, or neither. @param {any} condition */
const tone = ({ type, status }) => (UNWANTED.has(type) ? (status === "True" ? "bad" : "no") : status === "True" ? "yes" : type === "Ready" ? "bad" : "no");
/** @param {{conditions: any[]|undefined}} props */
export const Conditions = ({ conditions = [] }) => (
  <ul class="conditions">
    {conditions.map((c) => <li key={c.type}><span class={`state ${tone(c)}`}>{c.type}={c.status}</span> <b>{c.reason}</b><p>{c.message}</p></li>)}
  </ul>
);

export function Panel() {
  const task = store.open.value;
  const wanted = store.address.value.task;
  const [tab, setTab] = useState("details");
  const [tag, setTag] = useState("");
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (wanted && !box.current?.contains(document.activeElement)) box.current?.focus();
  }, [wanted?.name, wanted?.namespace, task === null]);
  if (!wanted) return null;
  if (!task) {
    return store.ready.value ? (
      <aside class="panel" ref={box} tabIndex={-1} aria-label={t.value("Details")}>
        <header><button class="icon-button" aria-label={t.value("Close")} onClick={store.closeTask}><Icon name="close" /></button></header>
        <p class="empty-hint">{t.value("Nothing here.")} <code>{wanted.namespace}/{wanted.name}</code></p>
      </aside>
    ) : null;
  }
  const { spec, metadata, status } = task;
  const owner = metadata.ownerReferences?.find((/** @type {any} */ each) => each.controller && each.kind === "RecurrenceRule");
  const rule = owner && store.rules.value.find((each) => each.metadata.uid === owner.uid);
  const actor = metadata.annotations?.["todotasks.dev/last-actor"]?.replace(/^.*:/, "");
  const history = `/audit?q=${encodeURIComponent(metadata.name)}`;
  const kubectl = `kubectl get todotask ${metadata.name} -n ${metadata.namespace} -o yaml`;
  return (
    <aside class="panel" ref={box} tabIndex={-1} aria-label={`${t.value("Details")}: ${spec.title}`}>
      <header>
        <Check task={task} />
        <span class="where">{metadata.namespace}/{metadata.name}</span>
        <button class="icon-button" aria-label={t.value("Delete")} title={t.value("Delete")} onClick={() => { store.remove([task]); store.closeTask(); }}><Icon name="trash" /></button>
        <button class="icon-button" aria-label={t.value("Close")} title={t.value("Close")} onClick={store.closeTask}><Icon name="close" /></button>
      </header>
      <Above task={task} />
      <h1 class={spec.completed ? "done" : ""}>
        <Edited key={metadata.uid} id="task-title" value={spec.title} label={t.value("Title")} onSave={(/** @type {string} */ title) => store.change(task, { title }, { title })} />
      </h1>
      <nav class="tabs" aria-label={t.value("Details")}>
        {[["details", t.value("Details")], ["yaml", "YAML"], ["state", t.value("Conditions")]].map(([name, label]) => (
          <button key={name} aria-current={tab === name ? "true" : undefined} onClick={() => setTab(name)}>{label}</button>
        ))}
      </nav>
      {tab === "yaml" && (
        <div class="code">
          <p><Copy text={asYaml(task)} label={t.value("Copy")} /> <Copy text={kubectl} label="kubectl" /></p>
          <pre tabIndex={0}>{asYaml(task)}</pre>
        </div>
      )}
      {tab === "state" && (
        <>
          <Conditions conditions={status?.conditions} />
          <p class="changed faint">
            {actor && t.value("Changed last by {who}.", { who: actor })}
            <a href={history} onClick={(event) => { if (event.ctrlKey || event.metaKey) return; event.preventDefault(); store.go(history); }}>{t.value("Who changed what")}</a>
          </p>
        </>
      )}
      {tab === "details" && (
        <div class="fields">
          <section><h2>{t.value("When")}</h2><DueField key={metadata.uid} task={task} /></section>
          <div class="pair">
            <label><span>{t.value("Priority")}</span>
              <select id="task-priority" value={spec.priority ?? "Medium"} onChange={(event) => store.change(task, { priority: event.currentTarget.value }, { priority: event.currentTarget.value })}>
                {["Urgent", "High", "Medium", "Low"].map((name) => <option key={name} value={name}>{t.value(name)}</option>)}
              </select>
            </label>
            <label><span>{t.value("Project")}</span>
              <input id="task-project" dir="auto" key={`${metadata.uid}${spec.project}`} defaultValue={spec.project ?? ""} list="projects" maxLength={253} onChange={(event) => { const project = event.currentTarget.value.trim(); store.change(task, project ? { project } : { clear: ["project"] }, { project: project || null }); }} />
            </label>
            <label><span>{t.value("Assignee")}</span>
              <input id="task-assignee" key={`${metadata.uid}${spec.assignee}`} defaultValue={spec.assignee ?? ""} maxLength={253} onChange={(event) => { const assignee = event.currentTarget.value.trim(); store.change(task, assignee ? { assignee } : { clear: ["assignee"] }, { assignee: assignee || null }); }} />
            </label>
          </div>
          <section>
            <h2>{t.value("Tags")}</h2>
            <div class="tags">
              {(spec.tags ?? []).map((/** @type {string} */ name) => (
                <span key={name} class="chip">#{name}<button aria-label={t.value("Remove tag {tag}", { tag: name })} onClick={() => store.change(task, { removeTags: [name] }, { tags: spec.tags.filter((/** @type {string} */ each) => each !== name) })}><Icon name="close" size={12} /></button></span>
              ))}
              <form onSubmit={(event) => { event.preventDefault(); const name = tag.trim().replace(/^#/, ""); if (name) store.change(task, { addTags: [name] }, { tags: [...(spec.tags ?? []), name] }); setTag(""); }}>
                <input id="task-tag" value={tag} onInput={(event) => setTag(event.currentTarget.value)} placeholder={t.value("Add a tag")} aria-label={t.value("Add a tag")} maxLength={63} />
              </form>
            </div>
          </section>
          <section>
            <h2>{t.value("Notes")}</h2>
            <Edited key={metadata.uid} value={spec.notes ?? ""} label={t.value("Notes")} multiline onSave={(/** @type {string} */ notes) => store.change(task, notes ? { notes } : { clear: ["notes"] }, { notes: notes || null })} />
          </section>
          <Parts task={task} />
          <Dependencies key={`waits-${metadata.uid}`} task={task} />
          <Reminders key={`reminds-${metadata.uid}`} task={task} />
          <section>
            <h2>{t.value("Repeating")}</h2>
            {rule ? <button class="link add" onClick={() => store.openRule(rule)}><Icon name="repeating" size={16} /> {sayRule(rule)}</button>
              : <button class="link add" onClick={() => store.go(`/rule/new?task=${encodeURIComponent(`${metadata.namespace}/${metadata.name}`)}`)}><Icon name="repeating" size={16} /> {t.value("Make it come back")}</button>}
          </section>
          {spec.links?.length > 0 && <section><h2>{t.value("Links")}</h2><ul class="small-list">{spec.links.filter((/** @type {any} */ each) => /^https?:/.test(each.url)).map((/** @type {any} */ each) => <li key={each.url}><a href={each.url} dir="auto" rel="noopener noreferrer" target="_blank">{each.title || each.url}</a></li>)}</ul></section>}
        </div>
      )}
    </aside>
  );
}
