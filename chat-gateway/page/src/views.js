// What each view shows, in which order. Pure: tasks in, groups of rows out.

import { addDays, compareDue, dayOf, dueOf, isOverdue } from "./dates.js";

/** @typedef {{key: string, title: string|null, rows: any[], day?: string, action?: "allToToday"}} Group */
/** @typedef {{name: string, value?: string, q?: string}} View */

const LEVEL = { Urgent: 0, High: 1, Medium: 2, Low: 3 };
/** @param {any} task @returns {0|1|2|3} */
export const level = (task) => LEVEL[/** @type {keyof typeof LEVEL} */ (task.spec.priority ?? "Medium")] ?? 2;
export const isDone = (/** @type {any} */ task) => task.spec.completed === true;
/** One of our own tasks that watch over the system is nobody's business. @param {any} task */
export const isOurs = (task) => Boolean(task.metadata.labels?.["todotasks.dev/canary"] || task.metadata.labels?.["todotasks.dev/verify"]);

/** By due, then priority, then title. @param {any} a @param {any} b */
export function order(a, b) {
  return (
    compareDue(dueOf(a), dueOf(b)) ||
    level(a) - level(b) ||
    String(a.spec.title).localeCompare(String(b.spec.title)) ||
    String(a.metadata.name).localeCompare(String(b.metadata.name))
  );
}

/** Letters without their marks, for finding. @param {string} text */
export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

/**
 * The words of a search: plain words, and `#tag`, `project:x`, `@person`, `p1`, `is:done`, `is:open`, `is:overdue`, `or`.
 * @param {string} q @returns {{any: ((task: any, now: Date) => boolean)[][]}} groups of which one must hold
 */
export function query(q) {
  /** @type {((task: any, now: Date) => boolean)[][]} */
  const any = [[]];
  for (const word of q.trim().split(/\s+/).filter(Boolean)) {
    const folded = fold(word);
    const current = any[any.length - 1];
    if (folded === "or" || folded === "oder") any.push([]);
    else if (word.startsWith("#") && word.length > 1) current.push((task) => (task.spec.tags ?? []).some((/** @type {string} */ tag) => fold(tag) === folded.slice(1)));
    else if (folded.startsWith("project:")) current.push((task) => fold(task.spec.project ?? "").includes(folded.slice(8)));
    else if (word.startsWith("@") && word.length > 1) current.push((task) => fold(task.spec.assignee ?? "").includes(folded.slice(1)));
    else if (/^p[1-4]$/.test(folded)) current.push((task) => level(task) === Number(folded[1]) - 1);
    else if (folded === "is:done") current.push(isDone);
    else if (folded === "is:open") current.push((task) => !isDone(task));
    else if (folded === "is:overdue") current.push((task, now) => !isDone(task) && isOverdue(dueOf(task), now));
    else current.push((task) => fold(`${task.spec.title} ${task.spec.notes ?? ""} ${task.metadata.name}`).includes(folded));
  }
  return { any: any.filter((group) => group.length) };
}

/** @param {any[]} tasks @param {string} q @param {Date} now */
export function search(tasks, q, now) {
  const { any } = query(q);
  if (!any.length) return [];
  return tasks.filter((task) => any.some((group) => group.every((holds) => holds(task, now))));
}

/** @param {View} view @param {any[]} all @param {Date} now @returns {Group[]} */
export function groupsOf(view, all, now) {
  const today = dayOf(now);
  const tasks = all.filter((task) => !isOurs(task));
  const open = tasks.filter((task) => !isDone(task));
  const one = (/** @type {any[]} */ rows, /** @type {string|null} */ title = null, key = "all") => (rows.length ? [{ key, title, rows: rows.sort(order) }] : []);
  switch (view.name) {
    case "today": {
      const late = open.filter((task) => isOverdue(dueOf(task), now));
      const due = open.filter((task) => dueOf(task)?.day === today && !isOverdue(dueOf(task), now));
      return [
        ...one(late, "overdue", "late").map((group) => ({ ...group, action: /** @type {const} */ ("allToToday") })),
        ...(due.length ? [{ key: "today", title: "today", rows: due.sort(order), day: today }] : []),
      ];
    }
    case "upcoming": {
      /** @type {Map<string, any[]>} */
      const days = new Map();
      for (const task of open) {
        const day = dueOf(task)?.day;
        if (day && day > today) days.set(day, [...(days.get(day) ?? []), task]);
      }
      return [...days].sort(([a], [b]) => a.localeCompare(b)).map(([day, rows]) => ({ key: day, title: null, day, rows: rows.sort(order) }));
    }
    case "overdue":
      return one(open.filter((task) => isOverdue(dueOf(task), now))).map((group) => ({ ...group, action: /** @type {const} */ ("allToToday") }));
    case "completed":
      return one(tasks.filter(isDone)).map((group) => ({
        ...group,
        rows: group.rows.sort((a, b) => String(b.status?.completionTime ?? "").localeCompare(String(a.status?.completionTime ?? ""))),
      }));
    case "project":
      return one(open.filter((task) => task.spec.project === view.value));
    case "tag":
      return one(open.filter((task) => (task.spec.tags ?? []).includes(view.value)));
    case "search":
      return one(search(tasks, view.q ?? "", now));
    default:
      return [...one(open.filter(dueOf), null, "due"), ...one(open.filter((task) => !dueOf(task)), "someday", "someday")];
  }
}

/** How many stand behind each entry of the side bar. @param {any[]} all @param {Date} now */
export function counts(all, now) {
  const today = dayOf(now);
  const count = { today: 0, overdue: 0, upcoming: 0, all: 0 };
  /** @type {Map<string, number>} */ const projects = new Map();
  /** @type {Map<string, number>} */ const tags = new Map();
  for (const task of all) {
    if (isDone(task) || isOurs(task)) continue;
    const due = dueOf(task);
    count.all += 1;
    if (isOverdue(due, now)) count.overdue += 1;
    if (due && (due.day === today || isOverdue(due, now))) count.today += 1;
    if (due && due.day > today) count.upcoming += 1;
    if (task.spec.project) projects.set(task.spec.project, (projects.get(task.spec.project) ?? 0) + 1);
    for (const tag of task.spec.tags ?? []) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  }
  const byName = (/** @type {[string, number]} */ a, /** @type {[string, number]} */ b) => a[0].localeCompare(b[0]);
  return { ...count, projects: [...projects].sort(byName), tags: [...tags].sort(byName) };
}

/** The strip of days above the list. @param {Date} now @param {number} [length] */
export const strip = (now, length = 14) => Array.from({ length }, (_, i) => addDays(dayOf(now), i));

/** The address of a view. @param {View} view */
export function addressOf(view) {
  if (view.name === "search") return `/search?q=${encodeURIComponent(view.q ?? "")}`;
  if (view.value !== undefined) return `/${view.name}/${encodeURIComponent(view.value)}`;
  return `/${view.name}`;
}

/** What an address shows: a view, and the task whose panel is open. @param {string} path @param {string} query @returns {{view: View|null, task: {namespace: string, name: string}|null}} */
export function readAddress(path, query) {
  const [, name = "", ...rest] = path.split("/").map(decodeURIComponent);
  if (name === "task" && rest.length >= 2) return { view: null, task: { namespace: rest[0], name: rest[1] } };
  if (name === "search") return { view: { name, q: new URLSearchParams(query).get("q") ?? "" }, task: null };
  if ((name === "project" || name === "tag") && rest[0]) return { view: { name, value: rest[0] }, task: null };
  const known = ["today", "upcoming", "overdue", "all", "completed", "repeating", "audit"];
  return { view: { name: known.includes(name) ? name : "today" }, task: null };
}
