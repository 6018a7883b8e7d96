// What is said of a task wherever it stands: how urgent, whether done, in which order. Pure.

import { compareDue, dueOf } from "./dates.js";

/** @type {Record<string, 0|1|2|3>} */
const LEVEL = { Urgent: 0, High: 1, Medium: 2, Low: 3 };
/** @param {any} task @returns {0|1|2|3} */
export const level = (task) => LEVEL[task.spec.priority ?? "Medium"] ?? 2;
export const isDone = (/** @type {any} */ task) => task.spec.completed === true;
/** One of our own tasks that watch over the system is nobody's business. @param {any} task */
export const isOurs = (task) => Boolean(task.metadata.labels?.["todotasks.dev/canary"] || task.metadata.labels?.["todotasks.dev/verify"]);

const collator = new Intl.Collator();

/** By due, then priority, then title. @param {any} a @param {any} b */
export function order(a, b) {
  return (
    compareDue(dueOf(a), dueOf(b)) ||
    level(a) - level(b) ||
    collator.compare(a.spec.title, b.spec.title) ||
    collator.compare(a.metadata.name, b.metadata.name)
  );
}
