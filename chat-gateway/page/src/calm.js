// A list that does not move under its reader. What others change shows in the rows that are there; rows that would come,
// go or change places wait until nobody points at the list. Pure but for the memory of what was shown last.

/** @typedef {import("./views.js").Group} Group */

export function calmed() {
  /** @type {Group[]} */
  let shown = [];
  let was = "";
  /**
   * @param {Group[]} fresh as it would be now @param {any[]} tasks all that are known
   * @param {boolean} held whether somebody points at the list @param {string} key changes when the list must be put in order in any case
   * @returns {{groups: Group[], news: number}} `news`: rows that wait
   */
  return (fresh, tasks, held, key) => {
    if (!held || key !== was || !shown.length) {
      shown = fresh;
      was = key;
      return { groups: fresh, news: 0 };
    }
    const now = new Map(tasks.map((task) => [task.metadata.uid, task]));
    const there = new Set(shown.flatMap((group) => group.rows.map((task) => task.metadata.uid)));
    const news = fresh.reduce((n, group) => n + group.rows.filter((task) => !there.has(task.metadata.uid)).length, 0);
    return { groups: shown.map((group) => ({ ...group, rows: group.rows.map((task) => now.get(task.metadata.uid) ?? task) })), news };
  };
}
