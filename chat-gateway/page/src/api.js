// The gateway's paths, as the page asks them. Every refusal is a `Problem` with the sentence to show.

import { newKey } from "./outbox.js";

export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `The gateway answered ${status}.`);
    this.status = status;
    this.reason = body?.reason ?? "";
    this.correlation = body?.correlationId ?? "";
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** In which language the gateway answers. */
export const speech = { language: "auto" };

/** @param {string} method @param {string} path @param {any} [body] @param {AbortSignal} [signal] */
export async function call(method, path, body, signal) {
  const response = await fetch(path, {
    method,
    signal,
    headers: body === undefined ? { Accept: "application/json" } : { "Content-Type": "application/json", Accept: "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  signal?.throwIfAborted(); // given up while the answer came: there is none
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

let conversation = sessionStorage.getItem("todotasks.conversation") ?? "";

/** Keeps the conversation that "undo" and "it" belong to. @param {any} answer */
function remember(answer) {
  if (answer?.conversation) {
    conversation = answer.conversation;
    sessionStorage.setItem("todotasks.conversation", conversation);
  }
  return answer;
}

/** The next person begins a conversation of their own. */
export function forget() {
  conversation = "";
  sessionStorage.removeItem("todotasks.conversation");
}

export const session = () => call("GET", "/v1/session");
export const logIn = (/** @type {{token?: string, code?: string}} */ by) => call("POST", "/v1/session", by);
export const logOut = () => call("DELETE", "/v1/session");
export const parse = (/** @type {string} */ text, /** @type {string} */ namespace, /** @type {AbortSignal} */ signal) =>
  call("POST", "/v1/parse", { text, namespace, timeZone: zone }, signal);
export const say = async (/** @type {string} */ text, /** @type {string} */ namespace) =>
  remember(await call("POST", "/v1/chat", { text, namespace, conversation, timeZone: zone, idempotencyKey: newKey() }));
/** A body with what is true now; sent again it must be the same. @param {any} body */
export const framed = (body) => ({ conversation, timeZone: zone, language: speech.language, ...body });
/** @param {{namespace: string, commands: any[], confirmed?: boolean, idempotencyKey?: string}} body */
export const edits = async (body) => remember(await call("POST", "/v1/edits", framed(body)));
