// What the page knows, as signals: the objects of the live stream, the address, the person's choices. And what it does
// to tasks: each edit is shown at once, sent as a typed command, and taken back with a sentence when it is refused.

import { batch, computed, signal } from "@preact/signals";
import { Live } from "../../chat_gateway/page/static/live.js";
import * as api from "./api.js";
import { dayOf } from "./dates.js";
import { translator } from "./i18n.js";
import { Outbox } from "./outbox.js";
import { addressOf, counts, groupsOf, isDone, isOurs, readAddress } from "./views.js";

const kept = (/** @type {string} */ key, /** @type {string} */ fallback) => localStorage.getItem(`todotasks.${key}`) ?? fallback;
export const keep = (/** @type {string} */ key, /** @type {string} */ value) => localStorage.setItem(`todotasks.${key}`, value);

export const language = signal(kept("language", navigator.language.startsWith("de") ? "de" : "en"));
export const theme = signal(kept("theme", "system"));
export const t = computed(() => translator(language.value));
export const locale = computed(() => (language.value === "de" ? "de" : navigator.language.startsWith("en") ? navigator.language : "en-GB"));
export const now = signal(new Date());

/** @type {import("@preact/signals").Signal<null|false|{username: string}>} null: not known yet; false: signed out */
export const user = signal(null);
export const scope = signal(kept("scope", "")); // the namespace that is looked at; "": all
export const home = signal(kept("home", "default")); // where new tasks go
export const tasks = signal(/** @type {any[]} */ ([]));
export const rules = signal(/** @type {any[]} */ ([]));
export const reminders = signal(/** @type {any[]} */ ([]));
export const folded = signal(/** @type {Set<string>} */ (new Set(JSON.parse(kept("folded", "[]"))))); // uids whose parts are not shown
export const filters = signal(/** @type {{title: string, q: string}[]} */ (JSON.parse(kept("filters", "[]")))); // saved in this browser
export const ready = signal(false);
export const connection = signal(/** @type {any} */ ({ state: "connecting" }));
export const address = signal(readAddress(location.pathname, location.search));
export const view = signal(address.value.view ?? { name: address.value.rule ? "repeating" : "today" });
export const selected = signal(/** @type {Set<string>} */ (new Set()));
export const cursor = signal(/** @type {string|null} */ (null)); // uid of the row that the keys act on
export const touched = signal(/** @type {Map<string, string>} */ (new Map())); // uid -> who, for a short tint
export const pending = signal(/** @type {Set<string>} */ (new Set())); // uids whose edit waits to be sent
export const waiting = signal(0);
export const toasts = signal(/** @type {any[]} */ ([]));
export const dialog = signal(/** @type {string|null} */ (null)); // palette | keys | chat | menu
export const mail = signal(false); // whether caught mails can be read here
export const alarms = signal("Notification" in window ? Notification.permission : "denied"); // what the browser lets us tell
export const problem = signal(/** @type {any} */ (null));

export const groups = computed(() => groupsOf(view.value, tasks.value, now.value, folded.value));
export const rows = computed(() => groups.value.flatMap((group) => group.rows));
export const count = computed(() => counts(tasks.value, now.value));
export const open = computed(() => {
  const wanted = address.value.task;
  return wanted ? (tasks.value.find((task) => task.metadata.namespace === wanted.namespace && task.metadata.name === wanted.name) ?? null) : null;
});

setInterval(() => (now.value = new Date()), 30_000);

// ── the address ─────────────────────────────────────────────────────────────────────────────────────────
/** @param {string} path */
export function go(path) {
  if (location.pathname + location.search !== path) history.pushState(null, "", path);
  follow();
}
export function follow() {
  const read = readAddress(location.pathname, location.search);
  batch(() => {
    address.value = read;
    if (read.view) {
      view.value = read.view;
      selected.value = new Set();
    }
  });
}
addEventListener("popstate", follow);
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
export const closeTask = () => go(addressOf(view.value));

// ── toasts ──────────────────────────────────────────────────────────────────────────────────────────────
let toastId = 0;
/** @param {{text: string, kind?: "error", action?: {label: string, run: () => void}, kubectl?: string, correlation?: string, stays?: boolean, more?: {label: string, run: () => void}}} toast */
export function tell(toast) {
  const id = ++toastId;
  toasts.value = [...toasts.value.slice(-2), { ...toast, id }];
  if (!toast.stays) setTimeout(() => dismiss(id), toast.kind === "error" ? 12_000 : 7_000);
}
export const dismiss = (/** @type {number} */ id) => (toasts.value = toasts.value.filter((toast) => toast.id !== id));
/** @param {any} error */
export function tellError(error) {
  if (error instanceof api.Problem && error.status === 401) {
    signOut(false);
    return;
  }
  tell({ kind: "error", text: error instanceof Error ? error.message : String(error), correlation: error?.correlation });
}

// ── live ────────────────────────────────────────────────────────────────────────────────────────────────
/** @type {Live|null} */
let live = null;
let scheduled = false;
let shown = 0; // when the list was last made
const CALM = 100; // milliseconds between two lists that others have changed
const mine = new Set(); // uids that this window is changing

/** What the stream has said, shown: own edits with the next frame, those of others at most ten times a second. */
function publish(own = false) {
  if (scheduled && !own) return;
  scheduled = true;
  const wait = own ? 0 : Math.max(0, CALM - (performance.now() - shown));
  if (wait) setTimeout(show, wait);
  else show();
}
function show() {
  requestAnimationFrame(() => {
    scheduled = false;
    shown = performance.now();
    const known = live;
    if (!known) return;
    batch(() => {
      tasks.value = known.objects("TodoTask").filter((task) => !isOurs(task));
      rules.value = known.objects("RecurrenceRule");
      reminders.value = known.objects("Reminder");
    });
  });
}

/** @param {any} change */
function tint(change) {
  if (change.pending || change.kind !== "TodoTask" || change.type !== "MODIFIED" || mine.has(change.object.metadata.uid)) return;
  if (change.before?.metadata.generation === change.object.metadata.generation) return; // a status: nobody did anything
  const { uid } = change.object.metadata;
  const stamps = change.object.metadata.annotations ?? {};
  const actor = stamps["todotasks.dev/last-actor"] ?? "";
  touched.value = new Map(touched.value).set(uid, actor === "todotasks:mail-link" ? t.value("mail of {whom}", { whom: stamps["todotasks.dev/mail-link-of"] ?? "?" }) : actor.replace(/^.*:/, ""));
  setTimeout(() => {
    const rest = new Map(touched.value);
    rest.delete(uid);
    touched.value = rest;
  }, 2_500);
}

export function connect() {
  live?.close();
  ready.value = false;
  live = new Live({ namespaces: scope.value ? [scope.value] : [], kinds: ["todotasks", "recurrencerules", "reminders"] });
  live.addEventListener("change", (/** @type {any} */ event) => {
    tint(event.detail);
    publish(event.detail.pending);
  });
  live.addEventListener("synced", () => {
    ready.value = true;
    publish();
    flush();
  });
  live.addEventListener("fired", (/** @type {any} */ event) => fired(event.detail));
  live.addEventListener("state", (/** @type {any} */ event) => {
    connection.value = event.detail;
    if (event.detail.state === "closed" && event.detail.code === 4401) signOut(false);
  });
  live.start();
}

// ── who ─────────────────────────────────────────────────────────────────────────────────────────────────
export async function begin() {
  const code = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  try {
    if (code) {
      history.replaceState(null, "", location.pathname + location.search);
      // Whoever sent the link would otherwise be who this person writes as from now on, unnoticed.
      const already = await api.session().catch(() => null);
      if (already && !confirm(t.value("You are signed in as {who}. Sign in by this link instead?", { who: already.username }))) entered(already);
      else entered(await api.logIn({ code }));
    } else entered(await api.session());
  } catch (error) {
    if (error instanceof TypeError) {
      entered({ username: kept("last", "") }); // no network: the shell shows itself, the stream comes back by itself
    } else {
      user.value = false;
      if (code) problem.value = error;
    }
  }
}
/** @param {{username: string}} who */
function entered(who) {
  user.value = who;
  problem.value = null;
  outbox.owner = who.username;
  keep("last", who.username);
  waiting.value = outbox.waiting.length;
  connect();
  api.call("GET", "/v1/mails?limit=1").then(() => (mail.value = true), () => (mail.value = false));
}
/** Asked on a click, never by itself. */
export async function askForAlarms() {
  alarms.value = await Notification.requestPermission();
  tell({ text: alarms.value === "granted" ? t.value("Reminders are shown by this browser while the page is open.") : t.value("The browser does not allow notifications of this page.") });
}
/** @param {string} token */
export async function signIn(token) {
  entered(await api.logIn({ token }));
}
export async function signOut(asked = true) {
  live?.close();
  live = null;
  if (asked) await api.logOut().catch(() => null);
  batch(() => {
    user.value = false;
    tasks.value = [];
    rules.value = [];
    reminders.value = [];
    ready.value = false;
  });
}
/** @param {string} namespace */
export function look(namespace) {
  keep("scope", namespace);
  if (namespace) {
    keep("home", namespace);
    home.value = namespace;
  }
  scope.value = namespace;
  connect();
}

// ── edits ───────────────────────────────────────────────────────────────────────────────────────────────
const AGAIN = 3_000; // milliseconds until what waits is tried again
const outbox = new Outbox(localStorage, api.edits, api.framed);
/** @type {ReturnType<typeof setTimeout>|undefined} */
let again;
outbox.later = () => {
  waiting.value = outbox.waiting.length;
  clearTimeout(again);
  again = setTimeout(flush, AGAIN);
};
export async function flush() {
  if (!user.value) return;
  const { refused, later } = await outbox.flush();
  waiting.value = outbox.waiting.length;
  if (later?.status === 401) signOut(false); // it stays in this person's queue
  else if (waiting.value) outbox.later();
  for (const { title, error } of refused) tell({ kind: "error", text: `${title}: ${error instanceof Error ? error.message : error}`, stays: true });
}
addEventListener("online", flush);

/** What an answer says, with undo. @param {any} answer */
export function report(answer) {
  const failed = refusal(answer);
  const kubectl = (answer.edits ?? []).map((/** @type {any} */ edit) => edit.kubectl).filter(Boolean).join("\n");
  if (failed) {
    tell({ kind: "error", text: answer.reply || failed.message });
    return;
  }
  const remarks = (answer.remarks ?? []).join(" ");
  tell({ text: [answer.reply, remarks].filter(Boolean).join(" "), kubectl, action: answer.undo ? { label: t.value("Undo"), run: undo } : undefined });
}

/**
 * One command about tasks that are there: shown at once, and taken back when it is refused.
 * @param {any[]} about @param {(task: any) => any} patch a merge patch, or null where nothing can be shown yet @param {any} command without its target
 */
export async function edit(about, patch, command, confirmed = false) {
  /** @type {Map<string, any[]>} */
  const spaces = new Map();
  for (const task of about) spaces.set(task.metadata.namespace, [...(spaces.get(task.metadata.namespace) ?? []), task]);
  for (const [namespace, group] of spaces) {
    const body = { namespace, confirmed: confirmed || group.length > 1, commands: [{ ...command, target: { names: group.map((task) => task.metadata.name) } }] };
    const uids = group.map((task) => task.metadata.uid);
    for (const uid of uids) mine.add(uid);
    let answer = null;
    const send = once(async () => {
      const sent = outbox.send(body, group[0].spec.title);
      waiting.value = outbox.waiting.length;
      pending.value = new Set([...pending.value, ...uids]);
      answer = await sent.finally(() => {
        waiting.value = outbox.waiting.length;
        pending.value = new Set([...pending.value].filter((uid) => !uids.includes(uid)));
      });
      const refused = refusal(answer);
      if (refused) throw new Error(answer.reply || refused.message);
      return {};
    });
    const shown = group.map((task) => {
      const change = patch(task);
      return change && live ? live.edit("TodoTask", task.metadata.uid, change, send) : send();
    });
    const results = await Promise.allSettled(shown);
    setTimeout(() => uids.forEach((uid) => mine.delete(uid)), 3_000);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) tellError(/** @type {PromiseRejectedResult} */ (failed).reason);
    else if (answer) report(answer);
  }
}
/** @template T @param {() => Promise<T>} work @returns {() => Promise<T>} */
function once(work) {
  /** @type {Promise<T>|undefined} */ let running;
  return () => (running ??= work());
}

export const setDone = (/** @type {any[]} */ about, /** @type {boolean} */ done) =>
  edit(about, () => ({ spec: { completed: done } }), { action: done ? "complete" : "reopen" });
export const toggle = (/** @type {any} */ task) => setDone([task], !isDone(task));
/** @param {any[]} about @param {string} day keeps the time of those that have one */
export const toDay = (about, day) =>
  edit(about, (task) => ({ spec: { due: task.spec.due?.length > 10 ? day + task.spec.due.slice(10) : day } }), { action: "update", changes: { due: day } });
export const today = () => dayOf(now.value);
/** @param {any} task @param {any} changes @param {any} spec what it will look like */
export const change = (task, changes, spec) => edit([task], () => ({ spec }), { action: "update", changes });
export const remove = (/** @type {any[]} */ about) => edit(about, () => null, { action: "delete" }, true);

/** Why an answer did not do what was asked, or undefined. @param {any} answer */
export const refusal = (answer) => answer.problem ?? answer.edits?.find((/** @type {any} */ each) => each.problem)?.problem;
/** @param {any[]} commands @param {string} namespace @param {string} title of what it is about, for when it waits */
export async function act(commands, namespace, title, confirmed = false) {
  const answer = await outbox.send({ namespace, commands, ...(confirmed ? { confirmed } : {}) }, title);
  report(answer);
  return answer;
}
/** @param {any[]} commands @param {string} namespace */
export const create = (commands, namespace = home.value) => act(commands, namespace, commands[0]?.task?.title ?? "");
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
export async function undo() {
  try {
    report(await api.edits({ namespace: home.value, commands: [{ action: "undo" }], idempotencyKey: crypto.randomUUID() }));
  } catch (error) {
    tellError(error);
  }
}

/** A reminder that fired: a toast with what to do, and a notification of the browser where that was allowed. @param {any} told */
function fired(told) {
  if (told.task.completed || Date.now() - new Date(told.firedAt).getTime() > 15 * 60_000) return;
  const run = (/** @type {any} */ action) => api.edits({ ...action, idempotencyKey: crypto.randomUUID() }).then(report, tellError);
  const text = told.message || told.task.title || told.task.name;
  tell({
    text: `${t.value("Reminder")}: ${text}`,
    stays: true,
    action: { label: t.value("Done"), run: () => run(told.actions.done) },
    more: { label: t.value("in 10 minutes"), run: () => run(told.actions.snooze) },
  });
  if ("Notification" in window && Notification.permission === "granted") new Notification(text, { tag: `${told.reminder.uid}/${told.firedAt}` });
}
