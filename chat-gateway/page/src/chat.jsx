import { useEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import * as api from "./api.js";
import { Icon } from "./icons.jsx";
import * as store from "./store.js";

const { t, home } = store;
const MOST = 50; // lines that are added at once
const said = signal(/** @type {{who: "me"|"it", text: string, answer?: any}[]} */ ([]));
const busy = signal(false);

addEventListener("forget", () => (said.value = [])); // the next person did not say that

/** @param {string} words */
async function speak(words) {
  if (!words.trim() || busy.value) return;
  said.value = [...said.value, { who: "me", text: words }];
  busy.value = true;
  try {
    const answer = await api.say(words, home.value);
    said.value = [...said.value, { who: "it", text: [answer.reply, ...(answer.remarks ?? [])].join("\n"), answer }];
    store.moved();
  } catch (error) {
    said.value = [...said.value, { who: "it", text: store.sentence(error) }];
  } finally {
    busy.value = false;
  }
}
addEventListener("asked", (/** @type {any} */ event) => {
  const { words, answer } = event.detail;
  said.value = [...said.value, { who: "me", text: words }, { who: "it", text: [answer.reply, ...(answer.remarks ?? [])].join("\n"), answer }];
  store.dialog.value = "chat";
});
addEventListener("several", (/** @type {any} */ event) => {
  const lines = event.detail;
  said.value = [...said.value, { who: "it", text: lines.map((/** @type {string} */ line) => `• ${line}`).join("\n"), answer: { lines } }];
  store.dialog.value = "chat";
});

/** What can be answered by a click. @param {{answer: any}} props */
function Choices({ answer }) {
  const [added, setAdded] = useState(false);
  const question = answer.question;
  const rows = question?.rows ?? answer.listing?.rows ?? [];
  return (
    <>
      {rows.length > 0 && (
        <ol class="choices">
          {rows.slice(0, 20).map((/** @type {any} */ row, /** @type {number} */ i) => (
            <li key={i}><button onClick={() => (question && question.kind !== "confirm" ? speak(String(i + 1)) : store.go(`/task/${row.namespace ?? home.value}/${row.name}`))}>{row.title ?? row.text ?? row.name}</button></li>
          ))}
        </ol>
      )}
      {answer.needsConfirmation && (
        <p class="buttons"><button class="primary" onClick={() => speak(store.language.value === "de" ? "ja" : "yes")}>{t.value("Yes")}</button><button onClick={() => speak(store.language.value === "de" ? "nein" : "no")}>{t.value("No")}</button></p>
      )}
      {answer.lines && !added && (
        <p class="buttons"><button class="primary" onClick={() => { setAdded(true); store.create(answer.lines.slice(0, MOST).map((/** @type {string} */ title) => ({ action: "create", task: { title: title.slice(0, 512) } }))).catch((error) => { setAdded(false); store.tellError(error); }); }}>{t.value("Add")} ({Math.min(MOST, answer.lines.length)})</button></p>
      )}
      {answer.undo && <p class="buttons"><button onClick={() => speak("undo")}>{t.value("Undo")}</button></p>}
      {(answer.edits ?? []).some((/** @type {any} */ edit) => edit.kubectl) && (
        <details><summary>kubectl</summary><pre tabIndex={0}>{answer.edits.map((/** @type {any} */ edit) => edit.kubectl).join("\n")}</pre></details>
      )}
    </>
  );
}

export function ChatPanel() {
  const [words, setWords] = useState("");
  const end = useRef(/** @type {HTMLDivElement|null} */ (null));
  const input = useRef(/** @type {HTMLInputElement|null} */ (null));
  const isOpen = store.dialog.value === "chat";
  useEffect(() => {
    if (isOpen) input.current?.focus();
  }, [isOpen]);
  useEffect(() => end.current?.scrollIntoView({ block: "end" }), [said.value.length, isOpen]);
  if (!isOpen) return null;
  return (
    <aside class="chat" aria-label={t.value("Chat")}>
      <header><h2>{t.value("Chat")}</h2><button class="icon-button" aria-label={t.value("Close")} onClick={() => (store.dialog.value = null)}><Icon name="close" /></button></header>
      <div class="said" role="log" aria-live="polite" tabIndex={0}>
        {!said.value.length && ["move everything overdue to tomorrow", "what is on today?", "remind me to stretch every hour from 9 to 17 on weekdays"].map((text) => <button key={text} class="example" onClick={() => speak(t.value(text))}>{t.value(text)}</button>)}
        {said.value.map((each, i) => <div key={i} class={`bubble ${each.who}`}><p dir="auto">{each.text}</p>{each.answer && <Choices answer={each.answer} />}</div>)}
        {busy.value && <div class="bubble it typing" aria-label={t.value("Loading")}><i /><i /><i /></div>}
        <div ref={end} />
      </div>
      <form onSubmit={(event) => { event.preventDefault(); speak(words); setWords(""); }}>
        <input ref={input} value={words} onInput={(event) => setWords(event.currentTarget.value)} placeholder={t.value("Say what is to be done")} aria-label={t.value("Say what is to be done")} maxLength={2000} autocomplete="off" />
        <button class="primary" disabled={busy.value || !words.trim()}>{t.value("Send")}</button>
      </form>
    </aside>
  );
}
