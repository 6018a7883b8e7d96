// test_replicas.py: sequences of steps on standard input, what they come to on standard output.
import { readFileSync } from "node:fs";
import { OutOfStep, Replica } from "../../../chat-gateway/chat_gateway/page/static/live.js";

function run(steps) {
  const replica = new Replica();
  const handles = [];
  const out = [];
  for (const [name, ...given] of steps) {
    try {
      if (name === "apply") out.push(replica.apply(...given));
      else if (name === "begin") {
        handles.push([given[0], null]);
        const { edit, told } = replica.beginEdit(...given);
        handles[handles.length - 1][1] = edit;
        out.push(told);
      } else {
        const [uid, edit] = handles[given[0]] ?? ["", null];
        if (edit === null) continue;
        out.push(name === "confirm" ? replica.confirmEdit(uid, edit, given[1]) : replica.dropEdit(uid, edit));
      }
    } catch (error) {
      if (error instanceof OutOfStep) out.push("out of step");
      else if (error instanceof RangeError) out.push("no such object");
      else throw error;
    }
  }
  const objects = Object.fromEntries([...replica.held.keys()].map((uid) => [uid, replica.get(uid)]));
  return [...out, objects, replica.ready];
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(run)));
