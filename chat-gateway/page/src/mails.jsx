import { useEffect, useState } from "preact/hooks";
import { call } from "./api.js";
import * as store from "./store.js";

const { t, locale } = store;
const AGAIN = 5_000; // milliseconds

/** A text with its addresses as links; only those of the web. @param {string} text */
export const linked = (text) => text.split(/(https?:\/\/[^\s<>"]+)/).map((part, i) => (i % 2 ? { text: part, href: part } : { text: part, href: null }));

/** A link as one reads it: those of mails are long. @param {string} href */
const shortened = (href) => (href.length > 64 ? `${href.slice(0, 56)}…` : href);

/** The mails that a catching server has kept instead of delivering them. */
export function Mails() {
  const [mails, setMails] = useState(/** @type {any[]|null} */ (null));
  const [open, setOpen] = useState(/** @type {string|null} */ (null));
  const [wrong, setWrong] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const load = () => call("GET", "/v1/mails").then((answer) => { setMails(answer.items); setWrong(null); }, setWrong);
    load();
    const timer = setInterval(load, AGAIN);
    return () => clearInterval(timer);
  }, []);
  const when = new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  if (wrong) return <p class="empty-hint" role="alert">{wrong.message}</p>;
  if (!mails) return <div class="mails" />;
  if (!mails.length) return <p class="empty-hint mails">{t.value("No mail yet. A reminder that fires is sent here, where its channel is a mail.")}</p>;
  return (
    <ul class="mails">
      {mails.map((mail) => (
        <li key={mail.id}>
          <button aria-expanded={open === mail.id} onClick={() => setOpen(open === mail.id ? null : mail.id)}>
            <span class="what"><b>{mail.subject}</b><span>{t.value("to {whom}", { whom: mail.to })}</span></span>
            <time class="due" dateTime={mail.at}>{when.format(new Date(mail.at))}</time>
          </button>
          {open === mail.id && <p class="letter">{linked(mail.text).map((part, i) => (part.href ? <a key={i} href={part.href} target="_blank" rel="noopener noreferrer">{shortened(part.href)}</a> : part.text))}</p>}
        </li>
      ))}
    </ul>
  );
}
