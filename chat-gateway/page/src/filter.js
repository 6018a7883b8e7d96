// The words of a search, and a filter made of them: groups of conditions, of which one group must hold whole. Pure.
//
//     #home p1 or @ana -is:done due:week project:"Haus & Hof"

import { addDays, dayOf, dueOf, isOverdue } from "./dates.js";
import { fold, within } from "./fold.js";
import { isDone, level } from "./tasks.js";

/** @typedef {{word: string, not: boolean}} Condition  as it is written, without the "-" in front */

/** Groups of conditions; "or" stands between them. @param {string} q @returns {Condition[][]} */
export function conditions(q) {
  /** @type {Condition[][]} */
  const groups = [[]];
  for (const [token] of q.matchAll(/-?(?:[^\s"]*"[^"]*"?|\S+)/g)) {
    const folded = fold(token);
    if (folded === "or" || folded === "oder") {
      groups.push([]);
      continue;
    }
    const not = token.length > 1 && token.startsWith("-");
    groups[groups.length - 1].push({ word: not ? token.slice(1) : token, not });
  }
  return groups.filter((group) => group.length);
}

/** The words of groups of conditions. @param {Condition[][]} groups */
export const wordsOf = (groups) =>
  groups.filter((group) => group.length).map((group) => group.map(({ word, not }) => (not ? `-${word}` : word)).join(" ")).join(" or ");

/** A value as it stands behind `project:` and the like. @param {string} value */
export const quoted = (value) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value);

/** Whether a task fits one condition. @param {string} word @returns {(task: any, now: Date) => boolean} */
function holds(word) {
  const folded = fold(word).replaceAll('"', "");
  const value = folded.slice(folded.indexOf(":") + 1);
  const named = (/** @type {string} */ kind) => folded.startsWith(`${kind}:`) && value.length > 0;
  if (word.startsWith("#") && word.length > 1) return (task) => (task.spec.tags ?? []).some((/** @type {string} */ tag) => fold(tag) === folded.slice(1));
  if (word.startsWith("@") && word.length > 1) {
    const stands = within(word.slice(1));
    return (task) => stands(task.spec.assignee ?? "");
  }
  if (named("project")) return (task) => fold(task.spec.project ?? "").includes(value);
  if (/^p[1-4]$/.test(folded)) return (task) => level(task) === Number(folded[1]) - 1;
  if (named("is")) {
    if (value === "done") return isDone;
    if (value === "open") return (task) => !isDone(task);
    if (value === "overdue") return (task, now) => !isDone(task) && isOverdue(dueOf(task), now);
    if (value === "blocked") return (task) => Boolean(task.status?.conditions?.some((/** @type {any} */ c) => c.type === "Blocked" && c.status === "True"));
    if (value === "repeating") return (task) => Boolean(task.metadata.ownerReferences?.some((/** @type {any} */ owner) => owner.kind === "RecurrenceRule"));
  }
  if (named("due")) {
    if (value === "none") return (task) => !dueOf(task);
    if (value === "any") return (task) => Boolean(dueOf(task));
    const days = /** @type {Record<string, [number, number]>} */ ({ today: [0, 0], tomorrow: [1, 1], week: [0, 6], month: [0, 30] })[value];
    if (days) return (task, now) => { const day = dueOf(task)?.day; return day !== undefined && day >= addDays(dayOf(now), days[0]) && day <= addDays(dayOf(now), days[1]); };
    const date = /^([<>]?)(\d{4}-\d{2}-\d{2})$/.exec(value);
    if (date) return (task) => { const day = dueOf(task)?.day; return day !== undefined && (date[1] === "<" ? day < date[2] : date[1] === ">" ? day > date[2] : day === date[2]); };
  }
  const stands = within(word.replaceAll('"', ""));
  return (task) => stands(`${task.spec.title} ${task.spec.notes ?? ""} ${task.metadata.name}`);
}

/** @param {string} q @returns {{any: ((task: any, now: Date) => boolean)[][]}} groups of which one must hold */
export function query(q) {
  return {
    any: conditions(q).map((group) => group.map(({ word, not }) => {
      const fits = holds(word);
      return not ? (/** @type {any} */ task, /** @type {Date} */ now) => !fits(task, now) : fits;
    })),
  };
}

/** @param {any[]} tasks @param {string} q @param {Date} now */
export function search(tasks, q, now) {
  const { any } = query(q);
  if (!any.length) return [];
  return tasks.filter((task) => any.some((group) => group.every((fits) => fits(task, now))));
}
