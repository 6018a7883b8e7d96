// Subtasks below their tasks, and what waits for what. Pure.

/** @param {any} task */
const key = (task) => `${task.metadata.namespace}/${task.metadata.name}`;
/** @param {any} task */
const parentOf = (task) => (task.spec.parent ? `${task.metadata.namespace}/${task.spec.parent}` : null);

/** @template T @param {Map<string, T[]>} map @param {string} at @param {T} one */
function pile(map, at, one) {
  const there = map.get(at);
  if (there) there.push(one);
  else map.set(at, [one]);
}

/** Of a list that does not change: who is called how, and whose parts are whose. @type {WeakMap<any[], {named: Map<string, any>, below: Map<string, any[]>}>} */
const known = new WeakMap();
/** @param {any[]} all */
function index(all) {
  let found = known.get(all);
  if (!found) {
    found = { named: new Map(), below: new Map() };
    for (const task of all) {
      const parent = parentOf(task);
      found.named.set(key(task), task);
      if (parent && parent !== key(task)) pile(found.below, parent, task);
    }
    known.set(all, found);
  }
  return found;
}

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
    if (parent && there.has(parent) && parent !== key(task)) pile(below, parent, task);
    else tops.push(task);
  }
  const depth = new Map();
  const parts = new Map();
  const seen = new Set();
  /** @type {any[]} */
  const out = [];
  // A stack of its own: somebody's chain of ten thousand parts must not be the end of everybody's page.
  const put = (/** @type {any} */ top) => {
    const stack = [{ task: top, level: 0, hidden: false }];
    for (let at = stack.pop(); at; at = stack.pop()) {
      const { task, level, hidden } = at;
      if (seen.has(key(task))) continue;
      seen.add(key(task));
      const inner = below.get(key(task)) ?? [];
      if (!hidden) {
        out.push(task);
        if (level) depth.set(task.metadata.uid, level);
        if (inner.length) parts.set(task.metadata.uid, inner.length);
      }
      const folds = hidden || folded.has(task.metadata.uid);
      for (let i = inner.length - 1; i >= 0; i -= 1) stack.push({ task: inner[i], level: level + 1, hidden: folds });
    }
  };
  for (const task of tops) put(task);
  for (const task of rows) put(task); // those of a circle
  return { rows: out, depth, parts };
}

/** The task itself and all that is above it, the outermost first. @param {any} task @param {any[]} all */
export function above(task, all) {
  const path = [];
  const seen = new Set([key(task)]);
  for (let at = parentOf(task); at && !seen.has(at); ) {
    seen.add(at);
    const parent = index(all).named.get(at);
    if (!parent) break;
    path.unshift(parent);
    at = parentOf(parent);
  }
  return path;
}
/** @param {any} task @param {any[]} all */
export const partsOf = (task, all) => index(all).below.get(key(task)) ?? [];
/** Its parts and theirs. @param {any} task @param {any[]} all @returns {Set<any>} */
export function within(task, all) {
  const found = new Set(partsOf(task, all));
  for (const each of found) for (const inner of partsOf(each, all)) found.add(inner); // a set grows while one goes through it
  return found;
}
/** What waits for it. @param {any} task @param {any[]} all */
export const waitingFor = (task, all) =>
  all.filter((each) => each.metadata.namespace === task.metadata.namespace && (each.spec.dependsOn ?? []).includes(task.metadata.name));
