// What quick add makes of what is typed: the chips of a reading, and the command once some of them were rejected. Pure.

/** @typedef {{start: number, end: number, slot: string, text: string}} Span */
/** Slots that are shown as chips; the title is what is left. */
const CHIPS = new Set(["due", "recurrence", "tag", "project", "priority", "assignee", "reminder", "duration"]);

/** @param {any} reading @returns {Span[]} */
export const chipsOf = (reading) => (reading?.spans ?? []).filter((/** @type {Span} */ span) => CHIPS.has(span.slot));

/** Whether it makes a new task; all else would change what is there. @param {any} reading */
export const makesTask = (reading) => ["create", "remind", "recurrence-create"].includes(reading?.action);

/** The text in pieces: [text, slot or null]. @param {string} text @param {Span[]} spans */
export function pieces(text, spans) {
  const out = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < at) continue;
    if (span.start > at) out.push([text.slice(at, span.start), null]);
    out.push([text.slice(span.start, span.end), span.slot]);
    at = span.end;
  }
  if (at < text.length) out.push([text.slice(at), null]);
  return out;
}

/** The reading that ends where one has just typed, which Backspace rejects. @param {string} text @param {Span[]} kept */
export const lastOf = (text, kept) => kept.find((span) => span.end === text.trimEnd().length && text.length - span.end <= 1);

/** One span as a key that survives further typing behind it. @param {Span} span */
export const keyOf = (span) => `${span.slot}:${span.text.toLowerCase()}`;

/**
 * The command `create` of a reading without what was rejected: those words are title again.
 * @param {string} text @param {any} reading @param {Set<string>} rejected @param {boolean} [always] also where nothing was rejected: for when words cannot be sent
 * @returns {any|null} null: nothing was rejected, so the words are sent as they are
 */
export function commandOf(text, reading, rejected, always = false) {
  const chips = chipsOf(reading);
  if (!makesTask(reading) || !(always || chips.some((span) => rejected.has(keyOf(span))))) return null;
  const kept = chips.filter((span) => !rejected.has(keyOf(span)));
  const title = pieces(text, kept).filter(([, slot]) => slot === null).map(([part]) => part).join(" ").replace(/\s+/g, " ").replace(/[\s,;]+$/, "").trim();
  const has = (/** @type {string} */ slot) => kept.some((span) => span.slot === slot);
  /** @type {any} */
  const task = { title: title || text.trim() };
  if (has("due") && reading.due) task.due = reading.due;
  if (has("priority") && reading.priority) task.priority = reading.priority;
  if (has("project") && reading.project) task.project = reading.project;
  if (has("assignee") && reading.assignee) task.assignee = reading.assignee;
  const tags = (reading.tags ?? []).filter((/** @type {string} */ tag) => kept.some((span) => span.slot === "tag" && span.text.toLowerCase().includes(tag.toLowerCase())));
  if (tags.length) task.tags = tags;
  if (has("reminder") && reading.reminders?.length) task.reminders = reading.reminders;
  if (has("recurrence") && reading.rrule) {
    return { action: "recurrence-create", task, schedule: { rrule: reading.rrule, ...(reading.start ? { start: reading.start } : {}), basis: reading.basis ?? "Schedule" } };
  }
  return { action: "create", task };
}
