// Several people, and no network: what stays where it is, what is compared, what is asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { calmed } from "../src/calm.js";
import { Dropped, Outbox } from "../src/outbox.js";
import { nest, within } from "../src/tree.js";

class Memory {
  constructor() { this.kept = {}; }
  getItem(key) { return this.kept[key] ?? null; }
  setItem(key, value) { this.kept[key] = value; }
}
const soon = () => new Promise((resolve) => setTimeout(resolve));
const BASES = [{ uid: "u1", spec: { title: "pay rent" } }];

/** An outbox that has kept one edit of a title, and has network again. */
async function kept(theirs) {
  const sent = [];
  let down = true;
  const outbox = new Outbox(new Memory(), async (body) => {
    if (down) throw new TypeError("no network");
    sent.push(body.commands[0]);
    return "done";
  });
  outbox.compare = () => theirs;
  const edited = outbox.send({ commands: ["mine"] }, "pay rent", { bases: BASES, wanted: { title: "pay the rent" } });
  edited.catch(() => null);
  await soon();
  down = false;
  return { outbox, sent, edited };
}
const CONFLICT = [{ field: "title", mine: "pay the rent", theirs: "pay rent to Ben", who: "ben" }];

test("what was changed meanwhile is not sent over it, and does not hold up the next", async () => {
  const { outbox, sent } = await kept(CONFLICT);
  outbox.send({ commands: ["another"] }, "buy milk").catch(() => null);
  await soon();
  await outbox.flush();
  assert.deepEqual(sent, ["another"]);
  assert.deepEqual(outbox.waiting.map((each) => each.conflict), [CONFLICT]);
});
test("who insists is obeyed", async () => {
  const { outbox, sent, edited } = await kept(CONFLICT);
  await outbox.flush();
  outbox.insist(outbox.waiting[0].id);
  await outbox.flush();
  assert.deepEqual(sent, ["mine"]);
  assert.equal(await edited, "done");
  assert.equal(outbox.waiting.length, 0);
});
test("what is given up is not sent, and whoever waits for it hears so", async () => {
  const { outbox, sent, edited } = await kept(CONFLICT);
  await outbox.flush();
  outbox.drop(outbox.waiting[0].id);
  await assert.rejects(edited, Dropped);
  await outbox.flush();
  assert.deepEqual(sent, []);
});
test("as long as it is not known how the tasks are, what could be in the way waits", async () => {
  const { outbox, sent } = await kept(undefined);
  const { later } = await outbox.flush();
  assert.ok(later instanceof TypeError);
  assert.deepEqual(sent, []);
  assert.equal(outbox.waiting.length, 1);
});
test("what does not have to wait is not compared: the server does that", async () => {
  const outbox = new Outbox(new Memory(), async () => "done");
  outbox.compare = () => assert.fail("compared");
  assert.equal(await outbox.send({ commands: [1] }, "x", { bases: BASES, wanted: {} }), "done");
});

const row = (uid, title = uid) => ({ metadata: { uid, name: uid, namespace: "home" }, spec: { title } });
const group = (...rows) => [{ key: "all", title: null, rows }];
test("while somebody points at the list its rows keep their places, and change in them", () => {
  const list = calmed();
  list(group(row("a"), row("b")), [row("a"), row("b")], false, "today");
  const now = [row("0 new"), row("b", "z"), row("c")];
  const held = list(group(...now), now, true, "today");
  assert.deepEqual(held.groups[0].rows.map((each) => each.spec.title), ["a", "z"]);
  assert.equal(held.news, 2);
  const after = list(group(...now), now, false, "today");
  assert.deepEqual([after.groups[0].rows.length, after.news], [3, 0]);
});
test("another view, or an edit of one's own, is shown at once", () => {
  const list = calmed();
  list(group(row("a")), [], false, "today");
  assert.equal(list(group(row("b")), [], true, "all").groups[0].rows[0].metadata.uid, "b");
});

test("a chain of twenty thousand parts is a list like any other", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => ({ metadata: { uid: `u${i}`, name: `t${i}`, namespace: "home" }, spec: { title: "x", ...(i ? { parent: `t${i - 1}` } : {}) } }));
  assert.equal(nest(chain, new Set()).rows.length, 20_000);
  assert.equal(nest(chain, new Set(["u0"])).rows.length, 1);
  assert.equal(within(chain[0], chain).size, 19_999);
});
