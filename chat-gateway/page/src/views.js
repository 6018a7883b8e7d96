// What each view shows, in which order. Pure: tasks in, groups of rows out.

import { addDays, dayOf, dueOf, isOverdue } from "./dates.js";
import { search } from "./filter.js";
import { isDone, isOurs, order } from "./tasks.js";
import { nest } from "./tree.js";

export { query, search } from "./filter.js";
export { fold } from "./fold.js";
export { isDone, isOurs, level, order } from "./tasks.js";

/** `depth` and `parts` by uid: how far below its task a part stands, how many parts a row has below it. */
/** @typedef {{key: string, title: string|null, rows: any[], day?: string, action?: "allToToday", depth?: Map<string, number>, parts?: Map<string, number>}} Group */
/** @typedef {{name: string, value?: string, q?: string, title?: string}} View */

/** Groups of rows, subtasks below their tasks. @param {View} view @param {any[]} all @param {Date} now @param {Set<string>} [folded] @returns {Group[]} */
export function groupsOf(view, all, now, folded = new Set()) {
  const groups = flatGroups(view, all, now);
  // By time there is one order only; elsewhere parts stand below what they are parts of.
  return view.name === "upcoming" || view.name === "completed" ? groups : groups.map((group) => ({ ...group, ...nest(group.rows, folded) }));
}

/** @param {View} view @param {any[]} all @param {Date} now @returns {Group[]} */
function flatGroups(view, all, now) {
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
        if (!day || day <= today) continue;
        const there = days.get(day);
        if (there) there.push(task);
        else days.set(day, [task]);
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
  if (view.name === "search") return `/search?q=${encodeURIComponent(view.q ?? "")}${view.title ? `&title=${encodeURIComponent(view.title)}` : ""}`;
  if (view.value !== undefined) return `/${view.name}/${encodeURIComponent(view.value)}`;
  return `/${view.name}`;
}

/** What somebody typed into the address need not be encoded: 100% is what it says. @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * What an address shows: a view, and the task or rule whose panel is open; a rule without a name is a new one.
 * @param {string} path @param {string} query @returns {{view: View|null, task: {namespace: string, name: string}|null, rule: {namespace?: string, name?: string}|null}}
 */
export function readAddress(path, query) {
  const [, name = "", ...rest] = path.split("/").map(decoded);
  const said = new URLSearchParams(query);
  if (name === "task" && rest.length >= 2) return { view: null, task: { namespace: rest[0], name: rest[1] }, rule: null };
  if (name === "rule" && rest.length >= 2) return { view: null, task: null, rule: { namespace: rest[0], name: rest[1] } };
  if (name === "rule") return { view: null, task: null, rule: {} };
  const only = (/** @type {View} */ view) => ({ view, task: null, rule: null });
  if (name === "search") return only({ name, q: said.get("q") ?? "", ...(said.get("title") ? { title: /** @type {string} */ (said.get("title")) } : {}) });
  if ((name === "project" || name === "tag") && rest[0]) return only({ name, value: rest[0] });
  const known = ["today", "upcoming", "overdue", "all", "completed", "repeating", "mail", "audit"];
  return only({ name: known.includes(name) ? name : "today" });
}
