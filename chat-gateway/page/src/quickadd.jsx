import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "./api.js";
import { Icon } from "./icons.jsx";
import { chipsOf, commandOf, keyOf, lastOf, makesTask, pieces } from "./quickadd.js";
import * as store from "./store.js";
import { sayDue } from "./dates.js";

const { t, home, now, locale } = store;
const WAIT = 70; // milliseconds after the last key

/** A date in full. @param {string} due */
function inFull(due) {
  const [day, time] = [due.slice(0, 10), due.slice(11, 16)];
  if (day === store.today()) return sayDue({ day, time: time || null, instant: null, zone: null }, now.value, locale.value, t.value);
  const said = new Intl.DateTimeFormat(locale.value, { weekday: "short", day: "numeric", month: "short" }).format(new Date(`${day}T12:00`));
  return time ? `${said}, ${time}` : said;
}
/** What a chip says: the date in full where it is one. @param {any} span @param {any} reading */
function saying(span, reading) {
  if (span.slot === "due" && reading.due) return inFull(reading.due);
  if (span.slot === "priority") return t.value(reading.priority ?? span.text);
  return span.text.replace(/^[,\s]+/, "");
}

/** Quick add: what was understood is marked while one types, and each reading can be corrected or rejected. */
export function QuickAdd() {
  const [text, setText] = useState("");
  const [reading, setReading] = useState(/** @type {any} */ (null));
  const [rejected, setRejected] = useState(/** @type {Set<string>} */ (new Set()));
  const [busy, setBusy] = useState(false);
  const input = useRef(/** @type {HTMLInputElement|null} */ (null));
  const marks = useRef(/** @type {HTMLDivElement|null} */ (null));

  useEffect(() => {
    const take = (/** @type {any} */ event) => {
      setText(event.detail ?? "");
      input.current?.focus();
    };
    const forget = () => setText("");
    addEventListener("quickadd", take);
    addEventListener("forget", forget);
    return () => {
      removeEventListener("quickadd", take);
      removeEventListener("forget", forget);
    };
  }, []);
  useEffect(() => {
    if (!text.trim()) {
      setReading(null);
      setRejected(new Set());
      return;
    }
    const aborted = new AbortController();
    const timer = setTimeout(() => {
      api.parse(text, home.value, aborted.signal).then((answer) => setReading({ ...answer.readings[0], of: text, count: answer.readings.length, says: answer.reading }), () => null);
    }, WAIT);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [text]);

  const current = reading?.of === text ? reading : null;
  const chips = current && makesTask(current) && current.count === 1 ? chipsOf(current) : [];
  const kept = chips.filter((span) => !rejected.has(keyOf(span)));
  const reject = (/** @type {any} */ span) => {
    setRejected(new Set([...rejected, keyOf(span)]));
    input.current?.focus();
  };
  /** Its very words, selected: what is typed now takes their place. @param {any} span */
  const correct = (span) => {
    input.current?.focus();
    const lead = /^[,\s]*/.exec(text.slice(span.start, span.end))?.[0].length ?? 0;
    input.current?.setSelectionRange(span.start + lead, span.end);
  };

  async function add() {
    const words = text.trim();
    if (!words || busy) return;
    setBusy(true);
    try {
      const away = store.connection.value.state !== "live" || navigator.onLine === false;
      const command = current && current.count === 1 ? commandOf(text, current, rejected, away) : null;
      if (command) await store.create([command]);
      else if (away) await store.create([{ action: "create", task: { title: words } }]); // words are not read here
      else {
        const answer = await api.say(words, home.value);
        if (answer.needsConfirmation || answer.question || answer.listing) dispatchEvent(new CustomEvent("asked", { detail: { words, answer } }));
        else store.report(answer);
      }
      setText("");
    } catch (error) {
      store.tellError(error);
    } finally {
      setBusy(false);
      input.current?.focus();
    }
  }
  /** Several lines pasted are several tasks: asked first, in the chat. @param {ClipboardEvent} event */
  function paste(event) {
    const lines = (event.clipboardData?.getData("text") ?? "").split("\n").map((line) => line.replace(/^\s*(?:(?:[-*•]|\d+[.)])\s+)?(?:\[[ xX]?\]\s*)?/, "").trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    dispatchEvent(new CustomEvent("several", { detail: lines }));
  }
  const changes = current && !makesTask(current) && current.action !== "none";
  return (
    <form
      class="quickadd"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div class="field">
        <Icon name="plus" />
        <div class="typed">
          <div class="typed-marks" ref={marks} aria-hidden="true">
            {pieces(text, kept).map(([part, slot], i) => (slot ? <mark key={i} class={`slot-${slot}`}>{part}</mark> : part))}
          </div>
          <input
            ref={input}
            id="quickadd"
            dir="auto"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onScroll={(event) => marks.current && (marks.current.scrollLeft = event.currentTarget.scrollLeft)}
            onPaste={paste}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
              const field = event.currentTarget;
              const atEnd = field.selectionStart === text.length && field.selectionEnd === text.length;
              const last = event.key === "Backspace" && atEnd && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && lastOf(text, kept);
              if (last) {
                event.preventDefault(); // the reading goes first, its letters with the next one
                reject(last);
              }
            }}
            placeholder={t.value("pay rent tomorrow at 17:00 #home p1")}
            aria-label={t.value("Add a task")}
            aria-describedby="quickadd-reading"
            autocomplete="off"
            enterkeyhint="done"
            maxLength={2000}
          />
        </div>
        <button class="primary" disabled={!text.trim() || busy}>{t.value("Add")}</button>
      </div>
      <div class="reading" id="quickadd-reading" aria-live="polite">
        {kept.map((span) => (
          <span key={keyOf(span)} class={`chip slot-${span.slot}`}>
            <button type="button" class="word" title={t.value("Correct")} aria-label={`${t.value("Correct")}: ${saying(span, current)}`} onClick={() => correct(span)}>{saying(span, current)}</button>
            <button type="button" aria-label={`${t.value("Remove this reading")}: ${span.text}`} title={t.value("Remove this reading")} onClick={() => reject(span)}>
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        {kept.some((span) => span.slot === "recurrence") && current.start && <span class="would">{t.value("From")} {inFull(current.start)}</span>}
        {changes && <span class="would"><b>{t.value("This would: ")}</b>{current.says}</span>}
        {current && current.count > 1 && <span class="would">{current.says}</span>}
      </div>
    </form>
  );
}
