// A rule in the reader's words. The operator's status says it in English; in German the form says what it can, and the
// gateway the rest.

import { signal } from "@preact/signals";
import { call } from "./api.js";
import { formOf, inGerman, said } from "./schedule.js";
import { language } from "./state.js";

/** What the gateway said, by the spec it was asked about. */
const told = signal(/** @type {Map<string, string>} */ (new Map()));
const asked = new Set();

/** @param {any} rule @returns {string} */
export function sayRule(rule) {
  const { spec, status, metadata } = rule;
  const english = status?.schedule || spec.rrule || spec.cron || metadata.name;
  if (language.value !== "de") return english;
  const german = inGerman(formOf(spec));
  if (german) return german;
  const { rrule, cron, simple, start, until, count, except, basis } = spec;
  const schedule = said({ rrule, cron, simple, start, until, count, except, basis, timeZone: spec.timeZone ?? status?.timeZone });
  const key = JSON.stringify(schedule);
  if (!asked.has(key)) {
    asked.add(key);
    call("POST", "/v1/preview", { schedule, language: "de", count: 1 }).then((answer) => answer.reading && (told.value = new Map(told.value).set(key, answer.reading)), () => asked.delete(key));
  }
  return told.value.get(key) ?? english;
}
