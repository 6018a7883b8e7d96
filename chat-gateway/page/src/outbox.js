// Edits that could not be sent, kept in the browser until they can: in order, each with an idempotency key, so that
// one which arrived after all is not done twice. What is kept are commands, never a token; each person has a queue of
// their own, so that nobody's edits are sent as somebody else.

const LATER = new Set([401, 408, 425, 429, 500, 502, 503, 504]); // what time, or logging in again, heals

/** Whether the same may be taken later. @param {any} error */
export const waits = (error) => error instanceof TypeError || LATER.has(error?.status);

/** @typedef {{id: string, body: any, title: string}} Waiting */

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

  /** @param {any} body @param {string} title @returns {Promise<any>} settles when it was sent, however much later */
  async send(body, title) {
    const whole = this.frame({ ...body, idempotencyKey: body.idempotencyKey ?? crypto.randomUUID() });
    if (!this.waiting.length) {
      try {
        return await this.post(whole);
      } catch (error) {
        if (!waits(error)) throw error;
      }
    }
    this.waiting = [...this.waiting, { id: whole.idempotencyKey, body: whole, title }];
    const sent = new Promise((resolve, reject) => this.waiters.set(whole.idempotencyKey, { resolve, reject }));
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
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        const { id } = next;
        const waiter = this.waiters.get(id);
        try {
          const answer = await this.post(next.body);
          waiter?.resolve(answer);
        } catch (error) {
          if (waits(error)) {
            later = error;
            break;
          }
          if (waiter) waiter.reject(error);
          else refused.push({ title: next.title, error });
        }
        this.waiters.delete(id);
        // This very one: another window may have added or sent some meanwhile.
        this.waiting = this.waiting.filter((each) => each.id !== id);
      }
    } finally {
      this.sending = false;
    }
    return { refused, later };
  }
}
