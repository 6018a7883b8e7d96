// An object as YAML, for reading and copying. Block style; every text that YAML could read as something else is quoted.

const PLAIN = /^[A-Za-z_/][\w ./@()-]*$/;
const WORDS = /^(true|false|yes|no|on|off|null|nan|inf|y|n)$/i;

/** @param {string} text */
const scalar = (text) => (PLAIN.test(text) && !WORDS.test(text) && text === text.trim() ? text : JSON.stringify(text));

/** @param {any} value @param {string} [indent] @returns {string} */
export function yaml(value, indent = "") {
  if (typeof value === "string") {
    if (value.includes("\n") && /^\S/.test(value) && !/[\0-\x08\x0b-\x1f\x7f]/.test(value)) {
      const chomp = value.endsWith("\n") ? "|" : "|-";
      return `${chomp}\n${value.replace(/\n$/, "").split("\n").map((line) => (line ? indent + line : line)).join("\n")}`;
    }
    return scalar(value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Array.isArray(value) ? value : Object.entries(value);
  if (!entries.length) return Array.isArray(value) ? "[]" : "{}";
  if (Array.isArray(value)) {
    return "\n" + value.map((item) => `${indent}- ${yaml(item, indent + "  ").replace(/^\n\s*/, "")}`).join("\n");
  }
  return "\n" + Object.entries(value)
    .map(([key, item]) => {
      const inner = yaml(item, indent + "  ");
      return `${indent}${scalar(key)}:${inner.startsWith("\n") ? "" : " "}${inner}`;
    })
    .join("\n");
}

/** A document, ready for `kubectl apply -f -`. @param {any} object */
export function document(object) {
  const { managedFields, ...metadata } = object.metadata ?? {};
  return yaml({ apiVersion: object.apiVersion ?? "todotasks.dev/v1", kind: object.kind, metadata, spec: object.spec, status: object.status })
    .trimStart()
    .concat("\n");
}
