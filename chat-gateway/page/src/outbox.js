// Edits that could not be sent, kept in the browser until they can: in order, each with an idempotency key, so that
// one which arrived after all is not done twice. What is kept are commands, never a token.

const KEY = "todotasks.outbox";

/** @typedef {{id: string, namespace: string, body: any, title: string}} Waiting */

export class Outbox {
  /** @param {Storage} storage @param {(body: any) => Promise<any>} post throws TypeError while there is no network */
  constructor(storage, post) {
    this.storage = storage;
    this.post = post;
    this.sending = false;
    /** @type {Map<string, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
    this.waiters = new Map();
  }

  /** @returns {Waiting[]} */
  get waiting() {
    try {
      return JSON.parse(this.storage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Waiting[]} entries */
  set waiting(entries) {
    this.storage.setItem(KEY, JSON.stringify(entries));
  }

  /** @param {any} body @param {string} title @returns {Promise<any>} settles when it was sent, however much later */
  async send(body, title) {
    const keyed = { ...body, idempotencyKey: body.idempotencyKey ?? crypto.randomUUID() };
    if (!this.waiting.length) {
      try {
        return await this.post(keyed);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
    this.waiting = [...this.waiting, { id: keyed.idempotencyKey, namespace: body.namespace, body: keyed, title }];
    return new Promise((resolve, reject) => this.waiters.set(keyed.idempotencyKey, { resolve, reject }));
  }

  /** Sends what waits; stops at the first for which there is no network. @returns {Promise<{title: string, error: unknown}[]>} what was refused */
  async flush() {
    if (this.sending) return [];
    this.sending = true;
    const refused = [];
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        const waiter = this.waiters.get(next.id);
        try {
          const answer = await this.post(next.body);
          waiter?.resolve(answer);
        } catch (error) {
          if (error instanceof TypeError) break;
          if (waiter) waiter.reject(error);
          else refused.push({ title: next.title, error });
        }
        this.waiters.delete(next.id);
        this.waiting = this.waiting.slice(1);
      }
    } finally {
      this.sending = false;
    }
    return refused;
  }
}
