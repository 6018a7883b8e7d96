import { render } from "preact";
import { App } from "./app.jsx";
import { onKey } from "./palette.jsx";
import { begin } from "./store.js";

addEventListener("keydown", onKey);
render(<App />, /** @type {HTMLElement} */ (document.getElementById("app")));
begin();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => null); // without one it only needs the network
