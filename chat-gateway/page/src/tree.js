// Subtasks below their tasks, and what waits for what. Pure.

/** @param {any} task */
const key = (task) => `${task.metadata.namespace}/${task.metadata.name}`;
/** @param {any} task */
const parentOf = (task) => (task.spec.parent ? `${task.metadata.namespace}/${task.spec.parent}` : null);

/**
 * Rows in the order in which they came, each with its parts below it.
 * @param {any[]} rows @param {Set<string>} folded uids whose parts are not shown
 * @returns {{rows: any[], depth: Map<string, number>, parts: Map<string, number>}} by uid: how deep, how many parts below it
 */
export function nest(rows, folded) {
  const there = new Set(rows.map(key));
  /** @type {Map<string, any[]>} */
  const below = new Map();
  const tops = [];
  for (const task of rows) {
    const parent = parentOf(task);
    if (parent && there.has(parent) && parent !== key(task)) below.set(parent, [...(below.get(parent) ?? []), task]);
    else tops.push(task);
  }
  const depth = new Map();
  const parts = new Map();
  const seen = new Set();
  /** @type {any[]} */
  const out = [];
  const put = (/** @type {any} */ task, /** @type {number} */ level) => {
    if (seen.has(key(task))) return;
    seen.add(key(task));
    out.push(task);
    const inner = below.get(key(task)) ?? [];
    if (level) depth.set(task.metadata.uid, level);
    if (inner.length) parts.set(task.metadata.uid, inner.length);
    if (folded.has(task.metadata.uid)) hide(inner);
    else for (const each of inner) put(each, level + 1);
  };
  const hide = (/** @type {any[]} */ inner) => {
    for (const each of inner) {
      if (seen.has(key(each))) continue;
      seen.add(key(each));
      hide(below.get(key(each)) ?? []);
    }
  };
  for (const task of tops) put(task, 0);
  for (const task of rows) put(task, 0); // those of a circle
  return { rows: out, depth, parts };
}

/** The task itself and all that is above it, the outermost first. @param {any} task @param {any[]} all */
export function above(task, all) {
  const path = [];
  const seen = new Set([key(task)]);
  for (let at = parentOf(task); at && !seen.has(at); ) {
    seen.add(at);
    const parent = all.find((each) => key(each) === at);
    if (!parent) break;
    path.unshift(parent);
    at = parentOf(parent);
  }
  return path;
}
/** @param {any} task @param {any[]} all */
export const partsOf = (task, all) => all.filter((each) => parentOf(each) === key(task) && each !== task);
/** Its parts and theirs. @param {any} task @param {any[]} all @param {Set<any>} [found] */
export function within(task, all, found = new Set()) {
  for (const each of partsOf(task, all)) {
    if (found.has(each)) continue;
    found.add(each);
    within(each, all, found);
  }
  return found;
}
/** What waits for it. @param {any} task @param {any[]} all */
export const waitingFor = (task, all) =>
  all.filter((each) => each.metadata.namespace === task.metadata.namespace && (each.spec.dependsOn ?? []).includes(task.metadata.name));
