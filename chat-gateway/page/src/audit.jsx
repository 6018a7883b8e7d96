import { useEffect, useState } from "preact/hooks";
import { call } from "./api.js";
import * as store from "./store.js";

const { t, locale, scope } = store;

/** The address of a question to the log. @param {string} path @param {Record<string, string>} said */
export function address(path, said) {
  const query = new URLSearchParams(Object.entries(said).filter(([, value]) => value));
  return `${path}?${query}`;
}

/** Who did what: entries that fit, how many by day or person, the proof, and the log to take along. */
export function Audit() {
  const [said, setSaid] = useState({ q: new URLSearchParams(location.search).get("q") ?? "", actor: "", action: "" });
  const [items, setItems] = useState(/** @type {any[]} */ ([]));
  const [next, setNext] = useState(/** @type {number|null} */ (null));
  const [groups, setGroups] = useState(/** @type {{key: string, count: number}[]} */ ([]));
  const [by, setBy] = useState("day");
  const [verdict, setVerdict] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState(/** @type {any} */ (null));
  const asked = { ...said, namespace: scope.value };
  const key = JSON.stringify(asked);
  const load = (/** @type {number|null} */ cursor) =>
    call("GET", address("/v1/audit", { ...asked, limit: "50", cursor: cursor ? String(cursor) : "" })).then(
      (answer) => {
        setWrong(null);
        setItems((before) => (cursor ? [...before, ...answer.items] : answer.items));
        setNext(answer.next);
      },
      setWrong,
    );
  useEffect(() => {
    const timer = setTimeout(() => load(null), 200);
    return () => clearTimeout(timer);
  }, [key]);
  useEffect(() => {
    const timer = setTimeout(() => call("GET", address("/v1/audit/stats", { ...asked, by })).then((answer) => setGroups(answer.groups.slice(0, 14)), () => setGroups([])), 200);
    return () => clearTimeout(timer);
  }, [key, by]);
  const verify = () => {
    setVerdict({ busy: true });
    call("GET", address("/v1/audit/verify", { namespace: scope.value })).then(setVerdict, (error) => {
      setVerdict(null);
      setWrong(error);
    });
  };
  const most = Math.max(1, ...groups.map((group) => group.count));
  const when = new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "medium" });
  const field = (/** @type {"q"|"actor"|"action"} */ name, /** @type {string} */ label) => (
    <label><span>{label}</span><input value={said[name]} onInput={(event) => setSaid({ ...said, [name]: event.currentTarget.value.trim() })} /></label>
  );
  return (
    <div class="audit">
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        {field("q", t.value("Words"))}
        {field("actor", t.value("Who"))}
        {field("action", t.value("What"))}
        <button type="button" onClick={verify} disabled={verdict?.busy}>{t.value("Verify")}</button>
        <a class="button" href={address("/v1/audit", { ...asked, format: "csv" })} download="audit.csv">CSV</a>
        <a class="button" href={address("/v1/audit", { ...asked, format: "jsonl" })} download="audit.jsonl">JSON</a>
      </form>
      {verdict && !verdict.busy && (
        <p class={verdict.holds ? "right" : "wrong"} role="status">
          {verdict.holds ? t.value("Nothing was altered up to row {row}; {heads} heads met.", { row: verdict.vouched, heads: verdict.heads }) : `${verdict.finding?.flaw}: ${verdict.finding?.message}`}
        </p>
      )}
      {wrong && <p class="wrong" role="alert">{wrong.message}</p>}
      {groups.length > 0 && (
        <section class="plot" aria-label={t.value("How many")}>
          <select value={by} onChange={(event) => setBy(event.currentTarget.value)} aria-label={t.value("How many")}>
            {[["day", t.value("By day")], ["actor", t.value("By person")], ["action", t.value("By action")]].map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </select>
          <ul>{groups.map((group) => <li key={group.key}><span class="label">{group.key || "–"}</span><meter min={0} max={most} value={group.count}>{group.count}</meter><span class="count">{group.count}</span></li>)}</ul>
        </section>
      )}
      <div class="table" tabIndex={0} role="region" aria-label={t.value("Audit")}>
        <table>
          <thead><tr><th>#</th><th>{t.value("When")}</th><th>{t.value("Who")}</th><th>{t.value("What")}</th><th>{t.value("Title")}</th><th>{t.value("Details")}</th></tr></thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.seq}>
                <td>{item.seq}</td><td><time dateTime={item.at}>{when.format(new Date(item.at))}</time></td><td>{item.actor ?? "–"}</td>
                <td>{item.action} <span class="faint">{item.source}</span></td><td>{item.title ?? ""} <code>{[item.namespace, item.name].filter(Boolean).join("/")}</code></td><td>{(item.changed ?? []).join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next && <button onClick={() => load(next)}>{t.value("More")}</button>}
    </div>
  );
}
