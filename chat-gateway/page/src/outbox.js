// Edits that could not be sent, kept in the browser until they can: in order, each with an idempotency key, so that
// one which arrived after all is not done twice. What is kept are commands, never a token; each person has a queue of
// their own, so that nobody's edits are sent as somebody else. What waited is compared before it is sent: where the
// task was changed meanwhile, it waits on as a conflict, until the person has decided.

const LATER = new Set([401, 408, 425, 429, 500, 502, 503, 504]); // what time, or logging in again, heals

/** Whether the same may be taken later. @param {any} error */
export const waits = (error) => error instanceof TypeError || LATER.has(error?.status);

/** The fields of a task as they were when it was edited. @typedef {{uid: string, spec: Record<string, any>}} Base */
/** @typedef {{field: string, mine: any, theirs: any, who: string}} Difference */
/** @typedef {{id: string, body: any, title: string, bases?: Base[], wanted?: Record<string, any>, conflict?: Difference[]}} Waiting */

/** An edit that the person has given up. */
export class Dropped extends Error {}

export class Outbox {
  /**
   * @param {Storage} storage
   * @param {(body: any) => Promise<any>} post throws TypeError while there is no network
   * @param {(body: any) => any} [frame] makes a body whole; once, so that it is the same each time it is sent
   */
  constructor(storage, post, frame = (body) => body) {
    this.storage = storage;
    this.post = post;
    this.frame = frame;
    this.owner = "";
    this.sending = false;
    /** Called when something begins to wait. @type {() => void} */
    this.later = () => {};
    /** What stands against sending what has waited; undefined: that is not known yet. @type {(entry: Waiting) => Difference[]|undefined} */
    this.compare = () => [];
    /** @type {Map<string, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
    this.waiters = new Map();
  }

  get key() {
    return `todotasks.outbox.${this.owner}`;
  }

  /** @returns {Waiting[]} */
  get waiting() {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Waiting[]} entries */
  set waiting(entries) {
    this.storage.setItem(this.key, JSON.stringify(entries));
  }

  /**
   * @param {any} body @param {string} title
   * @param {{bases?: Base[], wanted?: Record<string, any>, kept?: () => void}} [more] what is edited, as it was and as it shall be; `kept` is called when it has to wait
   * @returns {Promise<any>} settles when it was sent, however much later
   */
  async send(body, title, { bases, wanted, kept } = {}) {
    const whole = this.frame({ ...body, idempotencyKey: body.idempotencyKey ?? newKey() });
    if (!this.waiting.some((each) => !each.conflict)) {
      try {
        return await this.post(whole);
      } catch (error) {
        if (!waits(error)) throw error;
      }
    }
    const sent = new Promise((resolve, reject) => this.waiters.set(whole.idempotencyKey, { resolve, reject }));
    this.waiting = [...this.waiting, { id: whole.idempotencyKey, body: whole, title, ...(bases ? { bases, wanted } : {}) }];
    kept?.();
    this.later();
    return sent;
  }

  /**
   * Sends what waits; stops at the first that has to wait on. One window at a time: they share the queue.
   * @returns {Promise<{refused: {title: string, error: unknown}[], later: any}>} `later`: why something still waits
   */
  async flush() {
    const locks = globalThis.navigator?.locks;
    if (!locks) return this.flushed();
    return locks.request(this.key, { ifAvailable: true }, (lock) => (lock ? this.flushed() : { refused: [], later: new TypeError("another window sends") }));
  }

  /** @returns {Promise<{refused: {title: string, error: unknown}[], later: any}>} */
  async flushed() {
    if (this.sending) return { refused: [], later: null };
    this.sending = true;
    const refused = [];
    let later = null;
    const next = () => this.waiting.find((each) => !each.conflict);
    try {
      for (let entry = next(); entry; entry = next()) {
        const { id } = entry;
        const conflict = entry.bases ? this.compare(entry) : [];
        if (conflict === undefined) {
          later = new TypeError("it is not known yet how the tasks are");
          break;
        }
        if (conflict.length) {
          this.put(id, (each) => ({ ...each, conflict }));
          continue;
        }
        const waiter = this.waiters.get(id);
        try {
          const answer = await this.post(entry.body);
          waiter?.resolve(answer);
        } catch (error) {
          if (waits(error)) {
            later = error;
            break;
          }
          if (waiter) waiter.reject(error);
          else refused.push({ title: entry.title, error });
        }
        this.waiters.delete(id);
        this.put(id, () => null);
      }
    } finally {
      this.sending = false;
    }
    return { refused, later };
  }

  /** This very one: another window may have added or sent some meanwhile. @param {string} id @param {(entry: Waiting) => Waiting|null} change */
  put(id, change) {
    this.waiting = this.waiting.flatMap((each) => (each.id === id ? (change(each) ?? []) : [each]));
  }

  /** The person wants it all the same: it is compared no more. @param {string} id */
  insist(id) {
    this.put(id, ({ bases, wanted, conflict, ...entry }) => entry);
  }

  /** It is not to be sent. @param {string} id */
  drop(id) {
    this.put(id, () => null);
    this.waiters.get(id)?.reject(new Dropped("given up"));
    this.waiters.delete(id);
  }
}

/** A key that nobody else has; also where a page that came without TLS has no randomUUID. */
export function newKey() {
  if ("randomUUID" in globalThis.crypto) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
