// live.js under Node.js for test_conformance.py: `node … URL TOKEN NAMESPACE FORM`; each line on standard input is answered
// with all that it has, by uid, as JSON.
import { createInterface } from "node:readline";
import { Live } from "../../../chat-gateway/chat_gateway/page/static/live.js";

const [url, token, namespace, form] = process.argv.slice(2);
const live = new Live({ url, token, namespaces: [namespace], form, backoff: { first: 10, longest: 200 } });
live.addEventListener("state", (event) => {
  if (event.detail.state === "closed") {
    console.error("closed:", JSON.stringify(event.detail));
    process.exit(1);
  }
});
live.start();
for await (const _ of createInterface({ input: process.stdin })) {
  const all = Object.fromEntries(live.objects().map((found) => [found.metadata.uid, found]));
  process.stdout.write(`${JSON.stringify(all)}\n`);
}
