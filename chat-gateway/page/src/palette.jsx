import { useEffect, useRef, useState } from "preact/hooks";
import * as store from "./store.js";
import { fold } from "./views.js";

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

function actions() {
  const about = store.rows.value.filter((task) => store.selected.value.has(task.metadata.uid) || task.metadata.uid === store.cursor.value);
  const to = (/** @type {string} */ name) => () => store.goView({ name });
  return [
    ...[["Today", "today"], ["Upcoming", "upcoming"], ["Overdue", "overdue"], ["All open", "all"], ["Completed", "completed"], ["Repeating", "repeating"], ["Audit", "audit"]].map(([label, name]) => ({ label: t.value(label), run: to(name) })),
    ...store.count.value.projects.map(([value]) => ({ label: `${t.value("Project")}: ${value}`, run: () => store.goView({ name: "project", value }) })),
    ...store.count.value.tags.map(([value]) => ({ label: `#${value}`, run: () => store.goView({ name: "tag", value }) })),
    ...(about.length
      ? [
          { label: t.value("Complete"), run: () => store.setDone(about, true) },
          { label: t.value("To today"), run: () => store.toDay(about, store.today()) },
        ]
      : []),
    ...store.filters.value.map((each) => ({ label: `${t.value("Filter")}: ${each.title}`, run: () => store.goView({ name: "search", q: each.q, title: each.title }) })),
    { label: t.value("New recurring task"), run: () => store.go("/rule/new") },
    { label: t.value("Undo"), run: store.undo },
    { label: t.value("Chat"), run: () => (store.dialog.value = "chat") },
    ...(store.alarms.value === "default" ? [{ label: t.value("Show reminders as notifications"), run: store.askForAlarms }] : []),
    { label: t.value("Keyboard"), run: () => (store.dialog.value = "keys") },
    ...["system", "light", "dark"].map((name) => ({ label: `${t.value("Theme")}: ${t.value(name[0].toUpperCase() + name.slice(1))}`, run: () => { store.theme.value = name; store.keep("theme", name); } })),
    ...[["en", "English"], ["de", "Deutsch"]].map(([code, label]) => ({ label: `${t.value("Language")}: ${label}`, run: () => { store.language.value = code; store.keep("language", code); } })),
    { label: t.value("Sign out"), run: () => store.signOut() },
  ];
}

export function Palette() {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const isOpen = store.dialog.value === "palette";
  useEffect(() => {
    if (isOpen) {
      setWords("");
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

const KEYS = [["q", "add a task"], ["/", "search"], ["Ctrl K", "every action"], ["j k ↓ ↑", "down, up"], ["x", "select"], ["Space", "done"], ["Enter", "open"], ["d", "due date"], ["p", "priority"], ["#", "Tags"], ["Del", "delete"], ["u", "undo"], ["c", "chat"], ["g t · g u · g a", "go to today, upcoming, all"], ["Esc", "back"], ["?", "this sheet"]];
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
  const about = store.selected.value.size ? rows.filter((each) => store.selected.value.has(each.metadata.uid)) : task ? [task] : [];
  const focus = (/** @type {string} */ id) => {
    if (!task) return;
    const there = () => document.getElementById(id);
    if (store.open.value === task && there()) there()?.focus(); // at once: the next key is typed already
    else {
      store.openTask(task);
      requestAnimationFrame(() => requestAnimationFrame(() => there()?.focus()));
    }
  };
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
      const next = new Set(store.selected.value);
      if (!next.delete(task.metadata.uid)) next.add(task.metadata.uid);
      store.selected.value = next;
    },
    d: () => focus("due-words"), e: () => focus("task-title"), p: () => focus("task-priority"), "#": () => focus("task-tag"), t: () => focus("task-tag"), m: () => focus("task-project"), a: () => focus("task-assignee"),
    u: store.undo,
    Delete: () => about.length && confirm(about.length > 1 ? t.value("Delete {n} tasks?", { n: about.length }) : t.value("Delete this task?")) && store.remove(about),
    Escape: () => {
      if (store.dialog.value) store.dialog.value = null;
      else if (store.address.value.task || store.address.value.rule) store.closeTask();
      else store.selected.value = new Set();
    },
    ...(onControl ? {} : { " ": () => about.length && store.setDone(about, !about.every((each) => each.spec.completed)), Enter: () => task && store.openTask(task) }),
  });
  keys.ArrowDown = keys.j;
  keys.ArrowUp = keys.k;
  if (before === "g") {
    const to = /** @type {Record<string, string>} */ ({ t: "today", u: "upcoming", a: "all", o: "overdue", c: "completed", r: "repeating" })[event.key];
    before = "";
    if (to) {
      event.preventDefault();
      store.goView({ name: to });
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
