import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, compareDue, dayOf, daysBetween, dueOf, isOverdue, sayDay } from "../src/dates.js";
import { translated, translator } from "../src/i18n.js";
import { Outbox } from "../src/outbox.js";
import { chipsOf, commandOf, keyOf, lastOf, pieces } from "../src/quickadd.js";
import { addressOf, counts, groupsOf, query, readAddress, search } from "../src/views.js";
import { document, yaml } from "../src/yaml.js";
import { readFileSync, readdirSync } from "node:fs";

const NOW = new Date(2027, 2, 1, 12, 0); // Monday, 1 March 2027, noon
let n = 0;
const task = (spec, status = {}, metadata = {}) => ({ kind: "TodoTask", metadata: { name: `t${++n}`, namespace: "home", uid: `u${n}`, generation: 1, ...metadata }, spec: { title: "x", ...spec }, status: { observedGeneration: 1, ...status } });
const en = translator("en");

test("a day stays that day, across the change of the clocks too", () => {
  assert.equal(addDays("2027-03-27", 1), "2027-03-28");
  assert.equal(addDays("2027-10-30", 2), "2027-11-01");
  assert.equal(daysBetween("2027-03-27", "2027-03-29"), 2);
  assert.equal(dueOf(task({ due: "2027-03-01", timeZone: "Asia/Tokyo" })).day, "2027-03-01");
});
test("a time is an instant, shown where its reader is", () => {
  const due = dueOf(task({ due: "2027-03-01T09:00", timeZone: "Asia/Tokyo" }, { dueTime: "2027-03-01T00:00:00Z" }));
  assert.equal(due.instant.toISOString(), "2027-03-01T00:00:00.000Z");
  assert.equal(due.day, dayOf(due.instant));
});
test("a status of before the last edit does not say when it is due", () => {
  const edited = task({ due: "2027-03-05T09:00" }, { dueTime: "2027-03-01T00:00:00Z", observedGeneration: 1 }, { generation: 2 });
  assert.equal(dueOf(edited).day, "2027-03-05");
});
test("an all-day task of today is not overdue, one of yesterday is", () => {
  assert.equal(isOverdue(dueOf(task({ due: "2027-03-01" })), NOW), false);
  assert.equal(isOverdue(dueOf(task({ due: "2027-02-28" })), NOW), true);
  assert.equal(isOverdue(null, NOW), false);
});
test("what cannot be read as a date does not break the list", () => {
  assert.equal(dueOf(task({ due: "2027-02-30T25:00" })).day, "2027-02-30");
});
test("days are said as people say them", () => {
  const say = (day) => sayDay(day, NOW, "en-GB", en);
  assert.deepEqual(["2027-03-01", "2027-03-02", "2027-02-28", "2027-03-05", "2027-03-20", "2028-03-03"].map(say), ["today", "tomorrow", "yesterday", "Fri", "20 Mar", "3 Mar 2028"]);
});
test("times come before the all-day things of their day, and what has no date comes last", () => {
  const dues = [null, "2027-03-02", "2027-03-02T09:00", "2027-03-01"].map((due) => dueOf(task(due ? { due } : {})));
  assert.deepEqual(dues.sort(compareDue).map((due) => due && (due.time ?? due.day)), ["2027-03-01", "09:00", "2027-03-02", null]);
});

test("today is what is late, then by time, then the day's all-day things", () => {
  const all = [task({ title: "all day", due: "2027-03-01" }), task({ title: "at six", due: "2027-03-01T18:00" }), task({ title: "late", due: "2027-02-27" }), task({ title: "done", due: "2027-03-01", completed: true }), task({ title: "later", due: "2027-03-04" })];
  const groups = groupsOf({ name: "today" }, all, NOW);
  assert.deepEqual(groups.map((group) => [group.key, group.rows.map((row) => row.spec.title)]), [["late", ["late"]], ["today", ["at six", "all day"]]]);
  assert.equal(groups[0].action, "allToToday");
});
test("upcoming is by day, projects and tags are exact, and our own tasks are nowhere", () => {
  const all = [task({ due: "2027-03-04" }), task({ due: "2027-03-02", project: "Home", tags: ["a"] }), task({ due: "2027-03-02" }, {}, { labels: { "todotasks.dev/canary": "true" } })];
  assert.deepEqual(groupsOf({ name: "upcoming" }, all, NOW).map((group) => [group.day, group.rows.length]), [["2027-03-02", 1], ["2027-03-04", 1]]);
  assert.equal(groupsOf({ name: "project", value: "Home" }, all, NOW)[0].rows.length, 1);
  assert.equal(groupsOf({ name: "tag", value: "b" }, all, NOW).length, 0);
  assert.deepEqual(counts(all, NOW).projects, [["Home", 1]]);
  assert.equal(counts(all, NOW).all, 2);
});
test("a word is found as the server finds it: without case, accents and apostrophes, an umlaut both ways", () => {
  const all = ["Straße fegen", "Call Müller", "O'Brien's Café", "Łódź, smørrebrød", "ΟΔΥΣΣΕΥΣ", "İstanbul'da ışık", "ﬁnd"].map((title) => task({ title }));
  const find = (q) => search(all, q, NOW).map((each) => each.spec.title);
  for (const [title, words] of Object.entries({ "Straße fegen": ["strasse", "STRASSE", "ße"], "Call Müller": ["muller", "mueller", "MÜLLER", "Mu\u0308ller"], "O'Brien's Café": ["obriens", "o’brien", "cafe"], "Łódź, smørrebrød": ["lodz", "smorrebrod"], "ΟΔΥΣΣΕΥΣ": ["οδυσσευς", "οδυσσευσ"], "İstanbul'da ışık": ["istanbulda", "isik", "IŞIK"], "ﬁnd": ["fi"] })) {
    for (const word of words) assert.deepEqual(find(word), [title], word);
  }
  assert.deepEqual(search([task({ title: "Mueller" })], "müller", NOW).length, 1);
  assert.deepEqual(search([task({ assignee: "jürgen" })], "@juergen", NOW).length, 1);
});
test("a search joins words with and, groups with or, and knows tags, people, priorities and states", () => {
  const all = [task({ title: "Grüße schreiben", tags: ["post"], priority: "High" }), task({ title: "buy milk", assignee: "ana", completed: true }), task({ title: "pay rent", due: "2027-02-01", notes: "milkman too" })];
  const find = (q) => search(all, q, NOW).map((each) => each.spec.title);
  assert.deepEqual(find("grusse"), ["Grüße schreiben"]);
  assert.deepEqual(find("milk"), ["buy milk", "pay rent"]);
  assert.deepEqual(find("milk is:open"), ["pay rent"]);
  assert.deepEqual(find("#post or @ana"), ["Grüße schreiben", "buy milk"]);
  assert.deepEqual(find("p2"), ["Grüße schreiben"]);
  assert.deepEqual(find("is:overdue"), ["pay rent"]);
  assert.deepEqual(find(""), []);
  assert.equal(query("a or or b").any.length, 2);
});
test("an address leads back to its view, whatever is in its names", () => {
  for (const view of [{ name: "today" }, { name: "project", value: "Haus & Hof/Garten" }, { name: "tag", value: "ä b" }, { name: "search", q: "a&b=c #d" }]) {
    const url = new URL(addressOf(view), "http://x");
    assert.deepEqual(readAddress(url.pathname, url.search).view, view);
  }
  assert.deepEqual(readAddress("/task/home/pay-rent", "").task, { namespace: "home", name: "pay-rent" });
  assert.equal(readAddress("/nonsense", "").view.name, "today");
  assert.equal(readAddress("/tag/100%", "").view.value, "100%"); // typed by hand
});

const READING = {
  action: "create", title: "pay rent", due: "2027-03-02", priority: "Urgent", tags: ["home"], reminders: [],
  spans: [{ start: 0, end: 8, slot: "title", text: "pay rent" }, { start: 9, end: 17, slot: "due", text: "tomorrow" }, { start: 18, end: 23, slot: "tag", text: "#home" }, { start: 24, end: 26, slot: "priority", text: "p1" }],
};
const TEXT = "pay rent tomorrow #home p1";
test("what was understood is marked over its very words", () => {
  assert.deepEqual(pieces(TEXT, chipsOf(READING)), [["pay rent ", null], ["tomorrow", "due"], [" ", null], ["#home", "tag"], [" ", null], ["p1", "priority"]]);
});
test("Backspace rejects the reading behind which one stands, and no other", () => {
  assert.equal(lastOf(TEXT, chipsOf(READING)).slot, "priority");
  assert.equal(lastOf(`${TEXT} `, chipsOf(READING)).slot, "priority");
  assert.equal(lastOf(`${TEXT} soon`, chipsOf(READING)), undefined);
});
test("where words cannot be sent, what they were read as is", () => {
  assert.deepEqual(commandOf(TEXT, READING, new Set(), true), { action: "create", task: { title: "pay rent", due: "2027-03-02", priority: "Urgent", tags: ["home"] } });
});
test("without a rejection the words are sent as they are", () => assert.equal(commandOf(TEXT, READING, new Set()), null));
test("a rejected reading is title again, and only that", () => {
  const rejected = new Set([keyOf(READING.spans[1])]);
  assert.deepEqual(commandOf(TEXT, READING, rejected), { action: "create", task: { title: "pay rent tomorrow", priority: "Urgent", tags: ["home"] } });
});
test("a recurrence that was rejected makes a task of its own", () => {
  const reading = { ...READING, action: "recurrence-create", rrule: "FREQ=DAILY", due: null, spans: [{ start: 0, end: 4, slot: "title", text: "swim" }, { start: 5, end: 14, slot: "recurrence", text: "every day" }, { start: 15, end: 17, slot: "priority", text: "p1" }] };
  assert.deepEqual(commandOf("swim every day p1", reading, new Set([keyOf(reading.spans[1])])), { action: "create", task: { title: "swim every day", priority: "Urgent" } });
  assert.equal(commandOf("swim every day p1", reading, new Set([keyOf(reading.spans[2])])).schedule.rrule, "FREQ=DAILY");
});

class Memory {
  constructor() { this.kept = {}; }
  getItem(key) { return this.kept[key] ?? null; }
  setItem(key, value) { this.kept[key] = value; }
}
test("what cannot be sent is kept in order, sent when it can be, and each has one key", async () => {
  const sent = [];
  let down = true;
  const outbox = new Outbox(new Memory(), async (body) => {
    if (down) throw new TypeError("no network");
    sent.push(body);
    return { ok: body.commands };
  });
  const first = outbox.send({ namespace: "home", commands: [1] }, "first");
  const second = outbox.send({ namespace: "home", commands: [2] }, "second");
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(outbox.waiting.length, 2);
  await outbox.flush();
  assert.equal(outbox.waiting.length, 2);
  down = false;
  assert.deepEqual(await outbox.flush(), { refused: [], later: null });
  assert.deepEqual([await first, await second], [{ ok: [1] }, { ok: [2] }]);
  assert.deepEqual(sent.map((body) => body.commands), [[1], [2]]);
  assert.equal(new Set(sent.map((body) => body.idempotencyKey)).size, 2);
});
test("what is refused goes back to who asked, and does not hold up the next", async () => {
  let down = true;
  const outbox = new Outbox(new Memory(), async (body) => {
    if (down) throw new TypeError("no network");
    if (body.commands[0] === "bad") throw new Error("you may not");
    return "done";
  });
  const bad = outbox.send({ commands: ["bad"] }, "bad");
  const good = outbox.send({ commands: ["good"] }, "good");
  await new Promise((resolve) => setTimeout(resolve));
  down = false;
  const refused = assert.rejects(bad, /you may not/);
  await outbox.flush();
  await refused;
  assert.equal(await good, "done");
});
test("after a reload what was kept is sent, and a refusal is told", async () => {
  const storage = new Memory();
  new Outbox(storage, async () => { throw new TypeError(); }).send({ commands: [1] }, "buy milk");
  await new Promise((resolve) => setTimeout(resolve));
  const later = new Outbox(storage, async () => { throw new Error("you may not"); });
  assert.deepEqual((await later.flush()).refused.map((each) => each.title), ["buy milk"]);
  assert.equal(later.waiting.length, 0);
});

for (const status of [401, 429, 502, 503, 504]) {
  test(`an answer ${status} leaves everything in the queue`, async () => {
    const storage = new Memory();
    const outbox = new Outbox(storage, async () => { throw Object.assign(new Error(), { status }); });
    outbox.send({ commands: [1] }, "a");
    outbox.send({ commands: [2] }, "b");
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal((await outbox.flush()).later.status, status);
    assert.equal(outbox.waiting.length, 2);
  });
}
test("what begins to wait says so, and is sent again with the very same body", async () => {
  let said = 0;
  let told = "first";
  const bodies = [];
  const outbox = new Outbox(new Memory(), async (body) => {
    bodies.push(JSON.stringify(body));
    if (bodies.length === 1) throw new TypeError();
    return "done";
  }, (body) => ({ ...body, conversation: told }));
  outbox.later = () => (said += 1);
  const sent = outbox.send({ commands: [1] }, "a");
  await new Promise((resolve) => setTimeout(resolve));
  told = "second";
  await outbox.flush();
  assert.equal(await sent, "done");
  assert.equal(said, 1);
  assert.equal(bodies[0], bodies[1]);
});
test("of a queue that two windows send, nothing is lost", async () => {
  const storage = new Memory();
  const sent = [];
  let down = true;
  const post = async (body) => {
    if (down) throw new TypeError();
    await new Promise((resolve) => setTimeout(resolve));
    sent.push(body.commands[0]);
  };
  const first = new Outbox(storage, post);
  first.send({ commands: ["a"] }, "a").catch(() => null);
  first.send({ commands: ["b"] }, "b").catch(() => null);
  await new Promise((resolve) => setTimeout(resolve));
  down = false;
  await Promise.all([first.flushed(), new Outbox(storage, post).flushed()]);
  assert.deepEqual([...new Set(sent)].sort(), ["a", "b"]);
  assert.equal(first.waiting.length, 0);
});
test("each person has a queue of their own", async () => {
  const storage = new Memory();
  const outbox = new Outbox(storage, async () => { throw new TypeError(); });
  outbox.owner = "ana";
  outbox.send({ commands: [1] }, "a");
  await new Promise((resolve) => setTimeout(resolve));
  outbox.owner = "mallory";
  assert.equal(outbox.waiting.length, 0);
});

test("YAML quotes what it could read as something else", () => {
  for (const text of ["yes", "12", "1.5", "null", "a: b", "# no", "- x", "", " x", "2027-03-01", "@a", "*a"]) assert.equal(yaml(text), JSON.stringify(text), text);
  assert.equal(yaml("Pay the rent"), "Pay the rent");
  assert.equal(yaml("one\ntwo\n", "  "), "|\n  one\n  two");
});
test("a task is a document that kubectl takes", () => {
  const text = document(task({ title: "Pay: rent", tags: ["a", "b"], reminders: [{ before: "1d" }], notes: "x\ny" }, {}, { managedFields: [1] }));
  assert.match(text, /^apiVersion: todotasks.dev\/v1\nkind: TodoTask\nmetadata:\n {2}name: t/);
  assert.match(text, /\n {2}tags:\n {4}- a\n {4}- b\n/);
  assert.match(text, /\n {4}- before: 1d|\n {4}- before: "1d"/);
  assert.ok(!text.includes("managedFields"));
});
test("every word of the page is there in German", () => {
  const folder = new URL("../src/", import.meta.url);
  const missing = [];
  for (const name of readdirSync(folder).filter((each) => /\.jsx?$/.test(each) && each !== "i18n.js")) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, inside] of source.matchAll(/(?<![\w.])t(?:\.value)?\(((?:[^()"]*\? )?"[^"]+"(?: : "[^"]+")?)/g)) for (const [, key] of inside.matchAll(/"([^"]+)"/g)) if (!translated.has(key)) missing.push(`${name}: ${key}`);
  }
  assert.deepEqual(missing, []);
});
