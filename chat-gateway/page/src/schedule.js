// A rule's schedule as a form has it, and back. Pure. What no form can say stays text ("rrule" or "cron").

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const SHORT = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const FREQUENCIES = /** @type {Record<string, string>} */ ({ DAILY: "Daily", WEEKLY: "Weekly", MONTHLY: "Monthly", YEARLY: "Yearly" });

/**
 * @typedef {object} Form
 * @property {"form"|"rrule"|"cron"} kind
 * @property {string} text  of `rrule` and `cron`
 * @property {string} frequency  Daily, Weekly, Monthly, Yearly
 * @property {number} interval
 * @property {string[]} days
 * @property {"day"|"nth"} by  of months: the day, or the n-th weekday
 * @property {number} dayOfMonth  -1: the last
 * @property {number} nth  -1: the last
 * @property {string} time  "": all day
 * @property {string} start  a date, or ""
 * @property {"never"|"until"|"count"} ends
 * @property {string} until
 * @property {number} count
 * @property {string} basis
 */

/** @returns {Form} */
export const blank = () => ({
  kind: "form", text: "", frequency: "Weekly", interval: 1, days: [], by: "day", dayOfMonth: 1, nth: 1, time: "", start: "",
  ends: "never", until: "", count: 10, basis: "Schedule",
});

/** @param {any} spec of a RecurrenceRule @returns {Form} */
export function formOf(spec) {
  const form = blank();
  form.basis = spec.basis ?? "Schedule";
  form.start = (spec.start ?? "").slice(0, 10);
  form.time = /T(\d{2}:\d{2})/.exec(spec.start ?? "")?.[1] ?? "";
  if (spec.until) Object.assign(form, { ends: "until", until: spec.until.slice(0, 10) });
  if (spec.count) Object.assign(form, { ends: "count", count: spec.count });
  // An instant, and an end within a day, are more than the fields of the form can say.
  const simple = !/[T ].*(Z|[+-]\d{2}:\d{2})$/.test(spec.start ?? "") && (spec.until ?? "").length <= 10;
  if (spec.cron) return { ...form, kind: "cron", text: spec.cron };
  if (spec.simple && simple) {
    const { frequency, interval = 1, daysOfWeek = [], dayOfMonth, nth, time } = spec.simple;
    return { ...form, frequency, interval, days: daysOfWeek, by: nth === undefined ? "day" : "nth", dayOfMonth: dayOfMonth ?? (Number(form.start.slice(8)) || 1), nth: nth ?? 1, time: time ?? form.time };
  }
  const read = spec.rrule && simple ? ofRrule(spec.rrule, form) : null;
  return read ?? { ...form, kind: "rrule", text: spec.rrule ?? "" };
}

/** @param {string} rrule @param {Form} form @returns {Form|null} null: more than the form can say */
function ofRrule(rrule, form) {
  const parts = Object.fromEntries(rrule.replace(/^RRULE:/i, "").toUpperCase().split(";").map((part) => part.split("=")));
  const { FREQ, INTERVAL = "1", BYDAY, BYMONTHDAY, BYHOUR, BYMINUTE = "0", COUNT, WKST, ...rest } = parts;
  const frequency = FREQUENCIES[FREQ];
  if (!frequency || Object.keys(rest).length || (WKST && WKST !== "MO")) return null;
  const read = { ...form, frequency, interval: Number(INTERVAL) };
  if (BYHOUR !== undefined) {
    if (!/^\d+$/.test(BYHOUR) || !/^\d+$/.test(BYMINUTE)) return null;
    read.time = `${BYHOUR.padStart(2, "0")}:${BYMINUTE.padStart(2, "0")}`;
  }
  if (COUNT) Object.assign(read, { ends: "count", count: Number(COUNT) });
  if (BYMONTHDAY !== undefined) {
    if (!/^-?\d+$/.test(BYMONTHDAY) || Number(BYMONTHDAY) < -1 || BYDAY || frequency === "Daily" || frequency === "Weekly") return null;
    read.dayOfMonth = Number(BYMONTHDAY);
  } else if (frequency === "Monthly" || frequency === "Yearly") read.dayOfMonth = Number(form.start.slice(8)) || 1;
  if (BYDAY !== undefined) {
    const days = /** @type {string[]} */ (BYDAY.split(","));
    const nth = /^(-1|[1-5])([A-Z]{2})$/.exec(BYDAY);
    if (frequency === "Weekly" && days.every((day) => SHORT.includes(day))) read.days = days.map((day) => DAYS[SHORT.indexOf(day)]);
    else if (frequency === "Monthly" && nth && SHORT.includes(nth[2])) Object.assign(read, { by: "nth", nth: Number(nth[1]), days: [DAYS[SHORT.indexOf(nth[2])]] });
    else if (frequency === "Daily" && days.length === 5 && SHORT.slice(0, 5).every((day) => days.includes(day)) && read.interval === 1) Object.assign(read, { frequency: "Weekly", days: DAYS.slice(0, 5) });
    else return null;
  } else if (frequency === "Weekly" && !form.start) return null;
  return read;
}

/**
 * The fields of a spec; null for what is not there (any more). A rule that was written as an RRULE stays one.
 * @param {Form} form @param {any} was the spec, {} for a new one @param {string} today
 */
export function specOf(form, was, today) {
  /** @type {any} */
  const spec = {
    rrule: null, cron: null, simple: null, start: form.start || null,
    until: form.ends === "until" && form.until ? form.until : null, count: form.ends === "count" ? form.count : null, basis: form.basis,
  };
  if (form.kind === "cron") return { ...spec, cron: form.text };
  if (form.kind === "rrule") {
    if (/(UNTIL|COUNT)=/i.test(form.text)) spec.until = spec.count = null;
    return { ...spec, rrule: form.text, start: form.start ? form.start + (form.time ? `T${form.time}` : "") : form.time ? `${today}T${form.time}` : null };
  }
  const monthly = form.frequency === "Monthly" || form.frequency === "Yearly";
  const byDay = monthly && form.by === "nth";
  const days = (form.frequency === "Weekly" || byDay) && form.days.length ? DAYS.filter((day) => form.days.includes(day)) : null;
  // What counts from a beginning needs one.
  if (!spec.start && (form.interval > 1 || form.frequency === "Yearly" || (form.frequency === "Weekly" && !days))) spec.start = today;
  if (was.rrule) {
    const parts = [`FREQ=${form.frequency.toUpperCase()}`];
    if (form.interval > 1) parts.push(`INTERVAL=${form.interval}`);
    if (byDay) parts.push(`BYDAY=${form.nth}${SHORT[DAYS.indexOf(form.days[0] ?? "Monday")]}`);
    else if (days) parts.push(`BYDAY=${days.map((day) => SHORT[DAYS.indexOf(day)]).join(",")}`);
    else if (form.frequency === "Monthly") parts.push(`BYMONTHDAY=${form.dayOfMonth}`);
    if (form.time) spec.start = `${spec.start ?? today}T${form.time}`;
    return { ...spec, rrule: parts.join(";") };
  }
  spec.simple = {
    frequency: form.frequency,
    ...(form.interval > 1 ? { interval: form.interval } : {}),
    ...(days ? { daysOfWeek: byDay ? days.slice(0, 1) : days } : {}),
    ...(byDay ? { nth: form.nth, daysOfWeek: [form.days[0] ?? "Monday"] } : monthly ? { dayOfMonth: form.dayOfMonth } : {}),
    ...(form.time ? { time: form.time } : {}),
  };
  return spec;
}

/** A schedule in German, which the server says in English; null for what the form cannot say. @param {Form} form */
export function inGerman(form) {
  if (form.kind !== "form") return null;
  const unit = /** @type {Record<string, [string, string]>} */ ({ Daily: ["jeden Tag", "Tage"], Weekly: ["jede Woche", "Wochen"], Monthly: ["jeden Monat", "Monate"], Yearly: ["jedes Jahr", "Jahre"] })[form.frequency];
  const names = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
  const days = DAYS.filter((day) => form.days.includes(day)).map((day) => names[DAYS.indexOf(day)]);
  const parts = [form.interval > 1 ? `alle ${form.interval} ${unit[1]}` : unit[0]];
  if (form.frequency === "Weekly" && days.length) parts.push(days.length === 7 ? "an jedem Tag" : `am ${new Intl.ListFormat("de").format(days)}`);
  if (form.frequency === "Monthly") parts.push(form.by === "nth" ? `am ${/** @type {Record<number, string>} */ ({ 1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", 5: "fünften" })[form.nth] ?? "letzten"} ${days[0] ?? "Montag"}` : form.dayOfMonth === -1 ? "am letzten Tag" : `am ${form.dayOfMonth}.`);
  if (form.time) parts.push(`um ${form.time}`);
  const date = (/** @type {string} */ day) => new Intl.DateTimeFormat("de", { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T12:00Z`));
  return parts.join(" ") + (form.basis === "Completion" ? ", ab Erledigung gezählt" : "") + (form.ends === "until" && form.until ? `, bis ${date(form.until)}` : "") + (form.ends === "count" ? `, ${form.count}-mal` : "");
}

/** Without what is not said: as the preview wants it. @param {any} spec */
export const said = (spec) => Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null && value !== undefined && value !== ""));

// ── durations: 1w2d, 30m ────────────────────────────────────────────────────────────────────────────────
const UNITS = /** @type {[string, string][]} */ ([["w", "{n} weeks"], ["d", "{n} days"], ["h", "{n} hours"], ["m", "{n} minutes"], ["s", "{n} seconds"]]);
const ONE = /** @type {Record<string, string>} */ ({ w: "1 week", d: "1 day", h: "1 hour", m: "1 minute", s: "1 second" });
/** A duration as people say it. @param {string} text @param {any} t */
export function sayDuration(text, t) {
  const said = UNITS.flatMap(([unit, many]) => {
    const n = Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
    return n === 0 ? [] : [n === 1 ? t(ONE[unit]) : t(many, { n })];
  });
  return said.join(" ") || t("0 minutes");
}
/** When an entry of spec.reminders fires, in words. @param {any} entry @param {string} locale @param {any} t */
export function sayReminder(entry, locale, t) {
  const before = entry.before ?? entry.beforeDue;
  const when = before !== undefined
    ? /^0[a-z]$/.test(before) ? t("when it is due") : t("{duration} before", { duration: sayDuration(before, t) })
    : new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(entry.at));
  const again = entry.repeatEvery ? `, ${t("again every {duration}", { duration: sayDuration(entry.repeatEvery, t) })}` : "";
  return when + again + (entry.maxRepeats ? ` (${t("at most {n} times", { n: entry.maxRepeats })})` : "");
}
/** Whether a Reminder is that of an entry of its task. @param {any} reminder @param {any} entry */
export const isOf = (reminder, entry) =>
  (reminder.spec.beforeDue ?? null) === (entry.before ?? null) && (reminder.spec.at ?? null) === (entry.at ?? null) && (reminder.spec.repeatEvery ?? null) === (entry.repeatEvery ?? null);
