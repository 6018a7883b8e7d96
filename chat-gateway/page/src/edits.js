// What the page does to tasks: each edit is shown at once, sent as a typed command, and taken back with a sentence when
// it is refused. Without network it is kept, and compared with how things are before it is sent.

import * as api from "./api.js";
import { Dropped, newKey, Outbox } from "./outbox.js";
import { forgetUndo, home, keep, moved, pending, queued, sentence, stream, t, tell, tellError, today, user } from "./state.js";
import { isDone } from "./views.js";

export const mine = new Set(); // uids that this window is changing
const AGAIN = 3_000; // milliseconds until what waits is tried again
export const outbox = new Outbox(localStorage, api.edits, api.framed);
const look = () => (queued.value = outbox.waiting);

/** @param {string} username */
export function own(username) {
  outbox.owner = username;
  keep("last", username);
  look();
}
/** @type {ReturnType<typeof setTimeout>|undefined} */
let again;
outbox.later = () => {
  look();
  clearTimeout(again);
  again = setTimeout(flush, AGAIN);
};
export async function flush() {
  if (!user.value) return;
  const { refused, later } = await outbox.flush();
  look();
  if (later?.status === 401) dispatchEvent(new CustomEvent("signedout")); // it stays in this person's queue
  else if (queued.value.some((each) => !each.conflict)) outbox.later();
  for (const { title, error } of refused) tell({ kind: "error", text: `${title}: ${sentence(error)}`, stays: true });
}
addEventListener("online", flush);
addEventListener("storage", (event) => event.key === outbox.key && look()); // another window of this person

/** The task as the server has it, without edits of our own; undefined where that is not known. @param {string} uid */
function theirs(uid) {
  if (!stream.live?.ready || stream.live.state.state !== "live") return undefined;
  return stream.live.replica.held.get(uid)?.base ?? null;
}
const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
outbox.compare = (entry) => {
  const found = [];
  for (const { uid, spec } of entry.bases ?? []) {
    const task = theirs(uid);
    if (task === undefined) return undefined;
    if (task === null) continue; // gone: the server says so itself
    const who = String(/** @type {any} */ (task.metadata.annotations)?.["todotasks.dev/last-actor"] ?? "").replace(/^.*:/, "");
    for (const [field, was] of Object.entries(spec)) {
      const now = task.spec[field] ?? null;
      const mine = entry.wanted?.[field] ?? null;
      if (!same(now, was) && !same(now, mine)) found.push({ field, mine, theirs: now, who });
    }
  }
  return found;
};
/** @param {string} id @param {boolean} keepMine */
export function decide(id, keepMine) {
  if (keepMine) outbox.insist(id);
  else outbox.drop(id);
  look();
  flush();
}

/** Why an answer did not do what was asked, or undefined. @param {any} answer */
export const refusal = (answer) => answer.problem ?? answer.edits?.find((/** @type {any} */ each) => each.problem)?.problem;

/** What answers say, with undo of all of them. @param {any[]} answers */
export function report(...answers) {
  moved();
  const failed = answers.filter(refusal);
  for (const answer of failed) tell({ kind: "error", text: answer.reply || refusal(answer).message });
  const done = answers.filter((answer) => !failed.includes(answer));
  if (!done.length) return;
  const kubectl = done.flatMap((answer) => answer.edits ?? []).map((/** @type {any} */ edit) => edit.kubectl).filter(Boolean).join("\n");
  const remarks = done.flatMap((answer) => answer.remarks ?? []);
  const text = [...done.map((answer) => answer.reply), ...(remarks.length === 1 ? remarks : [])].filter(Boolean).join(" ");
  const undoable = done.filter((answer) => answer.undo).length;
  tell({ text, kubectl, remarks: remarks.length > 1 ? remarks : [], action: undoable ? { label: t.value("Undo"), run: () => undo(undoable), takesBack: true } : undefined });
}

/** @template T @param {() => Promise<T>} work @returns {() => Promise<T>} */
function once(work) {
  /** @type {Promise<T>|undefined} */ let running;
  return () => (running ??= work());
}

/**
 * One command about tasks that are there: shown at once, and taken back when it is refused.
 * @param {any[]} about @param {(task: any) => any} patch a merge patch, or null where nothing can be shown yet @param {any} command without its target
 */
export async function edit(about, patch, command, confirmed = false) {
  /** @type {Map<string, any[]>} */
  const spaces = new Map();
  for (const task of about) spaces.set(task.metadata.namespace, [...(spaces.get(task.metadata.namespace) ?? []), task]);
  const many = confirmed || about.length > 1;
  moved();
  // One after the other, for they belong to one conversation; but what cannot be sent does not hold up that the next is kept.
  let before = Promise.resolve();
  const works = [...spaces].map(([namespace, group]) => {
    const turn = before;
    let next = () => {};
    before = new Promise((resolve) => (next = () => resolve(undefined)));
    return inNamespace(namespace, group, patch, command, many, turn, next).finally(next);
  });
  const results = await Promise.allSettled(works);
  for (const result of results) if (result.status === "rejected" && !(result.reason instanceof Dropped)) tellError(result.reason);
  const answers = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (answers.length) report(...answers);
}
/** @param {string} namespace @param {any[]} group @param {(task: any) => any} patch @param {any} command @param {boolean} confirmed @param {Promise<void>} turn @param {() => void} kept */
async function inNamespace(namespace, group, patch, command, confirmed, turn, kept) {
  const body = { namespace, confirmed, commands: [{ ...command, target: { names: group.map((task) => task.metadata.name) } }] };
  const uids = group.map((task) => task.metadata.uid);
  for (const uid of uids) mine.add(uid);
  const wanted = patch(group[0])?.spec;
  // What is set to a value of one's own can be in the way of somebody else's; done is done, whoever says it.
  const fields = Object.keys(wanted ?? {}).filter((field) => field in (command.changes ?? {}) || command.changes?.clear?.includes(field));
  const was = (/** @type {any} */ task) => stream.live?.replica.held.get(task.metadata.uid)?.base.spec ?? task.spec;
  const bases = fields.length && group.length === 1 ? [{ uid: uids[0], spec: Object.fromEntries(fields.map((field) => [field, was(group[0])[field] ?? null])) }] : undefined;
  let answer = /** @type {any} */ (null);
  const send = once(async () => {
    pending.value = new Set([...pending.value, ...uids]);
    try {
      await turn;
      answer = await outbox.send(body, group[0].spec.title, { bases, wanted, kept });
    } finally {
      look();
      pending.value = new Set([...pending.value].filter((uid) => !uids.includes(uid)));
    }
    const refused = refusal(answer);
    if (refused) throw new Error(answer.reply || refused.message);
    return {};
  });
  const shown = group.map((task) => {
    const change = patch(task);
    return change && stream.live?.get(task.metadata.uid) ? stream.live.edit("TodoTask", task.metadata.uid, change, send) : send();
  });
  const failed = (await Promise.allSettled(shown)).find((result) => result.status === "rejected");
  setTimeout(() => uids.forEach((uid) => mine.delete(uid)), 3_000);
  if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
  return answer;
}

export const setDone = (/** @type {any[]} */ about, /** @type {boolean} */ done) =>
  edit(about, () => ({ spec: { completed: done } }), { action: done ? "complete" : "reopen" });
export const toggle = (/** @type {any} */ task) => setDone([task], !isDone(task));
/** @param {any[]} about @param {string} day keeps the time of those that have one */
export const toDay = (about, day) =>
  edit(about, (task) => ({ spec: { due: task.spec.due?.length > 10 ? day + task.spec.due.slice(10) : day } }), { action: "update", changes: { due: day } });
export const toToday = (/** @type {any[]} */ about) => toDay(about, today());
/** @param {any} task @param {any} changes @param {any} spec what it will look like */
export const change = (task, changes, spec) => edit([task], () => ({ spec }), { action: "update", changes });
export const prioritize = (/** @type {any[]} */ about, /** @type {string} */ priority) =>
  edit(about, () => ({ spec: { priority } }), { action: "update", changes: { priority } });
/** Puts off what reminds of them. @param {any[]} about @param {string} by */
export const snooze = (about, by) => edit(about, () => null, { action: "snooze", by });
/** Gone at once, and back with undo. @param {any[]} about */
export const remove = (about) => edit(about, () => null, { action: "delete" }, true);

/**
 * @param {any[]} commands @param {string} namespace @param {string} title of what it is about, for when it waits
 * @returns {Promise<any>} the answer; null where it waits to be sent
 */
export async function act(commands, namespace, title, confirmed = false) {
  /** @type {(value: null) => void} */
  let kept = () => {};
  const waits = new Promise((resolve) => (kept = resolve));
  const sent = outbox.send({ namespace, commands, ...(confirmed ? { confirmed } : {}) }, title, { kept: () => kept(null) }).finally(look).then((answer) => {
    report(answer);
    return answer;
  });
  const first = await Promise.race([sent, waits]);
  if (first !== null) return first;
  tell({ text: `${t.value("Kept. It is sent when the connection is back.")} ${title}` });
  sent.catch((error) => error instanceof Dropped || tellError(error));
  return null;
}
/** @param {any[]} commands @param {string} namespace */
export const create = (commands, namespace = home.value) => act(commands, namespace, commands.map((each) => each.task?.title ?? "").join(", "));
/** @param {number} [messages] how many of the last ones */
export async function undo(messages = 1) {
  forgetUndo();
  try {
    const answers = [];
    for (let i = 0; i < messages; i += 1) answers.push(await api.edits({ namespace: home.value, commands: [{ action: "undo" }], idempotencyKey: newKey() }));
    report(...answers);
  } catch (error) {
    tellError(error);
  }
}
