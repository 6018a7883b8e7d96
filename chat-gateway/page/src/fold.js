// Letters as they count for who looks for something: the rule of the server's search (core/todotasks/text/analysis.py,
// whose test compares the two). Pure.

// Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. Marks of other scripts are letters.
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]/g;
// Letters that Unicode does not take apart, as people without them write them.
/** @type {Record<string, string>} */
const PLAIN = { ø: "o", đ: "d", ð: "d", ł: "l", æ: "ae", œ: "oe", þ: "th", ı: "i", ŋ: "n", ħ: "h" };
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");
/** @type {Record<string, string>} */
const SPELT = { ä: "ae", ö: "oe", ü: "ue", Ä: "Ae", Ö: "Oe", Ü: "Ue" };
const APOSTROPHE = /(?<=[\p{L}\p{N}_])['’ʼ`´](?=[\p{L}\p{N}_])/gu;

const ASCII = /^[\x00-\x7f]*$/;

/** ß is ss, and a sigma a sigma wherever it stands. @param {string} text */
const withoutCase = (text) => text.toUpperCase().toLowerCase().replaceAll("ς", "σ");

/** Without case and accents: "Café" and "CAFE" are found by "cafe". @param {string} text */
export function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = withoutCase(text).normalize("NFKD").replace(MARKS, "").replace(PLAIN_LETTERS, (letter) => PLAIN[letter]);
  return withoutCase(plain.normalize("NFC"));
}

/** How a text may be written: without apostrophes too, and an umlaut both ways (Müller: muller, mueller). @param {string} text */
function writings(text) {
  const found = [fold(text)];
  const bare = text.replace(APOSTROPHE, "");
  if (bare !== text) found.push(fold(bare));
  const spelt = ASCII.test(text) ? bare : bare.normalize("NFC").replace(/[äöüÄÖÜ]/g, (letter) => SPELT[letter]);
  if (spelt !== bare) found.push(fold(spelt));
  return found;
}

/** Whether a word stands in a text. @param {string} word @returns {(text: string) => boolean} */
export function within(word) {
  const meant = writings(word);
  return (text) => writings(text).some((each) => meant.some((one) => each.includes(one)));
}
