// What the page knows, as signals: the objects of the live stream, the address, the person's choices, what is told.

import { batch, computed, effect, signal } from "@preact/signals";
import { Problem, speech } from "./api.js";
import { calmed } from "./calm.js";
import { dayOf } from "./dates.js";
import { translator } from "./i18n.js";
import { addressOf, counts, groupsOf, readAddress } from "./views.js";

const kept = (/** @type {string} */ key, /** @type {string} */ fallback) => localStorage.getItem(`todotasks.${key}`) ?? fallback;
export const keep = (/** @type {string} */ key, /** @type {string} */ value) => localStorage.setItem(`todotasks.${key}`, value);
/** A list that was kept; what cannot be read is an empty one. @param {string} key @returns {any[]} */
function keptList(key) {
  try {
    const list = JSON.parse(kept(key, "[]"));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export const language = signal(kept("language", navigator.language.startsWith("de") ? "de" : "en"));
effect(() => {
  speech.language = language.value;
});
export const theme = signal(kept("theme", "system"));
export const t = computed(() => translator(language.value));
export const locale = computed(() => (language.value === "de" ? "de" : navigator.language.startsWith("en") ? navigator.language : "en-GB"));
export const now = signal(new Date());
setInterval(() => (now.value = new Date()), 30_000);
export const today = () => dayOf(now.value);
export const lastUser = () => kept("last", "");

/** @type {import("@preact/signals").Signal<null|false|{username: string}>} null: not known yet; false: signed out */
export const user = signal(null);
export const scope = signal(kept("scope", "")); // the namespace that is looked at; "": all
export const home = signal(kept("home", "default")); // where new tasks go
export const tasks = signal(/** @type {any[]} */ ([]));
export const rules = signal(/** @type {any[]} */ ([]));
export const reminders = signal(/** @type {any[]} */ ([]));
export const folded = signal(/** @type {Set<string>} */ (new Set(keptList("folded")))); // uids whose parts are not shown
export const filters = signal(/** @type {{title: string, q: string}[]} */ (keptList("filters"))); // saved in this browser
export const ready = signal(false);
export const connection = signal(/** @type {any} */ ({ state: "connecting" }));
export const address = signal(readAddress(location.pathname, location.search));
export const view = signal(address.value.view ?? { name: address.value.rule ? "repeating" : "today" });
export const selected = signal(/** @type {Set<string>} */ (new Set()));
export const choosing = signal(false); // rows are being selected: a click selects, it does not open
export const cursor = signal(/** @type {string|null} */ (null)); // uid of the row that the keys act on
export const touched = signal(/** @type {Map<string, string>} */ (new Map())); // uid -> who, for a short tint
export const pending = signal(/** @type {Set<string>} */ (new Set())); // uids whose edit waits to be sent
export const queued = signal(/** @type {import("./outbox.js").Waiting[]} */ ([])); // edits that wait to be sent
export const toasts = signal(/** @type {any[]} */ ([]));
export const dialog = signal(/** @type {string|null} */ (null)); // palette | keys | chat | menu
export const mail = signal(false); // whether caught mails can be read here
export const alarms = signal("Notification" in window ? Notification.permission : "denied"); // what the browser lets us tell
export const problem = signal(/** @type {any} */ (null));

/** The live stream while there is one. @type {{live: import("../../chat_gateway/page/static/live.js").Live|null}} */
export const stream = { live: null };

// ── what is shown ───────────────────────────────────────────────────────────────────────────────────────
const HELD = 2_000; // milliseconds that a list stays as it is after the pointer moved over it
const OWN = 1_500; // milliseconds after an edit of one's own in which the list may move: one expects it
export const reading = signal(false); // the pointer is over the list: what others change must not move it
export const arrangement = signal(0); // another number: the list is put in order anew, whoever reads it
/** @type {ReturnType<typeof setTimeout>|undefined} */
let idle;
let mayMove = 0;
/** The pointer moves over the list. @param {number} [long] */
export function hold(long = HELD) {
  if (performance.now() < mayMove) return;
  reading.value = true;
  clearTimeout(idle);
  idle = setTimeout(settle, long);
}
/** Nobody points at the list any more. */
export function settle() {
  clearTimeout(idle);
  reading.value = false;
}
/** This person has done something: the list follows. */
export function moved() {
  mayMove = performance.now() + OWN;
  settle();
  arrangement.value += 1;
}
const fresh = computed(() => groupsOf(view.value, tasks.value, now.value, folded.value));
const list = calmed();
const calm = computed(() => list(fresh.value, tasks.value, reading.value, JSON.stringify([arrangement.value, addressOf(view.value), today(), folded.value.size])));
export const groups = computed(() => calm.value.groups);
export const news = computed(() => calm.value.news); // how many rows would come in between
export const rows = computed(() => groups.value.flatMap((group) => group.rows));
export const count = computed(() => counts(tasks.value, now.value));
export const open = computed(() => {
  const wanted = address.value.task;
  return wanted ? (tasks.value.find((task) => task.metadata.namespace === wanted.namespace && task.metadata.name === wanted.name) ?? null) : null;
});

// ── the address ─────────────────────────────────────────────────────────────────────────────────────────
/** On a phone the chat and the menu cover everything, so going back closes them: they are a step of the history. */
const narrow = matchMedia("(max-width: 800px)");
const covers = (/** @type {string|null} */ name) => narrow.matches && (name === "chat" || name === "menu");
let covered = false;
dialog.subscribe((name) => {
  if (covers(name) && !covered) history.pushState({ over: true }, "");
  else if (covered && !covers(name) && history.state?.over) history.back();
  covered = covers(name);
});
/** @param {string} path */
export function go(path) {
  const leaves = covered && dialog.value !== null;
  if (leaves) history.replaceState(null, "", path);
  else if (location.pathname + location.search !== path) history.pushState(null, "", path);
  if (leaves) dialog.value = null;
  follow();
}
export function follow() {
  const read = readAddress(location.pathname, location.search);
  batch(() => {
    address.value = read;
    if (read.view) {
      if (addressOf(read.view) !== addressOf(view.value)) choose(false);
      view.value = read.view;
    }
  });
}
addEventListener("popstate", () => {
  if (covered && !history.state?.over) dialog.value = null;
  follow();
});
export const goView = (/** @type {any} */ to) => go(addressOf(to));
/** A search while one types: one step back for all of its letters. @param {string} q */
export function typeSearch(q) {
  const path = addressOf({ name: "search", q });
  if (view.value.name === "search" && address.value.view) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  follow();
}
export const openTask = (/** @type {any} */ task) => go(`/task/${task.metadata.namespace}/${task.metadata.name}`);
export const openRule = (/** @type {any} */ rule) => go(`/rule/${rule.metadata.namespace}/${rule.metadata.name}`);
/** Back to the list, and to the row from which one came. */
export function closeTask() {
  const uid = open.value?.metadata.uid ?? cursor.value;
  go(addressOf(view.value));
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement|null} */ (document.querySelector(`.row[data-uid="${uid}"] .title`) ?? document.getElementById("list"))?.focus({ preventScroll: true })));
}

// ── the selection ───────────────────────────────────────────────────────────────────────────────────────
/** @param {boolean} on */
export function choose(on) {
  choosing.value = on;
  if (!on && selected.value.size) selected.value = new Set();
}
let from = ""; // the row from which a range begins
/** @param {string} uid @param {boolean} [range] with all between it and the one before */
export function select(uid, range = false) {
  const next = new Set(selected.value);
  const uids = rows.value.map((task) => task.metadata.uid);
  const [a, b] = [uids.indexOf(from), uids.indexOf(uid)].sort((x, y) => x - y);
  if (range && a >= 0) for (const each of uids.slice(a, b + 1)) next.add(each);
  else if (!next.delete(uid)) next.add(uid);
  from = uid;
  selected.value = next;
}
export const selectAll = () => (selected.value = new Set(rows.value.map((task) => task.metadata.uid)));

// ── choices that stay in this browser ───────────────────────────────────────────────────────────────────
/** @param {string} name */
export function wear(name) {
  theme.value = name;
  keep("theme", name);
}
/** @param {string} code */
export function speakIn(code) {
  language.value = code;
  keep("language", code);
}
/** @param {string} uid */
export function fold(uid) {
  const next = new Set(folded.value);
  if (!next.delete(uid)) next.add(uid);
  folded.value = next;
  keep("folded", JSON.stringify([...next].slice(-500)));
}
/** @param {{title: string, q: string}[]} next */
export function keepFilters(next) {
  filters.value = next;
  keep("filters", JSON.stringify(next));
}

// ── toasts ──────────────────────────────────────────────────────────────────────────────────────────────
/** @typedef {{label: string, run: () => void, takesBack?: boolean}} Action */
let toastId = 0;
/** @param {{text: string, kind?: "error", action?: Action, kubectl?: string, remarks?: string[], correlation?: string, stays?: boolean, more?: Action, about?: any}} toast `about`: the task that it leads to */
export function tell(toast) {
  const id = ++toastId;
  if (toast.action?.takesBack) forgetUndo();
  toasts.value = [...toasts.value.slice(-2), { ...toast, id }];
  if (!toast.stays) fade(id, toast.kind === "error" ? 12_000 : 7_000);
}
/** What is taken back is the last that was done: older messages offer it no more. */
export const forgetUndo = () => (toasts.value = toasts.value.map((each) => (each.action?.takesBack ? { ...each, action: undefined } : each)));
/** @type {Map<number, ReturnType<typeof setTimeout>>} */
const fading = new Map();
/** @param {number} id @param {number} after */
function fade(id, after) {
  fading.set(id, setTimeout(() => dismiss(id), after));
}
/** While one reads a message it stays. @param {number} id @param {boolean} on */
export function holdToast(id, on) {
  if (!fading.has(id)) return;
  clearTimeout(fading.get(id));
  if (!on) fade(id, 4_000);
}
export function dismiss(/** @type {number} */ id) {
  clearTimeout(fading.get(id));
  fading.delete(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
/** What went wrong, as a sentence. @param {any} error */
export function sentence(error) {
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) return t.value("The gateway cannot be reached. Nothing was changed.");
  return error instanceof Error ? error.message : String(error);
}
/** @param {any} error */
export function tellError(error) {
  if (error instanceof Problem && error.status === 401) {
    dispatchEvent(new CustomEvent("signedout"));
    return;
  }
  tell({ kind: "error", text: sentence(error), correlation: error?.correlation });
}
/** A text into the clipboard; pages that came without TLS from another machine have none. @param {string} text */
export async function copy(text) {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const box = Object.assign(document.createElement("textarea"), { value: text, className: "hidden" });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    tell({ text: t.value("Copied.") });
  } catch (error) {
    tellError(error);
  }
}
