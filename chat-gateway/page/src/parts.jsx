import { useState } from "preact/hooks";
import { Icon } from "./icons.jsx";
import { Check, DueMark } from "./list.jsx";
import * as store from "./store.js";
import { above, partsOf, waitingFor, within } from "./tree.js";
import { isDone } from "./views.js";

const { t } = store;
const MOST = 200; // titles that are offered
const DEEPEST = 5; // parts of parts that are shown at once; below that one goes there
const MOST_PARTS = 100; // of one task, until one asks for all

/** Where a task belongs: the tasks above it. @param {{task: any}} props */
export function Above({ task }) {
  const path = above(task, store.tasks.value);
  return path.length ? (
    <nav class="above" aria-label={t.value("Part of")}>
      {path.map((each) => <button key={each.metadata.uid} class="link" onClick={() => store.openTask(each)}>{each.spec.title}</button>)}
    </nav>
  ) : null;
}

/** @param {{task: any, within: string[]}} props */
function Branch({ task, within: path }) {
  const [adding, setAdding] = useState(false);
  const [title, setTitle] = useState("");
  const [all, setAll] = useState(false);
  const parts = partsOf(task, store.tasks.value);
  const add = (/** @type {any} */ event) => {
    event.preventDefault();
    const words = title.trim();
    if (words) store.create([{ action: "create", task: { title: words, parent: { names: [task.metadata.name] } } }], task.metadata.namespace).catch(store.tellError);
    setTitle("");
  };
  const root = path.length === 0;
  return (
    <>
      {parts.length > 0 && (
        <ul class={root ? "parts" : "parts inner"}>
          {parts.slice(0, all ? parts.length : MOST_PARTS).map((each) => (
            <li key={each.metadata.uid}>
              <Part task={each} path={[...path, task.metadata.uid]} />
            </li>
          ))}
        </ul>
      )}
      {!all && parts.length > MOST_PARTS && <button class="link add" onClick={() => setAll(true)}>{t.value("{n} more", { n: parts.length - MOST_PARTS })}</button>}
      {root && !adding && <button class="link add" onClick={() => setAdding(true)}><Icon name="plus" size={16} /> {t.value("Add a subtask")}</button>}
      {root && adding && <form onSubmit={add}><input autofocus ref={(element) => element?.focus()} value={title} onInput={(event) => setTitle(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); setAdding(false); } }} onBlur={() => !title && setAdding(false)} placeholder={t.value("Add a subtask")} aria-label={t.value("Add a subtask")} maxLength={512} /></form>}
    </>
  );
}
/** @param {{task: any, path: string[]}} props */
function Part({ task, path }) {
  const [adding, setAdding] = useState(false);
  const [title, setTitle] = useState("");
  return (
    <>
      <div class="part">
        <Check task={task} />
        <button class={`link grow ${isDone(task) ? "done" : ""}`} dir="auto" onClick={() => store.openTask(task)}>{task.spec.title}</button>
        <DueMark task={task} />
        <button class="icon-button" aria-label={t.value("Add a subtask to {title}", { title: task.spec.title })} title={t.value("Add a subtask")} onClick={() => setAdding(!adding)}><Icon name="plus" size={16} /></button>
      </div>
      {path.length < DEEPEST && !path.includes(task.metadata.uid) && <Branch task={task} within={path} />}
      {path.length >= DEEPEST && partsOf(task, store.tasks.value).length > 0 && <button class="link add inner" onClick={() => store.openTask(task)}>{t.value("{n} more", { n: partsOf(task, store.tasks.value).length })}</button>}
      {adding && (
        <form class="inner" onSubmit={(event) => { event.preventDefault(); if (title.trim()) store.create([{ action: "create", task: { title: title.trim(), parent: { names: [task.metadata.name] } } }], task.metadata.namespace).catch(store.tellError); setTitle(""); setAdding(false); }}>
          <input ref={(element) => element?.focus()} value={title} onInput={(event) => setTitle(event.currentTarget.value)} placeholder={t.value("Add a subtask")} aria-label={t.value("Add a subtask")} maxLength={512} />
        </form>
      )}
    </>
  );
}

/** The parts of a task, and theirs. @param {{task: any}} props */
export function Parts({ task }) {
  const all = [...within(task, store.tasks.value)];
  const [belongs, setBelongs] = useState(false);
  return (
    <section>
      <h2>{t.value("Subtasks")} {all.length > 0 && <span class="count">{t.value("{done} of {total} done", { done: all.filter(isDone).length, total: all.length })}</span>}</h2>
      <Branch key={task.metadata.uid} task={task} within={[]} />
      {belongs
        ? <Pick id="pick-parent" label={t.value("Part of")} task={task} except={new Set([task, ...all])} onPick={(other) => { setBelongs(false); store.change(task, { parent: { names: [other.metadata.name] } }, { parent: other.metadata.name }); }} onCancel={() => setBelongs(false)} />
        : task.spec.parent
          ? <button class="link add" onClick={() => store.change(task, { clear: ["parent"] }, { parent: null })}><Icon name="close" size={16} /> {t.value("No longer a part of another task")}</button>
          : <button class="link add" onClick={() => setBelongs(true)}><Icon name="parts" size={16} /> {t.value("Make it a part of another task")}</button>}
    </section>
  );
}

/** A task chosen by its title. @param {{id: string, label: string, task: any, except: Set<any>, onPick: (task: any) => void, onCancel: () => void}} props */
function Pick({ id, label, task, except, onPick, onCancel }) {
  const [words, setWords] = useState("");
  const there = store.tasks.value.filter((each) => each.metadata.namespace === task.metadata.namespace && !isDone(each) && !except.has(each));
  /** @type {Map<string, any>} */
  const named = new Map();
  for (const each of there) named.set(named.has(each.spec.title) ? `${each.spec.title} (${each.metadata.name})` : each.spec.title, each);
  const take = (/** @type {string} */ said) => {
    const found = named.get(said) ?? there.find((each) => each.metadata.name === said);
    if (found) onPick(found);
    return Boolean(found);
  };
  return (
    <form class="pick" onSubmit={(event) => { event.preventDefault(); take(words.trim()); }}>
      <input ref={(element) => { if (element && !words) element.focus(); }} id={id} list={`${id}-list`} value={words} aria-label={label} placeholder={label} onInput={(event) => { setWords(event.currentTarget.value); if (/** @type {any} */ (event).inputType === "insertReplacementText" || /** @type {any} */ (event).inputType === undefined) take(event.currentTarget.value); }} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); onCancel(); } }} autocomplete="off" />
      <datalist id={`${id}-list`}>{[...named.keys()].slice(0, MOST).map((title) => <option key={title} value={title} />)}</datalist>
      <button class="primary" disabled={!named.has(words.trim())}>{t.value("Set")}</button>
    </form>
  );
}

/** What has to be done before, and what waits for it. @param {{task: any}} props */
export function Dependencies({ task }) {
  const [adding, setAdding] = useState(false);
  const all = store.tasks.value;
  const names = /** @type {string[]} */ (task.spec.dependsOn ?? []);
  const before = names.map((name) => all.find((each) => each.metadata.name === name && each.metadata.namespace === task.metadata.namespace) ?? name);
  const after = waitingFor(task, all);
  const line = (/** @type {any} */ each) => <><Check task={each} /><button dir="auto" class={`link grow ${isDone(each) ? "done" : ""}`} onClick={() => store.openTask(each)}>{each.spec.title}</button><DueMark task={each} /></>;
  const drop = (/** @type {string} */ name, /** @type {string} */ title) => (
    <button class="icon-button" aria-label={t.value("No longer wait for {title}", { title })} title={t.value("Remove")} onClick={() => store.change(task, { independentOf: { names: [name] } }, { dependsOn: names.filter((each) => each !== name) })}><Icon name="close" size={16} /></button>
  );
  return (
    <section>
      <h2>{t.value("Waits for")}</h2>
      <ul class="small-list">
        {before.map((each) => typeof each === "string" ? <li key={each}><Icon name="blocked" size={16} /><code class="grow">{each}</code>{drop(each, each)}</li> : <li key={each.metadata.uid}>{line(each)}{drop(each.metadata.name, each.spec.title)}</li>)}
      </ul>
      {adding
        ? <Pick id="pick-blocker" label={t.value("Wait for")} task={task} except={new Set([task, ...before, ...after])} onPick={(other) => { setAdding(false); store.change(task, { dependsOn: { names: [other.metadata.name] } }, { dependsOn: [...names, other.metadata.name] }); }} onCancel={() => setAdding(false)} />
        : <button class="link add" onClick={() => setAdding(true)}><Icon name="plus" size={16} /> {t.value("Wait for another task")}</button>}
      {after.length > 0 && <><h2 class="also">{t.value("Holds up")}</h2><ul class="small-list">{after.map((each) => <li key={each.metadata.uid}>{line(each)}</li>)}</ul></>}
    </section>
  );
}
