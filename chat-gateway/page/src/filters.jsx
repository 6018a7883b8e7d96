import { useState } from "preact/hooks";
import { Icon } from "./icons.jsx";
import { conditions, quoted, wordsOf } from "./filter.js";
import { openByArrow } from "./menus.js";
import * as store from "./store.js";

const { t, view } = store;

/** What a condition can be, with the values that are there. */
function choices() {
  const { projects, tags } = /** @type {any} */ (store.count.value);
  const people = [...new Set(store.tasks.value.map((task) => task.spec.assignee).filter(Boolean))].sort();
  return [
    { label: t.value("Tag"), words: tags.map((/** @type {any} */ [name]) => [`#${name}`, `#${name}`]) },
    { label: t.value("Project"), words: projects.map((/** @type {any} */ [name]) => [`project:${quoted(name)}`, name]) },
    { label: t.value("Assignee"), words: people.map((name) => [`@${name}`, `@${name}`]) },
    { label: t.value("Priority"), words: ["Urgent", "High", "Medium", "Low"].map((name, i) => [`p${i + 1}`, t.value(name)]) },
    { label: t.value("Due"), words: [["due:today", t.value("today")], ["due:tomorrow", t.value("tomorrow")], ["due:week", t.value("within a week")], ["due:month", t.value("within a month")], ["is:overdue", t.value("overdue")], ["due:none", t.value("someday")]] },
    { label: t.value("Conditions"), words: [["is:open", t.value("open ones")], ["is:done", t.value("done ones")], ["is:blocked", t.value("blocked")], ["is:repeating", t.value("repeating ones")]] },
  ].filter((each) => each.words.length);
}

/** The filter of a search as groups of conditions: all of a group, any of the groups. What is changed here is in the address. */
export function Filter() {
  const [title, setTitle] = useState(/** @type {string|null} */ (null));
  const q = view.value.q ?? "";
  const groups = conditions(q);
  const shown = groups.length ? groups : [[]];
  const known = choices();
  const label = new Map(known.flatMap((each) => each.words));
  const show = (/** @type {any[][]} */ next) => store.goView({ ...view.value, name: "search", q: wordsOf(next) });
  const saved = store.filters.value.find((each) => each.q === q);
  const save = (/** @type {any} */ event) => {
    event.preventDefault();
    const name = (title ?? "").trim();
    if (!name) return;
    store.keepFilters([...store.filters.value.filter((each) => each.title !== name), { title: name, q }]);
    setTitle(null);
    store.goView({ name: "search", q, title: name });
  };
  const menu = (/** @type {number} */ i, /** @type {string} */ says) => (
    <select class="more-conditions" value="" aria-label={says} onKeyDown={openByArrow} onChange={(event) => { const word = event.currentTarget.value; if (!word) return; const next = i < groups.length ? groups.map((group, k) => (k === i ? [...group, { word, not: false }] : group)) : [...groups, [{ word, not: false }]]; show(next); event.currentTarget.value = ""; }}>
      <option value="">+ {says}</option>
      {known.map((each) => <optgroup key={each.label} label={each.label}>{each.words.map((/** @type {[string, string]} */ [word, name]) => <option key={word} value={word}>{name}</option>)}</optgroup>)}
    </select>
  );
  return (
    <section class="filter" aria-label={t.value("Filter")}>
      {shown.map((group, i) => (
        <div key={i} class="group">
          {i > 0 && <span class="or">{t.value("or")}</span>}
          {group.map((condition, k) => (
            <span key={k} class={`chip ${condition.not ? "not" : ""}`}>
              {k > 0 && <span class="and">{t.value("and")}</span>}
              <button class="word" aria-pressed={condition.not} title={t.value("Turn it round")} onClick={() => show(groups.map((each, x) => (x === i ? each.map((one, y) => (y === k ? { ...one, not: !one.not } : one)) : each)))}>{condition.not ? `${t.value("not")} ` : ""}{label.get(condition.word) ?? condition.word}</button>
              <button aria-label={t.value("Remove {what}", { what: condition.word })} onClick={() => show(groups.map((each, x) => (x === i ? each.filter((_, y) => y !== k) : each)))}><Icon name="close" size={12} /></button>
            </span>
          ))}
          {menu(i, group.length ? t.value("and") : t.value("Condition"))}
        </div>
      ))}
      {groups.length > 0 && (
        <div class="group">
          {menu(groups.length, t.value("or"))}
          <span class="grow" />
          {title !== null ? (
            <form onSubmit={save}><input ref={(element) => element?.focus()} value={title} onInput={(event) => setTitle(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); setTitle(null); } }} placeholder={t.value("Name of the filter")} aria-label={t.value("Name of the filter")} maxLength={60} /><button class="primary" disabled={!title.trim()}>{t.value("Save")}</button></form>
          ) : saved ? (
            <button class="link" onClick={() => { store.keepFilters(store.filters.value.filter((each) => each !== saved)); store.goView({ name: "search", q }); }}>{t.value("Forget this filter")}</button>
          ) : (
            <button class="link" onClick={() => setTitle(view.value.title ?? "")}><Icon name="filter" size={16} /> {t.value("Save filter")}</button>
          )}
          <button class="link" onClick={() => store.copy(location.href)}><Icon name="link" size={16} /> {t.value("Copy link")}</button>
        </div>
      )}
    </section>
  );
}
