// @ts-check
/**
 * The live stream in a browser, or in Node.js: what is there, then everything that happens, and one's own edits at once.
 *
 *     const live = new Live({ namespaces: ["home"], kinds: ["todotasks", "reminders"] });
 *     live.addEventListener("change", (event) => show(event.detail));
 *     live.start();
 *
 * docs/live.md has the contract, `todotasks/live` the same in Python. `Replica` is what is known: pure, messages in,
 * changes out. `Live` keeps the connection: a WebSocket, for browsers allow only six streams of events to one
 * host, and seven tabs would stand still.
 */

/** @typedef {{name: string, namespace: string, uid: string, resourceVersion: string, [field: string]: unknown}} Metadata */
/** @typedef {{metadata: Metadata, [field: string]: any}} KubeObject */
/** @typedef {{[field: string]: any}} Patch */
/** @typedef {"TodoTask"|"RecurrenceRule"|"Reminder"|"NotificationChannel"} Kind */
/**
 * How an object is now. Of a DELETED `object` is its last state; of an ADDED `before` is null. `pending`: there is an
 * edit of our own in it that the server has not confirmed.
 * @typedef {{type: "ADDED"|"MODIFIED"|"DELETED", kind: Kind, object: KubeObject, before: KubeObject|null, pending: boolean}} Change
 */
/**
 * @typedef {object} Fired
 * @property {{namespace: string, name: string, uid: string}} reminder
 * @property {string} firedAt
 * @property {string|null} message
 * @property {{name: string, title?: string|null, due?: string|null, completed?: boolean}} task
 * @property {{done: object, snooze: object}} actions  bodies for POST /v1/edits
 */
/** @typedef {{name: "change", detail: Change} | {name: "fired", detail: Fired} | {name: "synced", detail: {resumed: boolean}}} Told */
/** @typedef {{patch: Patch, sent: boolean, version: number}} Edit */
/** @typedef {{kind: Kind, base: KubeObject, edits: Edit[]}} Held */
/**
 * @typedef {object} State
 * @property {"connecting"|"live"|"offline"|"closed"} state
 * @property {number|null} retryAt  milliseconds since 1970; offline: when it is tried again
 * @property {number|null} code  closed: why, as docs/live.md has it
 * @property {string} reason
 * @property {string} detail
 */
/**
 * @typedef {object} Options
 * @property {string} [url]  where the gateway is; default: where the page came from
 * @property {string[]} [namespaces]  none: all
 * @property {("todotasks"|"recurrencerules"|"reminders"|"notificationchannels")[]} [kinds]
 * @property {string} [project]
 * @property {string[]} [tags]
 * @property {string} [labelSelector]
 * @property {"object"|"patch"} [form]
 * @property {string|(() => string)} [token]  of the Kubernetes API, in Node.js 22 or newer; a browser sends its session's cookie
 * @property {{first: number, longest: number}} [backoff]  milliseconds
 * @property {() => number} [random]
 */

const SILENCE = 30_000; // milliseconds; the gateway sends something every ten seconds
const GOOD_AFTER = 10_000; // milliseconds after which a connection counts as a good one
const CONFIRMED_FOR = 5_000; // milliseconds that a confirmed edit is shown at most before the stream has it
const BACKOFF = { first: 500, longest: 30_000 }; // milliseconds
const REFUSED = new Set([4400, 4401, 4403]); // would be said again

/** A patch of an object that is not here: what we have is wrong, and must be fetched anew. */
export class OutOfStep extends Error {}

/**
 * A JSON merge patch (RFC 7396) applied; neither argument is changed.
 * @param {any} document
 * @param {Patch} patch
 * @returns {any}
 */
export function merged(document, patch) {
  /** @type {{[field: string]: any}} */
  const result = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    // An own property even for "__proto__", which JSON may hold like any other name.
    if (value === null) delete result[key];
    else {
      const now = isObject(value) ? merged(Object.hasOwn(result, key) ? result[key] : {}, value) : value;
      Object.defineProperty(result, key, { value: now, writable: true, enumerable: true, configurable: true });
    }
  }
  return result;
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The resourceVersion as a number; 0 where there is none.
 * @param {any} found
 */
export function versionOf(found) {
  const text = String(found?.metadata?.resourceVersion ?? found?.resourceVersion ?? "");
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** What is known: objects by uid, and edits of our own on top of them. Feed it messages in their order. */
export class Replica {
  constructor() {
    this.ready = false;
    /** @type {Map<string, Held>} */
    this.held = new Map();
    /** @type {Map<string, Held>} */
    this.staged = new Map();
    /** @type {Map<string, string>} */
    this.fired = new Map();
  }

  /**
   * As it is to be shown.
   * @param {string} uid
   * @returns {KubeObject|null}
   */
  get(uid) {
    const held = this.held.get(uid);
    return held === undefined ? null : shown(held);
  }

  /**
   * What one message comes to. Messages of names that are not known come to nothing.
   * @param {string} event
   * @param {any} data
   * @returns {Told[]}
   */
  apply(event, data) {
    switch (event) {
      case "snapshot":
        for (const base of data.objects) this.staged.set(base.metadata.uid, { kind: data.kind, base, edits: [] });
        return [];
      case "reset":
        this.staged.clear();
        this.ready = false;
        return [];
      case "ready":
        return this.complete(Boolean(data.resumed));
      case "change":
        return this.changed(data);
      case "fired": {
        if (this.fired.get(data.reminder.uid) === data.firedAt) return []; // told again after a break
        this.fired.set(data.reminder.uid, data.firedAt);
        return [{ name: "fired", detail: data }];
      }
      default:
        return [];
    }
  }

  /**
   * @param {boolean} resumed
   * @returns {Told[]}
   */
  complete(resumed) {
    /** @type {Told[]} */
    const told = [];
    if (!resumed) {
      const staged = this.staged;
      this.staged = new Map();
      for (const uid of [...this.held.keys()]) if (!staged.has(uid)) told.push(...this.gone(uid));
      for (const [uid, { kind, base }] of staged) told.push(...this.put(uid, kind, base));
    }
    this.ready = true;
    told.push({ name: "synced", detail: { resumed } });
    return told;
  }

  /**
   * @param {any} data
   * @returns {Told[]}
   */
  changed(data) {
    const { metadata } = data.object ?? data;
    const held = this.held.get(metadata.uid);
    if (held !== undefined && versionOf(held.base) >= versionOf({ metadata })) return []; // told again after a break
    if (data.type === "DELETED") return this.gone(metadata.uid);
    if (data.object !== undefined) return this.put(metadata.uid, data.kind, data.object);
    if (held === undefined) throw new OutOfStep(`a patch of ${metadata.namespace}/${metadata.name}`);
    return this.put(metadata.uid, data.kind, merged(held.base, data.patch));
  }

  /**
   * @param {string} uid
   * @param {Kind} kind
   * @param {KubeObject} base
   * @returns {Told[]}
   */
  put(uid, kind, base) {
    const held = this.held.get(uid);
    if (held === undefined) {
      this.held.set(uid, { kind, base, edits: [] });
      return [change("ADDED", kind, base, null)];
    }
    if (versionOf(held.base) >= versionOf(base)) return [];
    const before = shown(held);
    held.base = base;
    held.edits = held.edits.filter((edit) => !(edit.sent && versionOf(base) >= edit.version));
    return [change("MODIFIED", kind, shown(held), before, held.edits.length > 0)];
  }

  /**
   * @param {string} uid
   * @returns {Told[]}
   */
  gone(uid) {
    const held = this.held.get(uid);
    if (held === undefined) return [];
    this.held.delete(uid);
    return [change("DELETED", held.kind, shown(held), shown(held))];
  }

  /**
   * Show a merge patch at once. The edit is for one of the next two.
   * @param {string} uid
   * @param {Patch} patch
   * @returns {{edit: Edit, told: Told[]}}
   */
  beginEdit(uid, patch) {
    const held = this.held.get(uid);
    if (held === undefined) throw new RangeError(`there is no object ${uid}`);
    const before = shown(held);
    const edit = { patch, sent: false, version: 0 };
    held.edits.push(edit);
    return { edit, told: [change("MODIFIED", held.kind, shown(held), before, true)] };
  }

  /**
   * The server has taken it: it is shown until the stream has `version` (0: until the object's next change).
   * @param {string} uid
   * @param {Edit} edit
   * @param {number} version
   * @returns {Told[]}
   */
  confirmEdit(uid, edit, version) {
    edit.sent = true;
    edit.version = version;
    const held = this.held.get(uid);
    return held !== undefined && version > 0 && versionOf(held.base) >= version ? this.dropEdit(uid, edit) : [];
  }

  /**
   * Refused, or shown for long enough: what the server says is shown again.
   * @param {string} uid
   * @param {Edit} edit
   * @returns {Told[]}
   */
  dropEdit(uid, edit) {
    const held = this.held.get(uid);
    if (held === undefined || !held.edits.includes(edit)) return [];
    const before = shown(held);
    held.edits = held.edits.filter((each) => each !== edit);
    return [change("MODIFIED", held.kind, shown(held), before, held.edits.length > 0)];
  }
}

/**
 * @param {Held} held
 * @returns {KubeObject}
 */
function shown(held) {
  return held.edits.reduce((found, edit) => merged(found, edit.patch), held.base);
}

/**
 * @param {Change["type"]} type
 * @param {Kind} kind
 * @param {KubeObject} object
 * @param {KubeObject|null} before
 * @returns {Told}
 */
function change(type, kind, object, before, pending = false) {
  return { name: "change", detail: { type, kind, object, before, pending } };
}

/**
 * The connection, again and again, from where it was. Events: `change`, `fired`, `synced`, `state`; the `detail` of
 * each is above.
 */
export class Live extends EventTarget {
  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    this.options = options;
    this.backoff = options.backoff ?? BACKOFF;
    this.random = options.random ?? Math.random;
    this.replica = new Replica();
    /** @type {State} */
    this.state = { state: "closed", retryAt: null, code: null, reason: "", detail: "" };
    /** @type {string|null} */
    this.cursor = null;
    /** @type {WebSocket|null} */
    this.socket = null;
    this.failures = 0;
    this.began = 0;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.silence = undefined;
    this.wake = () => {
      if (this.state.state === "offline") this.connect();
    };
    this.sleep = () => {
      if (this.state.state === "closed") return;
      this.abandon();
      this.later(null);
    };
  }

  /** Whether all that is there is known. */
  get ready() {
    return this.replica.ready;
  }

  /**
   * All of one kind, as they are to be shown.
   * @param {Kind} [kind]
   * @returns {KubeObject[]}
   */
  objects(kind) {
    return [...this.replica.held.values()].filter((held) => kind === undefined || held.kind === kind).map(shown);
  }

  /**
   * @param {string} uid
   * @returns {KubeObject|null}
   */
  get(uid) {
    return this.replica.get(uid);
  }

  /** Connect, and stay connected until `close`, or until the gateway refuses for good (`state` closed). */
  start() {
    if (this.state.state !== "closed") return;
    if (typeof WebSocket === "undefined") throw new Error("There is no WebSocket here: use Node.js 22 or newer, or `node --experimental-websocket`.");
    globalThis.addEventListener?.("online", this.wake);
    globalThis.addEventListener?.("offline", this.sleep); // sooner than silence would say it
    this.failures = 0;
    this.connect();
  }

  /** No more of it; `start` goes on where it was. */
  close() {
    this.end(null, "", "");
  }

  /**
   * Show a merge patch of an object at once, and send it. What `send` throws takes it back, and goes on to the caller.
   * When `send` gives the object as it is now (or {resourceVersion}), the edit is shown until the stream has that version.
   * @template T
   * @param {Kind} kind
   * @param {string} uid
   * @param {Patch} patch
   * @param {() => Promise<T>} send
   * @returns {Promise<T>}
   */
  async edit(kind, uid, patch, send) {
    const { edit, told } = this.replica.beginEdit(uid, patch);
    this.tell(told);
    let answer;
    try {
      answer = await send();
    } catch (error) {
      this.tell(this.replica.dropEdit(uid, edit));
      throw error;
    }
    this.tell(this.replica.confirmEdit(uid, edit, versionOf(answer)));
    setTimeout(() => this.tell(this.replica.dropEdit(uid, edit)), CONFIRMED_FOR);
    return answer;
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────
  connect() {
    clearTimeout(this.timer);
    this.abandon();
    this.began = Date.now();
    this.say({ state: "connecting" });
    const headers = this.headers();
    // Node's WebSocket takes headers where a browser's takes protocols.
    const socket = headers ? new WebSocket(this.address(), /** @type {any} */ ({ headers })) : new WebSocket(this.address());
    this.socket = socket;
    let opened = false;
    /** @type {{code: number, reason: string, detail: string, retryAfter: number|null}|null} */
    let closing = null;
    socket.onopen = () => {
      opened = true;
    };
    socket.onmessage = (message) => {
      this.listen();
      const { event, data, cursor } = JSON.parse(message.data);
      if (event === "closing") closing = data;
      else this.take(event, data, cursor);
    };
    /** @param {number} code */
    const over = (code) => {
      if (this.socket !== socket) return;
      this.socket = null;
      clearTimeout(this.silence);
      if (closing !== null) this.closed(closing);
      else if (!opened) void this.refused();
      else this.closed({ code, reason: "", detail: "", retryAfter: null });
    };
    socket.onclose = (closed) => over(closed.code);
    socket.onerror = () => over(1006); // browsers say `close` behind it, not everybody else does
    this.listen();
  }

  /** @param {string} event @param {any} data @param {string|undefined} cursor */
  take(event, data, cursor) {
    /** @type {Told[]} */
    let told;
    try {
      told = this.replica.apply(event, data);
    } catch (error) {
      if (!(error instanceof OutOfStep)) throw error;
      this.cursor = null;
      this.connect();
      return;
    }
    if (event === "reset") this.cursor = null;
    if (cursor !== undefined) this.cursor = cursor;
    if (event === "ready") {
      this.failures = 0;
      this.say({ state: "live" });
    }
    this.tell(told);
  }

  /** @param {{code: number, reason: string, detail: string, retryAfter: number|null}} closing */
  closed({ code, reason, detail, retryAfter }) {
    if (REFUSED.has(code)) {
      this.end(code, reason, detail);
      return;
    }
    if (code === 4410) this.cursor = null;
    this.later(retryAfter);
  }

  /** A browser does not say why a handshake was refused. If it was the session, asking for that says so. */
  async refused() {
    try {
      const answer = await fetch(new URL("/v1/session", this.base()), { credentials: "same-origin", headers: this.headers() });
      if (answer.status === 401 || answer.status === 403) {
        const { reason, detail } = await answer.json();
        this.end(4000 + answer.status, reason, detail);
        return;
      }
    } catch {
      // No answer either: the gateway, or the network, is away.
    }
    if (this.state.state === "connecting") this.later(null);
  }

  /** @param {number|null} after  milliseconds, where the gateway said so */
  later(after) {
    if (Date.now() - this.began > GOOD_AFTER) this.failures = 0;
    this.failures += 1;
    const step = Math.min(this.backoff.longest, this.backoff.first * 2 ** Math.min(this.failures - 1, 30));
    const pause = after ?? step * (1 - this.random() / 2);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), pause);
    this.say({ state: "offline", retryAt: Date.now() + pause });
  }

  /** From now on it may be silent for so long, and no longer. */
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.abandon();
      this.later(null);
    }, SILENCE);
  }

  /** Of the connection that there is nothing is heard any more. */
  abandon() {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** @param {number|null} code @param {string} reason @param {string} detail */
  end(code, reason, detail) {
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.removeEventListener?.("offline", this.sleep);
    clearTimeout(this.timer);
    this.abandon();
    this.say({ state: "closed", code, reason, detail });
  }

  /** @returns {{Authorization: string}|undefined} */
  headers() {
    const { token } = this.options;
    if (token === undefined) return undefined;
    return { Authorization: `Bearer ${typeof token === "function" ? token() : token}` };
  }

  base() {
    return this.options.url ?? globalThis.location.href;
  }

  address() {
    const { namespaces = [], kinds = [], tags = [], project, labelSelector, form = "patch" } = this.options;
    const url = new URL("/v1/ws", this.base());
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    for (const namespace of namespaces) url.searchParams.append("namespace", namespace);
    for (const kind of kinds) url.searchParams.append("kind", kind);
    for (const tag of tags) url.searchParams.append("tag", tag);
    if (project) url.searchParams.set("project", project);
    if (labelSelector) url.searchParams.set("labelSelector", labelSelector);
    url.searchParams.set("form", form);
    if (this.cursor !== null) url.searchParams.set("cursor", this.cursor);
    return url;
  }

  /** @param {Told[]} told */
  tell(told) {
    for (const { name, detail } of told) this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {Partial<State>} state */
  say(state) {
    const full = { state: this.state.state, retryAt: null, code: null, reason: "", detail: "", ...state };
    this.state = full;
    this.dispatchEvent(new CustomEvent("state", { detail: full }));
  }
}
