import assert from "node:assert/strict";
import { test } from "node:test";
import { conditions, query, quoted, search, wordsOf } from "../src/filter.js";
import { translator } from "../src/i18n.js";
import { blank, formOf, inGerman, isOf, said, sayDuration, sayReminder, specOf } from "../src/schedule.js";
import { above, nest, partsOf, waitingFor, within } from "../src/tree.js";
import { addressOf, groupsOf, readAddress } from "../src/views.js";

const NOW = new Date(2027, 2, 1, 12, 0); // Monday, 1 March 2027, noon
const TODAY = "2027-03-01";
const en = translator("en");
const task = (name, spec = {}, more = {}) => ({ kind: "TodoTask", metadata: { name, namespace: "home", uid: name, generation: 1, ...more }, spec: { title: name, ...spec }, status: { observedGeneration: 1 } });

// ── schedules ──────────────────────────────────────────────────────────────────────────────────────────
test("what a form can say comes back as it was written", () => {
  const specs = [
    { rrule: "FREQ=WEEKLY;BYDAY=MO,WE", start: "2027-03-01T09:00" },
    { rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", start: "2027-03-02T09:00" },
    { rrule: "FREQ=MONTHLY;BYMONTHDAY=1" },
    { rrule: "FREQ=MONTHLY;BYDAY=-1FR", start: "2027-03-01T16:00" },
    { rrule: "FREQ=DAILY", start: "2027-03-01", count: 5 },
    { rrule: "FREQ=YEARLY", start: "2027-06-09" },
    { simple: { frequency: "Daily", time: "08:00" }, until: "2027-12-31" },
    { simple: { frequency: "Monthly", nth: 2, daysOfWeek: ["Tuesday"], time: "09:00" } },
    { simple: { frequency: "Weekly", interval: 2, daysOfWeek: ["Monday", "Friday"] }, start: "2027-03-01" },
    { cron: "0 9 * * 1-5" },
    { rrule: "FREQ=HOURLY;INTERVAL=3", start: "2027-03-01T09:00" },
    { rrule: "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1" },
  ];
  for (const spec of specs) {
    const { basis, ...back } = said(specOf(formOf(spec), spec, TODAY));
    assert.deepEqual(back, spec, JSON.stringify(spec));
    assert.equal(basis, "Schedule");
  }
});
test("what a form cannot say stays text, and nothing of it is lost", () => {
  for (const spec of [
    { rrule: "FREQ=DAILY;BYMONTH=6" }, { rrule: "FREQ=MONTHLY;BYMONTHDAY=1,15" }, { rrule: "FREQ=WEEKLY;BYDAY=MO;WKST=SU" },
    { rrule: "FREQ=DAILY;UNTIL=20271231" }, { rrule: "FREQ=DAILY", start: "2027-03-01T09:00:00+01:00" }, { rrule: "FREQ=DAILY;BYHOUR=9,17" },
  ]) assert.equal(formOf(spec).kind, "rrule", JSON.stringify(spec));
  assert.equal(formOf({ cron: "@daily" }).kind, "cron");
  assert.equal(specOf(formOf({ rrule: "FREQ=DAILY;BYMONTH=6" }), { rrule: "FREQ=DAILY;BYMONTH=6" }, TODAY).rrule, "FREQ=DAILY;BYMONTH=6");
});
test("the words of a time of day go into the form", () => {
  const form = formOf({ rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9;BYMINUTE=5", start: "2027-03-02" });
  assert.deepEqual([form.kind, form.time, form.days, form.interval], ["form", "09:05", ["Tuesday"], 2]);
});
test("a new rule is written in plain fields, with a start where something counts from it", () => {
  const made = (some) => said(specOf({ ...blank(), ...some }, {}, TODAY));
  assert.deepEqual(made({ frequency: "Daily" }), { simple: { frequency: "Daily" }, basis: "Schedule" });
  assert.deepEqual(made({ interval: 2, days: ["Friday", "Monday"], time: "09:00" }), { simple: { frequency: "Weekly", interval: 2, daysOfWeek: ["Monday", "Friday"], time: "09:00" }, start: TODAY, basis: "Schedule" });
  assert.deepEqual(made({ frequency: "Monthly", by: "nth", nth: -1, days: ["Friday"] }), { simple: { frequency: "Monthly", nth: -1, daysOfWeek: ["Friday"] }, basis: "Schedule" });
  assert.deepEqual(made({ frequency: "Monthly", dayOfMonth: -1, ends: "count", count: 3 }), { simple: { frequency: "Monthly", dayOfMonth: -1 }, count: 3, basis: "Schedule" });
  assert.equal(made({ frequency: "Yearly" }).start, TODAY);
});
test("another way of writing takes the former away", () => {
  const spec = specOf({ ...formOf({ cron: "0 9 * * *" }), kind: "form", frequency: "Daily" }, { cron: "0 9 * * *" }, TODAY);
  assert.equal(spec.cron, null);
  assert.deepEqual(spec.simple, { frequency: "Daily" });
});
test("a schedule is said in German too", () => {
  const table = {
    "jeden Tag um 08:00": { simple: { frequency: "Daily", time: "08:00" } },
    "alle 2 Wochen am Dienstag und Freitag um 09:00": { rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,TU", start: "2027-03-02T09:00" },
    "jeden Monat am letzten Freitag": { simple: { frequency: "Monthly", nth: -1, daysOfWeek: ["Friday"] } },
    "jeden Monat am 1., 3-mal": { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", count: 3 },
    "alle 3 Tage, ab Erledigung gezählt, bis 1. Juni 2027": { rrule: "FREQ=DAILY;INTERVAL=3", start: "2027-03-01", until: "2027-06-01", basis: "Completion" },
  };
  for (const [said, spec] of Object.entries(table)) assert.equal(inGerman(formOf(spec)), said);
  assert.equal(inGerman(formOf({ cron: "@daily" })), null);
});
test("durations and reminders are said as people say them", () => {
  assert.equal(sayDuration("1d12h", en), "1 day 12 hours");
  assert.equal(sayDuration("0s", en), "0 minutes");
  assert.equal(sayReminder({ before: "0s" }, "en-GB", en), "when it is due");
  assert.equal(sayReminder({ before: "1h", repeatEvery: "10m", maxRepeats: 3 }, "en-GB", en), "1 hour before, again every 10 minutes (at most 3 times)");
  assert.match(sayReminder({ at: "2027-03-01T09:00" }, "en-GB", translator("de")), /1 Mar 2027/);
  assert.ok(isOf({ spec: { beforeDue: "1h" } }, { before: "1h" }));
  assert.ok(!isOf({ spec: { beforeDue: "1h", repeatEvery: "1d" } }, { before: "1h" }));
});

// ── trees ──────────────────────────────────────────────────────────────────────────────────────────────
const FAMILY = [task("b", { parent: "a" }), task("x"), task("a"), task("c", { parent: "b" }), task("far", { parent: "elsewhere" })];
const names = (rows) => rows.map((each) => each.metadata.name).join(" ");
test("parts stand below their task, in the order in which they came", () => {
  const { rows, depth, parts } = nest(FAMILY, new Set());
  assert.equal(names(rows), "x a b c far");
  assert.deepEqual([...depth], [["b", 1], ["c", 2]]);
  assert.deepEqual([...parts], [["a", 1], ["b", 1]]);
  assert.equal(names(nest(FAMILY, new Set(["a"])).rows), "x a far");
});
test("a circle and a task below itself lose nobody", () => {
  const circle = [task("a", { parent: "b" }), task("b", { parent: "a" }), task("self", { parent: "self" })];
  assert.deepEqual(new Set(nest(circle, new Set()).rows), new Set(circle));
  assert.equal(within(circle[0], circle).size, 2);
  assert.deepEqual(names(above(circle[0], circle)), "b");
});
test("what is above, below and waiting is found in the same namespace only", () => {
  const other = { ...task("b2", { parent: "a" }), metadata: { name: "b2", namespace: "work", uid: "w" } };
  const all = [...FAMILY, other, task("late", { dependsOn: ["a"] })];
  assert.equal(names(above(all[3], all)), "a b");
  assert.equal(names(partsOf(all[2], all)), "b");
  assert.equal(names([...within(all[2], all)]), "b c");
  assert.equal(names(waitingFor(all[2], all)), "late");
});
test("a list that is not by time shows the tree", () => {
  const [group] = groupsOf({ name: "all" }, FAMILY, NOW);
  assert.equal(group.depth.get("c"), 2);
});

// ── filters ────────────────────────────────────────────────────────────────────────────────────────────
const TASKS = [
  task("milk", { tags: ["home"], due: "2027-03-01" }), task("report", { priority: "Urgent", project: "Haus & Hof", assignee: "ana" }),
  task("done", { completed: true, tags: ["home"] }), task("later", { due: "2027-03-20", tags: ["work"] }), task("old", { due: "2027-02-01" }),
];
test("conditions of a group hold together, one group is enough, - turns one round", () => {
  const table = {
    "#home": "milk done", "#home is:open": "milk", "#home -is:done": "milk", "p1 or #work": "report later", "-#home is:open": "report later old",
    'project:"haus & hof"': "report", "due:today": "milk", "due:week": "milk", "due:month": "milk later", "due:none": "report done", "due:<2027-03-01": "old",
    "is:overdue": "old", "@ana": "report", '"ol"': "old", "is:open due:any -due:week": "later old", "or": "", "": "",
  };
  for (const [q, expected] of Object.entries(table)) assert.equal(names(search(TASKS, q, NOW)), expected, q);
});
test("a filter in its address is the same filter, whatever is in it", () => {
  for (const q of ["#home p1 or -is:done @ana", 'project:"Haus & Hof" or due:week']) {
    assert.equal(wordsOf(conditions(q)), q);
    const address = addressOf({ name: "search", q, title: "Haus & Hof?" });
    const [path, query] = address.split("?", 2);
    assert.deepEqual(readAddress(path, address.slice(path.length)).view, { name: "search", q, title: "Haus & Hof?" });
    assert.ok(query);
  }
  assert.equal(wordsOf(conditions("or or a or")), "a");
  assert.equal(quoted('a "b" c'), '"a b c"');
  assert.equal(query('"').any.length, 1); // an open quote is a word, and no fault
});
test("a rule has an address, and so has a new one", () => {
  assert.deepEqual(readAddress("/rule/home/rent", "").rule, { namespace: "home", name: "rent" });
  assert.deepEqual(readAddress("/rule/new", "").rule, {});
  assert.equal(readAddress("/task/a/b", "").rule, null);
});
