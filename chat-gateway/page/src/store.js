// The page's knowledge and deeds in one place for its parts: `state` (signals), `edits` (what is done to tasks), and here
// the live stream and who is signed in.

import { batch } from "@preact/signals";
import { Live } from "../../chat_gateway/page/static/live.js";
import * as api from "./api.js";
import { flush, mine, own, report } from "./edits.js";
import { newKey } from "./outbox.js";
import { address, alarms, choose, connection, dialog, home, keep, lastUser, mail, moved, openTask, problem, ready, reminders, rules, scope, stream, t, tasks, tell, tellError, toasts, touched, user } from "./state.js";
import { isOurs } from "./views.js";

export * from "./edits.js";
export * from "./state.js";

// ── live ────────────────────────────────────────────────────────────────────────────────────────────────
let scheduled = false;
let shown = 0; // when the list was last made
const CALM = 100; // milliseconds between two lists that others have changed

/** What the stream has said, shown: own edits with the next frame, those of others at most ten times a second. */
function publish(own = false) {
  if (own) moved();
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
    const known = stream.live;
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
  stream.live?.close();
  ready.value = false;
  const live = new Live({ namespaces: scope.value ? [scope.value] : [], kinds: ["todotasks", "recurrencerules", "reminders"] });
  stream.live = live;
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
    const status = error instanceof api.Problem ? error.status : 0;
    if (!code && (error instanceof TypeError || status >= 500 || status === 429)) {
      entered({ username: lastUser() }); // no network, or no answer yet: the shell shows itself, the stream comes back by itself
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
  own(who.username);
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
/** Nothing of this person stays in sight for the next one. */
export async function signOut(asked = true) {
  stream.live?.close();
  stream.live = null;
  if (asked) await api.logOut().catch(() => null);
  api.forget();
  choose(false);
  dispatchEvent(new CustomEvent("forget"));
  batch(() => {
    user.value = false;
    tasks.value = [];
    rules.value = [];
    reminders.value = [];
    toasts.value = [];
    touched.value = new Map();
    dialog.value = null;
    ready.value = false;
  });
}
addEventListener("signedout", () => user.value && signOut(false));

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

// ── reminders that fire ─────────────────────────────────────────────────────────────────────────────────
/** A toast with what to do, and a notification of the browser where that was allowed. @param {any} told */
function fired(told) {
  if (told.task.completed || Date.now() - new Date(told.firedAt).getTime() > 15 * 60_000) return;
  const run = (/** @type {any} */ action) => api.edits({ ...action, idempotencyKey: newKey() }).then(report, tellError);
  const text = told.message || told.task.title || told.task.name;
  tell({
    text: `${t.value("Reminder")}: ${text}`,
    stays: true,
    about: { metadata: { namespace: told.reminder.namespace, name: told.task.name } },
    action: { label: t.value("Done"), run: () => run(told.actions.done) },
    more: { label: t.value("in 10 minutes"), run: () => run(told.actions.snooze) },
  });
  if (alarms.value === "granted") notify(text, `${told.reminder.uid}/${told.firedAt}`, { metadata: { namespace: told.reminder.namespace, name: told.task.name } });
}
/** Telephones have notifications of a service worker only. @param {string} text @param {string} tag @param {any} task */
async function notify(text, tag, task) {
  const options = { tag, icon: "/static/icon.svg", data: `/task/${task.metadata.namespace}/${task.metadata.name}` };
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (worker?.active) await worker.showNotification(text, options);
  else {
    const shown = new Notification(text, options);
    shown.onclick = () => {
      window.focus();
      openTask(task);
      shown.close();
    };
  }
}
navigator.serviceWorker?.addEventListener("message", (event) => event.data?.open && address.value && openTaskAt(event.data.open));
/** @param {string} path */
function openTaskAt(path) {
  const [, , namespace, name] = path.split("/");
  if (namespace && name) openTask({ metadata: { namespace, name } });
}
