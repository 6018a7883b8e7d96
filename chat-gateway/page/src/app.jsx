import { useEffect, useState } from "preact/hooks";
import { Audit } from "./audit.jsx";
import { ChatPanel } from "./chat.jsx";
import { Filter } from "./filters.jsx";
import { Icon } from "./icons.jsx";
import { Days, List } from "./list.jsx";
import { KeySheet, Palette } from "./palette.jsx";
import { Mails } from "./mails.jsx";
import { Panel } from "./panel.jsx";
import { QuickAdd } from "./quickadd.jsx";
import { RulePanel } from "./rule.jsx";
import * as store from "./store.js";
import { addDays } from "./dates.js";
import { sayRule } from "./said.js";
import { addressOf, search } from "./views.js";

const { t, view, count, connection } = store;
const VIEWS = /** @type {const} */ ([["today", "Today"], ["upcoming", "Upcoming"], ["overdue", "Overdue"], ["all", "All open"], ["completed", "Completed"], ["repeating", "Repeating"], ["mail", "Mail"], ["audit", "Audit"]]);

const LISTS = new Set(["today", "upcoming", "overdue", "all", "completed", "project", "tag", "search"]); // views of tasks

const TOUCH = matchMedia("(pointer: coarse)"); // no keys there

/** @param {any} props */
function Entry({ to, icon, label, number, warn = false }) {
  const current = addressOf(to) === addressOf(view.value);
  return (
    <li>
      <a
        href={addressOf(to)}
        aria-current={current ? "page" : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          store.goView(to);
          if (store.dialog.value === "menu") store.dialog.value = null;
        }}
      >
        <Icon name={icon} /> <span class="label" dir="auto">{label}</span>
        {number > 0 && <span class={`count ${warn ? "late" : ""}`}>{number}</span>}
      </a>
    </li>
  );
}

function SideBar() {
  const open = store.dialog.value === "menu";
  const number = /** @type {any} */ (count.value);
  return (
    <nav class={`side ${open ? "open" : ""}`} aria-label={t.value("Menu")}>
      <a class="brand" href="/today" onClick={(event) => { event.preventDefault(); store.goView({ name: "today" }); }}><img src="/static/icon.svg" alt="" width="24" height="24" /> todotasks</a>
      <ul>{VIEWS.filter(([name]) => name !== "mail" || store.mail.value).map(([name, label]) => <Entry key={name} to={{ name }} icon={name} label={t.value(label)} number={name === "repeating" ? store.rules.value.length : number[name]} warn={name === "overdue"} />)}</ul>
      {store.filters.value.length > 0 && <><h2>{t.value("Filters")}</h2><ul>{store.filters.value.map((each) => <Entry key={each.title} to={{ name: "search", q: each.q, title: each.title }} icon="filter" label={each.title} number={search(store.tasks.value, each.q, store.now.value).length} />)}</ul></>}
      {number.projects.length > 0 && <><h2>{t.value("Projects")}</h2><ul>{number.projects.map((/** @type {[string, number]} */ [value, n]) => <Entry key={value} to={{ name: "project", value }} icon="project" label={value} number={n} />)}</ul></>}
      {number.tags.length > 0 && <><h2>{t.value("Tags")}</h2><ul>{number.tags.map((/** @type {[string, number]} */ [value, n]) => <Entry key={value} to={{ name: "tag", value }} icon="tag" label={value} number={n} />)}</ul></>}
      <div class="foot">
        <label><span>{t.value("Namespace")}</span><input key={store.scope.value} defaultValue={store.scope.value} list="namespaces" placeholder={t.value("All namespaces")} onChange={(event) => store.look(event.currentTarget.value.trim())} /></label>
        <label><span>{t.value("New tasks go to")}</span><input key={store.home.value} defaultValue={store.home.value} list="namespaces" onChange={(event) => { const name = event.currentTarget.value.trim() || "default"; store.home.value = name; store.keep("home", name); }} /></label>
        <div class="looks">
          <label><span>{t.value("Theme")}</span><select value={store.theme.value} onChange={(event) => store.wear(event.currentTarget.value)}>{["System", "Light", "Dark"].map((name) => <option key={name} value={name.toLowerCase()}>{t.value(name)}</option>)}</select></label>
          <label><span>{t.value("Language")}</span><select value={store.language.value} onChange={(event) => store.speakIn(event.currentTarget.value)}><option value="en" lang="en">English</option><option value="de" lang="de">Deutsch</option></select></label>
        </div>
        <p><button class="link" onClick={() => (store.dialog.value = "palette")}><Icon name="keyboard" size={16} /> {t.value("All commands")}</button></p>
        <p class="me" title={store.user.value ? store.user.value.username : ""}><Icon name="person" /> <span>{store.user.value && store.user.value.username.replace(/^.*:/, "")}</span> <button class="link" onClick={() => store.signOut()}>{t.value("Sign out")}</button></p>
      </div>
    </nav>
  );
}

function Top() {
  const names = /** @type {Record<string, string>} */ (Object.fromEntries(VIEWS));
  const title = view.value.name === "project" ? view.value.value : view.value.name === "tag" ? `#${view.value.value}` : view.value.name === "search" ? (view.value.title ?? t.value("Search")) : t.value(names[view.value.name]);
  useEffect(() => {
    document.title = `${store.open.value?.spec.title ?? (store.address.value.rule ? t.value("Repeating") : title)} – todotasks`;
  });
  return (
    <header class={`top ${view.value.name === "search" && !view.value.title ? "searching" : ""}`}>
      <button class="icon-button menu-button" aria-label={t.value("Menu")} aria-expanded={store.dialog.value === "menu"} onClick={() => (store.dialog.value = store.dialog.value === "menu" ? null : "menu")}><Icon name="menu" /></button>
      <h1 dir="auto">{title}</h1>
      {store.rows.value.length > 0 && LISTS.has(view.value.name) && <button class="icon-button" aria-label={t.value("Select tasks")} title={`${t.value("Select tasks")} (x)`} aria-pressed={store.choosing.value} onClick={() => store.choose(!store.choosing.value)}><Icon name="select" /></button>}
      <search>
        <Icon name="search" size={16} />
        <input id="search" type="search" aria-label={t.value("Search tasks")} placeholder={TOUCH.matches ? t.value("Search") : `${t.value("Search")}  /`} value={view.value.name === "search" ? view.value.q : ""} onInput={(event) => store.typeSearch(event.currentTarget.value)} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} autocomplete="off" />
      </search>
      <button class="icon-button" aria-label={t.value("Keyboard")} title={`${t.value("Keyboard")} (?)`} onClick={() => (store.dialog.value = "keys")}><Icon name="keyboard" /></button>
      <button class="icon-button" aria-label={t.value("Chat")} title={`${t.value("Chat")} (c)`} onClick={() => (store.dialog.value = store.dialog.value === "chat" ? null : "chat")}><Icon name="chat" /></button>
    </header>
  );
}

function Strip() {
  const { state, code, detail } = connection.value;
  const waits = store.queued.value.filter((each) => !each.conflict);
  if (state === "closed" && code !== 4401) return <div class="strip error" role="alert">{code === 4403 && !store.scope.value ? <Choose /> : detail || t.value("This did not work")}</div>;
  if (state !== "offline" && !waits.length) return null;
  return (
    <div class="strip" role="status">
      {state === "offline" && t.value("Offline. What you change is kept and sent when the connection is back.")}
      {waits.length > 0 && (
        <details>
          <summary>{t.value("{n} waiting", { n: waits.length })}</summary>
          <ul>{waits.map((each) => <li key={each.id}><b dir="auto">{each.title}</b> {sayCommand(each.body.commands[0])} <button class="link" aria-label={`${t.value("Do not send")}: ${each.title}`} onClick={() => store.decide(each.id, false)}>{t.value("Do not send")}</button></li>)}</ul>
        </details>
      )}
    </div>
  );
}
/** What a command that waits will do. @param {any} command */
function sayCommand(command) {
  const known = /** @type {Record<string, string>} */ ({ create: "Add", complete: "Complete", reopen: "Reopen", delete: "Delete" });
  return t.value(known[command?.action] ?? "Change");
}
const FIELD = /** @type {Record<string, string>} */ ({ title: "Title", notes: "Notes", due: "Due", priority: "Priority", project: "Project", assignee: "Assignee", parent: "Part of", reminders: "Reminders" });
const value = (/** @type {any} */ said) => (said === null || said === undefined ? "–" : typeof said === "string" ? said : JSON.stringify(said));

/** What was edited without network and meanwhile by somebody else: both, and which one it shall be. */
function Conflicts() {
  const found = store.queued.value.filter((each) => each.conflict);
  if (!found.length || connection.value.state !== "live") return null;
  return (
    <section class="conflicts" role="alert" aria-label={t.value("Changed meanwhile")}>
      {found.map((each) => (
        <div key={each.id}>
          <h2 dir="auto">{t.value("Changed meanwhile")}: {each.title}</h2>
          <table>
            <thead><tr><td /><th scope="col">{t.value("Yours")}</th><th scope="col">{each.conflict?.[0].who ? t.value("Now, by {who}", { who: each.conflict[0].who }) : t.value("Now")}</th></tr></thead>
            <tbody>{each.conflict?.map((one) => <tr key={one.field}><th scope="row">{t.value(FIELD[one.field] ?? one.field)}</th><td dir="auto">{value(one.mine)}</td><td dir="auto">{value(one.theirs)}</td></tr>)}</tbody>
          </table>
          <p class="buttons"><button class="primary" onClick={() => store.decide(each.id, true)}>{t.value("Keep mine")}</button><button onClick={() => store.decide(each.id, false)}>{t.value("Keep theirs")}</button></p>
        </div>
      ))}
    </section>
  );
}
/** Who may not look at all namespaces says which one is theirs. */
function Choose() {
  const [name, setName] = useState(store.home.value);
  return (
    <form onSubmit={(event) => { event.preventDefault(); store.look(name.trim()); }}>
      <label>{t.value("You may not list and watch tasks in all namespaces. Which one is yours?")} <input value={name} onInput={(event) => setName(event.currentTarget.value)} aria-label={t.value("Namespace")} /></label>
      <button class="primary">{t.value("Show")}</button>
    </form>
  );
}

function Bulk() {
  const about = store.rows.value.filter((task) => store.selected.value.has(task.metadata.uid));
  if (!about.length && !store.choosing.value) return null;
  const after = (/** @type {Promise<any>} */ _) => store.choose(false);
  const none = !about.length;
  return (
    <div class="bulk" role="toolbar" aria-label={t.value("{n} selected", { n: about.length })}>
      <b>{t.value("{n} selected", { n: about.length })}</b>
      <button disabled={none} onClick={() => after(store.setDone(about, true))}>{t.value("Complete")}</button>
      <button disabled={none} onClick={() => after(store.toToday(about))}>{t.value("To today")}</button>
      <button disabled={none} onClick={() => after(store.toDay(about, addDays(store.today(), 1)))}>{t.value("To tomorrow")}</button>
      <button disabled={none} class="danger" onClick={() => confirm(t.value("Delete {n} tasks?", { n: about.length })) && after(store.remove(about))}>{t.value("Delete")}</button>
      <button class="link" onClick={store.selectAll}>{t.value("Select all")}</button>
      <button class="link" onClick={() => store.choose(false)}>{t.value("Cancel")}</button>
    </div>
  );
}

function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {store.toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind ?? ""}`} onPointerEnter={() => store.holdToast(toast.id, true)} onPointerLeave={() => store.holdToast(toast.id, false)} onFocusIn={() => store.holdToast(toast.id, true)} onFocusOut={() => store.holdToast(toast.id, false)}>
          <p dir="auto">{toast.about ? <button class="about" onClick={() => store.openTask(toast.about)}>{toast.text}</button> : toast.text}{toast.correlation && <code>{toast.correlation}</code>}{toast.remarks?.length > 0 && <details><summary>{t.value("{n} notes", { n: toast.remarks.length })}</summary><ul>{toast.remarks.map((/** @type {string} */ each) => <li key={each}>{each}</li>)}</ul></details>}{toast.kubectl && <details><summary>kubectl</summary><pre tabIndex={0}>{toast.kubectl}</pre></details>}</p>
          {[toast.more, toast.action].filter(Boolean).map((action) => <button key={action.label} onClick={() => { store.dismiss(toast.id); action.run(); }}>{action.label}</button>)}
          <button class="icon-button" aria-label={t.value("Close")} onClick={() => store.dismiss(toast.id)}><Icon name="close" size={16} /></button>
        </div>
      ))}
    </div>
  );
}

/** What comes back: each rule with its schedule and when it is next. */
function Rules() {
  const rules = [...store.rules.value].sort((a, b) => String(a.status?.nextScheduleTime ?? "9").localeCompare(String(b.status?.nextScheduleTime ?? "9")));
  const at = store.address.value.rule;
  const next = (/** @type {any} */ rule) => {
    const at = rule.status?.nextScheduleTime;
    if (!at) return "";
    const day = String(rule.status.next ?? "").length === 10;
    return new Intl.DateTimeFormat(store.locale.value, { weekday: "short", day: "numeric", month: "short", ...(day ? {} : { hour: "2-digit", minute: "2-digit" }), timeZone: rule.status.timeZone ?? rule.spec.timeZone }).format(new Date(at));
  };
  return (
    <div class="rules">
      <p class="head-line"><button class="link" onClick={() => store.go("/rule/new")}><Icon name="plus" size={16} /> {t.value("New recurring task")}</button></p>
      {!rules.length && store.ready.value && <p class="empty-hint">{t.value("Nothing repeats yet.")}</p>}
      <ul>
        {rules.map((rule) => (
          <li key={rule.metadata.uid} class={`${rule.spec.suspend ? "off" : ""} ${at?.name === rule.metadata.name && at?.namespace === rule.metadata.namespace ? "at" : ""}`}>
            <a href={`/rule/${rule.metadata.namespace}/${rule.metadata.name}`} onClick={(event) => { if (event.ctrlKey || event.metaKey) return; event.preventDefault(); store.openRule(rule); }}>
              <Icon name="repeating" />
              <span class="what"><b dir="auto">{rule.spec.template?.spec?.title ?? rule.metadata.name}</b><span>{sayRule(rule)}</span></span>
              <span class="due">{rule.spec.suspend ? t.value("paused") : next(rule)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function SignIn() {
  const [token, setToken] = useState("");
  const [error, setError] = useState(/** @type {any} */ (store.problem.value));
  return (
    <main class="sign-in">
      <form onSubmit={(event) => { event.preventDefault(); store.signIn(token.trim()).catch(setError); }}>
        <img src="/static/icon.svg" alt="" width="48" height="48" />
        <h1>todotasks</h1>
        <label><span>{t.value("Token")}</span><input type="password" value={token} onInput={(event) => setToken(event.currentTarget.value)} autocomplete="off" autofocus required /></label>
        <p class="faint">{t.value("Paste a token of the Kubernetes API. It stays in a cookie that scripts cannot read.")}</p>
        {error && <p class="wrong" role="alert">{error.message}</p>}
        <button class="primary">{t.value("Sign in")}</button>
        <details><summary>{t.value("How to get one")}</summary><pre tabIndex={0}>kubectl create token default</pre></details>
      </form>
    </main>
  );
}

export function App() {
  useEffect(() => {
    document.documentElement.lang = store.language.value;
    document.documentElement.dataset.theme = store.theme.value;
  });
  if (store.user.value === null) return null;
  if (store.user.value === false) return <SignIn />;
  return (
    <div class={`shell ${store.address.value.task || store.address.value.rule ? "with-panel" : ""} ${store.dialog.value === "chat" ? "with-chat" : ""}`}>
      <a class="skip" href="#list">{t.value("Skip to the list")}</a>
      <SideBar />
      {store.dialog.value === "menu" && <div class="shade" onClick={() => (store.dialog.value = null)} />}
      <main>
        <Strip />
        <Conflicts />
        <Top />
        <QuickAdd />
        {view.value.name === "upcoming" && <Days />}
        {view.value.name === "search" && <Filter />}
        <div class="scroll" id="list" tabIndex={-1}>{view.value.name === "repeating" ? <Rules /> : view.value.name === "audit" ? <Audit /> : view.value.name === "mail" ? <Mails /> : <List />}</div>
        <Bulk />
      </main>
      <Panel />
      <RulePanel />
      <datalist id="namespaces">{[...new Set(store.tasks.value.map((task) => task.metadata.namespace))].sort().map((name) => <option key={name} value={name} />)}</datalist>
      <datalist id="projects">{store.count.value.projects.map(([name]) => <option key={name} value={name} />)}</datalist>
      <ChatPanel />
      <Palette />
      <KeySheet />
      <Toasts />
    </div>
  );
}
