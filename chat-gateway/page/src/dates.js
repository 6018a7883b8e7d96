// Days and times of tasks, as their reader sees them. Pure: `now` is always given.
//
// A day is a text, 2027-03-01, and stays one: an all-day task is of that day wherever its reader is. A task with a
// time is an instant (status.dueTime, or the offset in its due), shown in the reader's zone.

/** @typedef {{day: string, time: string|null, instant: Date|null, zone: string|null}} Due */

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/i;
const pad = (/** @type {number} */ n) => String(n).padStart(2, "0");

/** @param {Date} at @returns {string} the local day */
export const dayOf = (at) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
/** @param {Date} at @returns {string} the local time */
export const timeOf = (at) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

/** Noon of a day: far from every change of the clocks. @param {string} day */
const noon = (day) => {
  const [y, m, d] = day.split("-").map(Number);
  return new Date(y, m - 1, d, 12);
};

/** @param {string} day @param {number} days */
export function addDays(day, days) {
  const at = noon(day);
  at.setDate(at.getDate() + days);
  return dayOf(at);
}

/** Whole days from one day to another. @param {string} from @param {string} to */
export const daysBetween = (from, to) => Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);

/** Of each state of a task it is asked many times a frame; a state does not change. @type {WeakMap<any, Due|null>} */
const known = new WeakMap();

/** When a task is due, or null. @param {any} task @returns {Due|null} */
export function dueOf(task) {
  let due = known.get(task);
  if (due === undefined) known.set(task, (due = readDue(task)));
  return due;
}

/** @param {any} task @returns {Due|null} */
function readDue(task) {
  const due = task.spec?.due;
  if (!due) return null;
  const zone = task.spec.timeZone ?? null;
  if (DATE.test(due)) return { day: due, time: null, instant: null, zone };
  const current = (task.status?.observedGeneration ?? -1) >= (task.metadata?.generation ?? 0);
  const told = OFFSET.test(due) ? due : current ? task.status?.dueTime : null;
  // Not resolved yet: as it is written, until the operator has said what instant that is.
  const instant = new Date(told ?? due);
  if (Number.isNaN(instant.getTime())) return { day: due.slice(0, 10), time: due.slice(11, 16) || null, instant: null, zone };
  return { day: dayOf(instant), time: timeOf(instant), instant, zone };
}

/** @param {Due|null} due @param {Date} now */
export function isOverdue(due, now) {
  if (!due) return false;
  return due.instant ? due.instant < now : due.day < dayOf(now);
}

/** Sorts by day, times before all-day things of the day. @param {Due|null} a @param {Due|null} b */
export function compareDue(a, b) {
  if (!a || !b) return a === b ? 0 : a ? -1 : 1;
  const [one, other] = [`${a.day}${a.time ?? "99"}`, `${b.day}${b.time ?? "99"}`]; // digits: no language has a say in their order
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A day as people say it: today, tomorrow, Fri, 3 Mar, 3 Mar 2028. */
export function sayDay(/** @type {string} */ day, /** @type {Date} */ now, /** @type {string} */ locale, /** @type {any} */ t) {
  const today = dayOf(now);
  const away = daysBetween(today, day);
  if (away === 0) return t("today");
  if (away === 1) return t("tomorrow");
  if (away === -1) return t("yesterday");
  const at = noon(day);
  if (away > 1 && away < 7) return new Intl.DateTimeFormat(locale, { weekday: "short" }).format(at);
  const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : /** @type {const} */ ("numeric");
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year }).format(at);
}

/** @param {Due} due @param {Date} now @param {string} locale @param {any} t */
export function sayDue(due, now, locale, t) {
  const day = sayDay(due.day, now, locale, t);
  return due.time ? `${day} ${due.time}` : day;
}

/** In full, for a tooltip: with the task's own zone where that is another. @param {Due} due @param {string} locale @param {any} t */
export function sayExactly(due, locale, t) {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(noon(due.day));
  if (!due.time) return `${day}, ${t("all day")}`;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!due.instant || !due.zone || due.zone === here) return `${day}, ${due.time}`;
  try {
    const there = new Intl.DateTimeFormat(locale, { timeZone: due.zone, weekday: "short", hour: "2-digit", minute: "2-digit" });
    return `${day}, ${due.time} (${there.format(due.instant)}, ${due.zone})`;
  } catch {
    return `${day}, ${due.time}`;
  }
}

/** A day's heading: Monday, 1 March. @param {string} day @param {string} locale */
export const dayTitle = (day, locale) =>
  new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }).format(noon(day));
/** @param {string} day @param {string} locale */
export const weekday = (day, locale) => new Intl.DateTimeFormat(locale, { weekday: "short" }).format(noon(day));
