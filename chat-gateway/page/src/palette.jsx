import { useEffect, useRef, useState } from "preact/hooks";
import * as store from "./store.js";
import { addDays } from "./dates.js";
import { fold, isDone } from "./views.js";

const { t } = store;

/** Letters in their order, near each other: a smaller number fits better; null does not fit. @param {string} query @param {string} text */
export function fit(query, text) {
  let at = -1;
  let cost = 0;
  const folded = fold(text);
  for (const letter of fold(query)) {
    const next = folded.indexOf(letter, at + 1);
    if (next < 0) return null;
    cost += next - at - 1;
    at = next;
  }
  return cost + folded.length / 100;
}

/** What keys and commands are about: what is selected, else what is open, else the row of the cursor. */
function meant() {
  const rows = store.rows.value;
  if (store.selected.value.size) return rows.filter((task) => store.selected.value.has(task.metadata.uid));
  const one = store.open.value ?? rows.find((task) => task.metadata.uid === store.cursor.value);
  return one ? [one] : [];
}
const FIELDS = [["due date", "due-words"], ["Title", "task-title"], ["Tags", "task-tag"], ["Project", "task-project"], ["Assignee", "task-assignee"]];
/** The field of a task, at once where its panel is open. @param {any} task @param {string} id */
function focus(task, id) {
  const there = () => document.getElementById(id);
  if (store.open.value?.metadata.uid === task.metadata.uid && there()) there()?.focus(); // the next key is typed already
  else {
    store.openTask(task);
    requestAnimationFrame(() => requestAnimationFrame(() => there()?.focus()));
  }
}
/** Gone, with undo; many at once are asked for. @param {any[]} about */
function remove(about) {
  if (about.length > 1 && !confirm(t.value("Delete {n} tasks?", { n: about.length }))) return;
  const open = about.some((task) => task === store.open.value);
  store.remove(about);
  if (open) store.closeTask();
}

function actions() {
  const about = meant();
  const to = (/** @type {string} */ name) => () => store.goView({ name });
  return [
    ...[["Today", "today"], ["Upcoming", "upcoming"], ["Overdue", "overdue"], ["All open", "all"], ["Completed", "completed"], ["Repeating", "repeating"], ["Audit", "audit"], ...(store.mail.value ? [["Mail", "mail"]] : [])].map(([label, name]) => ({ label: t.value(label), run: to(name) })),
    ...store.count.value.projects.map(([value]) => ({ label: `${t.value("Project")}: ${value}`, run: () => store.goView({ name: "project", value }) })),
    ...store.count.value.tags.map(([value]) => ({ label: `#${value}`, run: () => store.goView({ name: "tag", value }) })),
    ...(about.length
      ? [
          { label: t.value(about.every(isDone) ? "Reopen" : "Complete"), run: () => store.setDone(about, !about.every(isDone)) },
          { label: t.value("To today"), run: () => store.toToday(about) },
          { label: t.value("To tomorrow"), run: () => store.toDay(about, addDays(store.today(), 1)) },
          ...["Urgent", "High", "Medium", "Low"].map((name) => ({ label: `${t.value("Priority")}: ${t.value(name)}`, run: () => store.prioritize(about, name) })),
          { label: t.value("Remind in an hour"), run: () => store.snooze(about, "1h") },
          { label: t.value("Delete"), run: () => remove(about) },
        ]
      : []),
    ...(about.length === 1 ? FIELDS.map(([label, id]) => ({ label: `${t.value("Change")}: ${t.value(label)}`, run: () => focus(about[0], id) })) : []),
    { label: t.value("Add a task"), run: () => document.getElementById("quickadd")?.focus() },
    { label: t.value("Search tasks"), run: () => document.getElementById("search")?.focus() },
    { label: t.value("Select tasks"), run: () => store.choose(true) },
    { label: t.value("Select all"), run: () => { store.choose(true); store.selectAll(); } },
    ...store.filters.value.map((each) => ({ label: `${t.value("Filter")}: ${each.title}`, run: () => store.goView({ name: "search", q: each.q, title: each.title }) })),
    { label: t.value("New recurring task"), run: () => store.go("/rule/new") },
    { label: t.value("Undo"), run: () => store.undo() },
    { label: t.value("Chat"), run: () => (store.dialog.value = "chat") },
    ...(store.alarms.value === "default" ? [{ label: t.value("Show reminders as notifications"), run: store.askForAlarms }] : []),
    { label: t.value("Keyboard"), run: () => (store.dialog.value = "keys") },
    ...["system", "light", "dark"].map((name) => ({ label: `${t.value("Theme")}: ${t.value(name[0].toUpperCase() + name.slice(1))}`, run: () => store.wear(name) })),
    ...[["en", "English"], ["de", "Deutsch"]].map(([code, label]) => ({ label: `${t.value("Language")}: ${label}`, run: () => store.speakIn(code) })),
    { label: t.value("Sign out"), run: () => store.signOut() },
  ];
}

let begun = ""; // what stands in the palette when it opens
/** @param {string} words */
function palette(words) {
  begun = words;
  store.dialog.value = "palette";
}

export function Palette() {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const isOpen = store.dialog.value === "palette";
  useEffect(() => {
    if (isOpen) {
      setWords(begun);
      begun = "";
      setAt(0);
      dialog.current?.showModal();
    } else dialog.current?.close();
  }, [isOpen]);
  /** @type {{label: string, run: () => void, fits: number|null}[]} */
  const found = !isOpen ? [] : [
    ...actions().map((action) => ({ ...action, fits: fit(words, action.label) })),
    ...(words ? store.tasks.value.slice(0, 5000).map((task) => ({ label: task.spec.title, run: () => store.openTask(task), fits: fit(words, task.spec.title) })) : []),
  ].filter((each) => each.fits !== null).sort((a, b) => (words ? /** @type {number} */ (a.fits) - /** @type {number} */ (b.fits) : 0)).slice(0, 9);
  const run = (/** @type {number} */ i) => {
    dialog.current?.close(); // before: what is done may move the focus
    store.dialog.value = null;
    found[i]?.run();
  };
  return (
    <dialog ref={dialog} class="palette" onClose={() => store.dialog.value === "palette" && (store.dialog.value = null)} aria-label={t.value("Command")}>
      <input value={words} onInput={(event) => { setWords(event.currentTarget.value); setAt(0); }} placeholder={t.value("Type a command or a task")} aria-label={t.value("Type a command or a task")} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={found.length ? `palette-${at}` : undefined} autocomplete="off"
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            run(at);
          }
        }} />
      <ul id="palette-list" role="listbox" aria-label={t.value("Command")}>
        {found.map((each, i) => <li key={i} id={`palette-${i}`} role="option" aria-selected={i === at} onClick={() => run(i)} onMouseMove={() => setAt(i)}>{each.label}</li>)}
      </ul>
    </dialog>
  );
}

const KEYS = [["q", "add a task"], ["/", "search"], ["Ctrl K", "every action"], ["j k ↓ ↑", "down, up"], ["x", "select"], ["Space", "done"], ["Enter", "open"], ["e", "title"], ["d", "due date"], ["p", "priority"], ["t #", "tags"], ["m", "project"], ["a", "assignee"], ["s", "remind in an hour"], ["Del", "delete"], ["u", "undo"], ["c", "chat"], ["g t · g u · g o", "go to today, upcoming, overdue"], ["g a · g c · g r", "go to all, completed, repeating"], ["g p", "go to a project"], ["Esc", "back"], ["?", "this sheet"]];
export function KeySheet() {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const isOpen = store.dialog.value === "keys";
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="keys" onClose={() => store.dialog.value === "keys" && (store.dialog.value = null)} aria-label={t.value("Keyboard")}>
      <h2>{t.value("Keyboard")}</h2>
      <dl>{KEYS.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t.value(what)}</dd></div>)}</dl>
      <button onClick={() => (store.dialog.value = null)}>{t.value("Close")}</button>
    </dialog>
  );
}

let before = ""; // the `g` of `g t`
/** @param {KeyboardEvent} event */
export function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.matches("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    store.dialog.value = store.dialog.value === "palette" ? null : "palette";
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog[open]")) return;
  const rows = store.rows.value;
  const at = rows.findIndex((task) => task.metadata.uid === store.cursor.value);
  const task = store.open.value ?? rows[at];
  const about = meant();
  const field = (/** @type {string} */ id) => () => task && focus(task, id);
  const onControl = target.matches("button, a, summary, [role=checkbox]");
  const keys = /** @type {Record<string, () => void>} */ ({
    q: () => document.getElementById("quickadd")?.focus(),
    "/": () => document.getElementById("search")?.focus(),
    "?": () => (store.dialog.value = "keys"),
    c: () => (store.dialog.value = "chat"),
    j: () => rows.length && (store.cursor.value = rows[Math.min(rows.length - 1, at + 1)].metadata.uid),
    k: () => rows.length && (store.cursor.value = rows[Math.max(0, at - 1)].metadata.uid),
    x: () => {
      if (!task) return;
      store.choose(true);
      store.select(task.metadata.uid);
    },
    d: field("due-words"), e: field("task-title"), p: field("task-priority"), "#": field("task-tag"), t: field("task-tag"), m: field("task-project"), a: field("task-assignee"),
    s: () => about.length && store.snooze(about, "1h"),
    u: () => store.undo(),
    Delete: () => about.length && remove(about),
    Escape: () => {
      if (store.dialog.value) store.dialog.value = null;
      else if (store.address.value.task || store.address.value.rule) store.closeTask();
      else store.choose(false);
    },
    ...(onControl ? {} : { " ": () => about.length && store.setDone(about, !about.every((each) => each.spec.completed)), Enter: () => task && store.openTask(task) }),
  });
  keys.ArrowDown = keys.j;
  keys.ArrowUp = keys.k;
  if (before === "g") {
    const to = /** @type {Record<string, string>} */ ({ t: "today", u: "upcoming", a: "all", o: "overdue", c: "completed", r: "repeating" })[event.key];
    before = "";
    if (to || event.key === "p") {
      event.preventDefault();
      if (to) store.goView({ name: to });
      else palette(`${t.value("Project")}: `);
      return;
    }
  }
  if (event.key === "g") {
    before = "g";
    setTimeout(() => (before = ""), 1_200);
    return;
  }
  const run = keys[event.key];
  if (run) {
    event.preventDefault();
    run();
  }
}
