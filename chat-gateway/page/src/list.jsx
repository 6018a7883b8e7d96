import { options } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { addDays, sayDay, sayDue, sayExactly, dueOf, isOverdue, dayTitle, weekday } from "./dates.js";
import { Icon } from "./icons.jsx";
import * as store from "./store.js";
import { isDone, level, strip } from "./views.js";

const { t, locale, now, view, groups, selected, choosing, cursor, touched, pending } = store;
const LEVELS = ["urgent", "high", "medium", "low"];
const NAMES = ["Urgent", "High", "Medium", "Low"];
const ROW = 52; // px: rows have one height, so that only those in sight need to be there
const HEAD = 44;
const DEEPEST = 6; // further in, parts stand no further to the right
const SPARE = 600; // px above and below what is seen
const LONG = 450; // milliseconds of a touch that selects
const FINE = matchMedia("(pointer: fine)"); // a finger that moves scrolls; a mouse that moves drags

/** Priority by shape and colour. @param {{value: number}} props */
export const Priority = ({ value }) =>
  value === 2 ? null : (
    <span class={`priority ${LEVELS[value]}`} title={t.value("Priority {level}", { level: t.value(NAMES[value]) })}>
      <span aria-hidden="true">{["!!", "!", "", "↓"][value]}</span>
      <span class="hidden">{t.value("Priority {level}", { level: t.value(NAMES[value]) })}</span>
    </span>
  );

/** @param {{task: any, under?: string}} props `under`: the day that a heading says already */
export function DueMark({ task, under }) {
  const due = dueOf(task);
  if (!due || (due.day === under && !due.time)) return null;
  const late = !isDone(task) && isOverdue(due, now.value);
  const soon = due.day === store.today();
  return (
    <time class={`due ${late ? "late" : soon ? "soon" : ""}`} dateTime={due.instant?.toISOString() ?? due.day} title={sayExactly(due, locale.value, t.value)}>
      {due.day === under ? due.time : sayDue(due, now.value, locale.value, t.value)}
    </time>
  );
}

/** @param {{task: any, onToggle?: () => void}} props */
export const Check = ({ task, onToggle }) => (
  <button
    class={`check ${LEVELS[level(task)]} ${isDone(task) ? "done" : ""}`}
    role="checkbox"
    aria-checked={isDone(task)}
    aria-label={t.value("Complete {title}", { title: task.spec.title })}
    onClick={(event) => {
      event.stopPropagation();
      (onToggle ?? (() => store.toggle(task)))();
    }}
  >
    <Icon name="check" size={16} />
  </button>
);

/** The box of a row while rows are being selected. @param {{task: any}} props */
const Box = ({ task }) => (
  <button class="check box" role="checkbox" aria-checked={selected.value.has(task.metadata.uid)} aria-label={t.value("Select {title}", { title: task.spec.title })} onClick={(event) => { event.stopPropagation(); store.select(task.metadata.uid, event.shiftKey); }}>
    <Icon name="check" size={16} />
  </button>
);

/** A finger that stays on a row selects it, as Ctrl and a click do. @param {string} uid */
function useLongTouch(uid) {
  const timer = useRef(/** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined));
  const did = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    did,
    on: {
      onPointerDown: (/** @type {PointerEvent} */ event) => {
        did.current = false;
        if (event.pointerType === "mouse") return;
        timer.current = setTimeout(() => {
          did.current = true;
          store.choose(true);
          store.select(uid);
        }, LONG);
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      onContextMenu: (/** @type {MouseEvent} */ event) => did.current && event.preventDefault(),
    },
  };
}

/** @param {{task: any, top: number, depth: number, inner: number, day: string|undefined, at: number, of: number}} props */
function Row({ task, top, depth, inner, day, at, of }) {
  const { uid } = task.metadata;
  const is = (/** @type {boolean} */ so, /** @type {string} */ name) => (so ? ` ${name}` : "");
  const blocked = task.status?.conditions?.some((/** @type {any} */ c) => c.type === "Blocked" && c.status === "True");
  const parts = task.status?.subtasks;
  const who = touched.value.get(uid);
  const touch = useLongTouch(uid);
  /** @param {MouseEvent} event */
  const clicked = (event) => {
    event.preventDefault();
    event.stopPropagation();
    cursor.value = uid;
    if (touch.did.current) touch.did.current = false;
    else if (event.ctrlKey || event.metaKey || event.shiftKey || choosing.value) store.select(uid, event.shiftKey);
    else store.openTask(task);
  };
  return (
    <li
      class={`row${is(isDone(task), "done")}${is(cursor.value === uid, "at")}${is(selected.value.has(uid), "selected")}${is(touched.value.has(uid), "touched")}${is(pending.value.has(uid), "pending")}`}
      style={{ transform: `translateY(${top}px)`, ...(depth ? { paddingLeft: `${8 + Math.min(depth, DEEPEST) * 28}px` } : {}) }}
      data-uid={uid}
      aria-posinset={at}
      aria-setsize={of}
      data-depth={depth || undefined}
      draggable={!isDone(task) && FINE.matches}
      {...touch.on}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/todotask", uid);
        document.body.classList.add("dragging");
        store.hold(60_000);
      }}
      onDragEnd={() => {
        document.body.classList.remove("dragging");
        store.settle();
      }}
      onClick={clicked}
    >
      {inner > 0 && (
        <button style={{ left: `${Math.min(depth, DEEPEST) * 28 - 16}px` }} class={`fold${is(store.folded.value.has(uid), "folded")}`} aria-expanded={!store.folded.value.has(uid)} aria-label={t.value("Subtasks of {title}", { title: task.spec.title })} onClick={(event) => { event.stopPropagation(); store.fold(uid); }}>
          <Icon name="fold" size={16} />
        </button>
      )}
      {choosing.value ? <Box task={task} /> : <Check task={task} />}
      <a
        class="title"
        dir="auto"
        draggable={false}
        href={`/task/${task.metadata.namespace}/${task.metadata.name}`}
        onClick={clicked}
        onFocus={() => (cursor.value = uid)}
        title={task.spec.title}
      >
        {task.spec.title}
      </a>
      <span class="marks">
        {who && <span class="who">{t.value("changed by {who}", { who })}</span>}
        {pending.value.has(uid) && store.connection.value.state !== "live" && <span class="who">{t.value("waits to be sent")}</span>}
        {blocked && <span class="mark" title={t.value("blocked")}><Icon name="blocked" size={16} /><span class="hidden">{t.value("blocked")}</span></span>}
        {parts?.total > 0 && <span class="mark" title={t.value("Subtasks")}><Icon name="parts" size={16} />{parts.completed ?? 0}/{parts.total}</span>}
        {task.spec.notes && <span class="mark wide" title={t.value("Notes")}><Icon name="note" size={16} /></span>}
        {task.spec.reminders?.length > 0 && <span class="mark wide" title={t.value("Reminders")}><Icon name="bell" size={16} /></span>}
        {(task.spec.tags ?? []).slice(0, 2).map((/** @type {string} */ tag) => <span key={tag} class="tag wide" dir="auto">#{tag}</span>)}
        {task.spec.tags?.length > 2 && <span class="wide" title={task.spec.tags.slice(2).map((/** @type {string} */ tag) => `#${tag}`).join(" ")}>+{task.spec.tags.length - 2}</span>}
        {task.spec.project && view.value.name !== "project" && <span class="project wide">{task.spec.project}</span>}
        {task.spec.assignee && <span class="person wide">@{task.spec.assignee}</span>}
        <Priority value={level(task)} />
        <DueMark task={task} under={day} />
      </span>
    </li>
  );
}

/** The list of a view: all its rows have a place, only those in sight an element. */
export function List() {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const [seen, setSeen] = useState({ top: 0, height: 900 });
  /** @type {any[]} */
  const placed = [];
  let top = 0;
  for (const group of groups.value) {
    const titled = group.title !== null || group.day !== undefined;
    if (titled) {
      placed.push({ group, top, at: placed.length + 1 });
      top += HEAD;
    }
    for (const task of group.rows) {
      placed.push({ task, top, at: placed.length + 1, day: group.day, depth: group.depth?.get(task.metadata.uid) ?? 0, inner: group.parts?.get(task.metadata.uid) ?? 0 });
      top += ROW;
    }
  }
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const scroller = /** @type {HTMLElement} */ (element.closest(".scroll"));
    const look = () => setSeen({ top: scroller.scrollTop, height: scroller.clientHeight });
    const all = () => {
      const later = options.debounceRendering;
      options.debounceRendering = (render) => render(); // the paper does not wait for the next frame
      setSeen({ top: 0, height: Infinity });
      options.debounceRendering = later;
    };
    look();
    addEventListener("beforeprint", all);
    addEventListener("afterprint", look);
    scroller.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener("scroll", look);
      removeEventListener("beforeprint", all);
      removeEventListener("afterprint", look);
      observer.disconnect();
    };
  }, [placed.length > 0]); // anew when there is a list again
  const visible = placed.filter((item) => item.top + ROW > seen.top - SPARE && item.top < seen.top + seen.height + SPARE);
  useEffect(() => {
    const at = placed.find((item) => item.task?.metadata.uid === cursor.value);
    const scroller = /** @type {HTMLElement|null} */ (box.current?.closest(".scroll") ?? null);
    if (!at || !scroller) return;
    const y = at.top;
    if (y < scroller.scrollTop + 60) scroller.scrollTop = y - 100;
    else if (y + ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = y + ROW * 2 - scroller.clientHeight;
  }, [cursor.value]);
  if (!placed.length) return <Empty />;
  return (
    <div ref={box} class={choosing.value ? "choosing" : ""} onPointerMove={(event) => event.pointerType === "mouse" && store.hold()} onPointerDown={(event) => event.pointerType !== "mouse" && store.hold(800)} onPointerLeave={store.settle}>
      {store.news.value > 0 && <button class="news" onClick={store.settle}>{t.value(store.news.value === 1 ? "1 new" : "{n} new", { n: store.news.value })}</button>}
      <ul class="list" style={{ height: `${top}px` }} aria-label={t.value("{n} open", { n: store.rows.value.length })}>
        {visible.map((item) =>
          item.task ? <Row key={item.task.metadata.uid} task={item.task} top={item.top} depth={item.depth} inner={item.inner} day={item.day} at={item.at} of={placed.length} /> : <Head key={`head-${item.group.key}`} group={item.group} top={item.top} at={item.at} of={placed.length} />,
        )}
      </ul>
    </div>
  );
}

const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {{group: any, top: number, at: number, of: number}} props */
function Head({ group, top, at, of }) {
  const title = group.day && view.value.name === "upcoming" ? dayTitle(group.day, locale.value) : capital(t.value(group.title ?? ""));
  const drop = group.day ? dropOn(group.day) : {};
  return (
    <li class={`head ${group.key === "late" ? "late" : ""}`} style={{ transform: `translateY(${top}px)` }} aria-posinset={at} aria-setsize={of} {...drop}>
      <h2>
        {title}
        {group.day === addDays(store.today(), 1) && <span class="away">{sayDay(group.day, now.value, locale.value, t.value)}</span>}
        <span class="count">{group.rows.length}</span>
      </h2>
      {group.action && (
        <button class="link" onClick={() => store.toDay(group.rows, store.today())}>
          {t.value("All to today")}
        </button>
      )}
    </li>
  );
}

/** Where a task can be dropped to be moved to a day. @param {string} day */
export const dropOn = (day) => ({
  onDragOver: (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("text/todotask")) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).classList.add("over");
  },
  onDragLeave: (/** @type {DragEvent} */ event) => /** @type {HTMLElement} */ (event.currentTarget).classList.remove("over"),
  onDrop: (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).classList.remove("over");
    const task = store.tasks.value.find((each) => each.metadata.uid === event.dataTransfer?.getData("text/todotask"));
    if (task) store.toDay([task], day);
  },
});

/** Scrolls to a day, or to the next one that has something; today has a view of its own. @param {string} day */
function showDay(day) {
  if (day === store.today()) return store.goView({ name: "today" });
  const first = groups.value.find((group) => group.day && group.day >= day)?.rows[0];
  if (first) cursor.value = first.metadata.uid;
}

/** The days ahead: where to drop a task, and how full they are. */
export function Days() {
  const days = strip(now.value);
  const busy = (/** @type {string} */ day) => store.tasks.value.filter((task) => !isDone(task) && dueOf(task)?.day === day).length;
  return (
    <ol class="days" aria-label={t.value("Upcoming")}>
      {days.map((day) => (
        <li key={day} class={day === store.today() ? "today" : ""} data-day={day} {...dropOn(day)}>
          <button title={dayTitle(day, locale.value)} onClick={() => showDay(day)}>
            <span class="weekday">{weekday(day, locale.value)}</span>
            <span class="number">{Number(day.slice(8))}</span>
            <span class="busy" aria-hidden="true">{"•".repeat(Math.min(3, busy(day)))}</span>
            <span class="hidden">{t.value("{n} open", { n: busy(day) })}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const EMPTY = /** @type {Record<string, string>} */ ({
  today: "Nothing due today.", upcoming: "Nothing is coming up.", overdue: "Nothing is overdue.", all: "No open tasks.",
  completed: "Nothing was completed yet.", search: "Nothing found.",
});
function Empty() {
  const { name, q } = view.value;
  if (store.connection.value.state === "closed") return null; // the strip says why, and asks
  if (!store.ready.value) return store.connection.value.state === "offline" ? <p class="empty-hint">{t.value("Tasks are not kept in this browser. They are here when the connection is back; what you add now is kept until then.")}</p> : <Skeleton />;
  if (name === "search" && !q) return <p class="empty-hint">{t.value("Type words to search for, such as milk, #home, p1, is:done.")}</p>;
  const examples = ["call mom tomorrow at 18:00", "water the plants every 3 days at 19:00"];
  return (
    <div class="empty">
      <svg viewBox="0 0 120 80" width="120" height="80" aria-hidden="true"><rect x="22" y="12" width="76" height="14" rx="7" /><rect x="22" y="34" width="76" height="14" rx="7" /><rect x="22" y="56" width="44" height="14" rx="7" /><path d="m80 60 6 6 12-13" /></svg>
      <p>{t.value(EMPTY[name] ?? "Nothing here.")}</p>
      {["today", "upcoming", "all"].includes(name) && (
        <>
          <p class="faint">{t.value("Try one of these:")}</p>
          {examples.map((text) => (
            <button key={text} class="example" onClick={() => dispatchEvent(new CustomEvent("quickadd", { detail: t.value(text) }))}>
              {t.value(text)}
            </button>
          ))}
        </>
      )}
    </div>
  );
}

/** Only after a moment: what is there at once needs no sign of waiting. */
function Skeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return late ? (
    <div class="skeleton" role="status" aria-label={t.value("Loading")}>
      {Array.from({ length: 8 }, (_, i) => <span key={i} />)}
    </div>
  ) : null;
}
