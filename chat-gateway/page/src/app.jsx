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
import { formOf, inGerman } from "./schedule.js";
import { addressOf, search } from "./views.js";

const { t, view, count, connection } = store;
const VIEWS = /** @type {const} */ ([["today", "Today"], ["upcoming", "Upcoming"], ["overdue", "Overdue"], ["all", "All open"], ["completed", "Completed"], ["repeating", "Repeating"], ["mail", "Mail"], ["audit", "Audit"]]);

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
          if (store.dialog.value === "menu") store.dialog.value = null;
          store.goView(to);
        }}
      >
        <Icon name={icon} /> <span class="label">{label}</span>
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
        <label><span>{t.value("Namespace")}</span><input key={store.scope.value} defaultValue={store.scope.value} placeholder={t.value("All namespaces")} onChange={(event) => store.look(event.currentTarget.value.trim())} /></label>
        <label><span>{t.value("New tasks go to")}</span><input key={store.home.value} defaultValue={store.home.value} onChange={(event) => { const name = event.currentTarget.value.trim() || "default"; store.home.value = name; store.keep("home", name); }} /></label>
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
    <header class="top">
      <button class="icon-button menu-button" aria-label={t.value("Menu")} aria-expanded={store.dialog.value === "menu"} onClick={() => (store.dialog.value = store.dialog.value === "menu" ? null : "menu")}><Icon name="menu" /></button>
      <h1>{title}</h1>
      <search>
        <Icon name="search" size={16} />
        <input id="search" type="search" aria-label={t.value("Search tasks")} placeholder={`${t.value("Search")}  /`} value={view.value.name === "search" ? view.value.q : ""} onInput={(event) => store.typeSearch(event.currentTarget.value)} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} autocomplete="off" />
      </search>
      <button class="icon-button" aria-label={t.value("Keyboard")} title={`${t.value("Keyboard")} (?)`} onClick={() => (store.dialog.value = "keys")}><Icon name="keyboard" /></button>
      <button class="icon-button" aria-label={t.value("Chat")} title={`${t.value("Chat")} (c)`} onClick={() => (store.dialog.value = store.dialog.value === "chat" ? null : "chat")}><Icon name="chat" /></button>
    </header>
  );
}

function Strip() {
  const { state, code, detail } = connection.value;
  if (state === "closed" && code !== 4401) return <div class="strip error" role="alert">{code === 4403 && !store.scope.value ? <Choose /> : detail || t.value("This did not work")}</div>;
  if (state === "offline") return <div class="strip" role="status">{t.value("Offline. What you change is kept and sent when the connection is back.")}{store.waiting.value > 0 && <b> {t.value("{n} waiting", { n: store.waiting.value })}</b>}</div>;
  return null;
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
  if (!about.length) return null;
  const after = (/** @type {Promise<any>} */ work) => work.then(() => (store.selected.value = new Set()));
  return (
    <div class="bulk" role="toolbar" aria-label={t.value("{n} selected", { n: about.length })}>
      <b>{t.value("{n} selected", { n: about.length })}</b>
      <button onClick={() => after(store.setDone(about, true))}>{t.value("Complete")}</button>
      <button onClick={() => after(store.toDay(about, store.today()))}>{t.value("To today")}</button>
      <button onClick={() => after(store.toDay(about, addDays(store.today(), 1)))}>{t.value("To tomorrow")}</button>
      <button class="danger" onClick={() => confirm(t.value("Delete {n} tasks?", { n: about.length })) && after(store.remove(about))}>{t.value("Delete")}</button>
      <button class="link" onClick={() => (store.selected.value = new Set())}>{t.value("Clear")}</button>
    </div>
  );
}

function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {store.toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind ?? ""}`}>
          <p>{toast.text}{toast.correlation && <code>{toast.correlation}</code>}{toast.kubectl && <details><summary>kubectl</summary><pre tabIndex={0}>{toast.kubectl}</pre></details>}</p>
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
              <span class="what"><b>{rule.spec.template?.spec?.title ?? rule.metadata.name}</b><span>{(store.language.value === "de" && inGerman(formOf(rule.spec))) || rule.status?.schedule || rule.spec.rrule || rule.spec.cron || ""}</span></span>
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
        <Top />
        <QuickAdd />
        {view.value.name === "upcoming" && <Days />}
        {view.value.name === "search" && <Filter />}
        <div class="scroll" id="list" tabIndex={-1}>{view.value.name === "repeating" ? <Rules /> : view.value.name === "audit" ? <Audit /> : view.value.name === "mail" ? <Mails /> : <List />}</div>
        <Bulk />
      </main>
      <Panel />
      <RulePanel />
      <datalist id="projects">{store.count.value.projects.map(([name]) => <option key={name} value={name} />)}</datalist>
      <ChatPanel />
      <Palette />
      <KeySheet />
      <Toasts />
    </div>
  );
}
