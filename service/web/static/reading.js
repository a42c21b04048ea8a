// A brief's page: twins light up, keys go from sentence to sentence, texts are copied. It is read without this, too.
"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const rows = all(".paragraph > li");
const points = all(".brief > li");
const told = document.getElementById("told");
const keys = document.getElementById("keys");
const letters = document.getElementById("letters");
const rests = (point) => point.dataset.sources.trim().split(" ");

// A sentence lights up with the points of the brief that rest on it, a point with its sources.
let lit = [];
function light(node) {
  for (const one of lit) one.classList.remove("lit");
  lit = !node ? [] : node.id ? [node, ...points.filter((point) => rests(point).includes(node.id))]
    : [node, ...rests(node).map((id) => document.getElementById(id)).filter(Boolean)];
  for (const one of lit) one.classList.add("lit");
}
const around = (node) => node && node.closest(".paragraph > li, .brief > li");
const focused = () => around(document.activeElement);
document.addEventListener("pointerover", (event) => light(around(event.target) || focused()));
document.addEventListener("focusin", (event) => light(around(event.target)));
document.addEventListener("click", (event) => light(around(event.target) || focused()));

// What is copied says what the page says: (?) after doubtful words, and what is noted at a sentence.
function plain(node) {
  const copy = node.cloneNode(true);
  for (const mark of all(".doubt .unseen", copy)) mark.textContent = told.dataset.note;
  for (const extra of all("rt, rp, .source, button", copy)) extra.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}
const warning = () => plain(document.querySelector(".notice"));
const noted = (node) => all(".flags > li", node).map((flag) => `  ${plain(flag)}`);
const address = (id) => location.origin + location.pathname + (id ? `#${id}` : "");
const english = (node) => plain(node.querySelector(".english"));
const numbers = (ids) => ids.map((id) => `[${id.slice(1)}]`).join(" ");
const texts = {
  sentence: (row) => [english(row), ...all("p[lang=ar]:not(.english)", row).map(plain), ...noted(row), address(row.id)],
  brief: () => [
    plain(document.querySelector("h1")), "",
    ...points.flatMap((point) => [`- ${english(point)} ${numbers(rests(point))}`, ...noted(point)]), "",
    warning(), address(),
  ],
  article: () => [
    plain(document.querySelector("h1")), "",
    ...all(".paragraph").flatMap((part) => [all(".sentence", part).map(english).join(" "), ""]),
    ...rows.flatMap((row) => noted(row).map((note) => `${numbers([row.id])}${note.slice(1)}`)), "",
    warning(), address(),
  ],
};
async function copy(lines) {
  const text = lines.join("\n");
  let done = true;
  try {
    await navigator.clipboard.writeText(text); // only there over https and on this machine
  } catch {
    const held = document.activeElement;
    const box = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    box.select();
    done = document.execCommand("copy");
    box.remove();
    held?.focus({ preventScroll: true });
  }
  told.textContent = "";
  setTimeout(() => { told.textContent = done ? told.dataset.copied : told.dataset.refused; }, 50);
}
for (const button of all("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(texts[button.dataset.copy](button.closest(".sentence"))));
}

function go(step, wanted = rows) {
  const now = rows.indexOf(focused());
  const left = step > 0 ? wanted.find((row) => rows.indexOf(row) > now)
    : wanted.findLast((row) => rows.indexOf(row) < now);
  if (!left) return;
  left.querySelector(".number").focus({ preventScroll: true });
  left.scrollIntoView({ block: "nearest" });
}
const show = () => keys.showModal();
const actions = {
  j: () => go(1), n: () => go(1), k: () => go(-1), p: () => go(-1),
  f: () => go(1, rows.filter((row) => row.classList.contains("doubtful"))),
  c: () => copy(rows.includes(focused()) ? texts.sentence(focused()) : texts.brief()),
  "/": () => document.querySelector(".find input").focus(),
  "?": show, "؟": show,
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keys.open || !letters.checked) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  // An Arabic keyboard has other letters in the same places.
  const letter = /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code[3].toLowerCase() : event.key;
  const action = actions[letter];
  if (!action) return;
  event.preventDefault();
  action();
});
const help = document.getElementById("help");
help.hidden = false;
help.addEventListener("click", show);
// Some read the page with programs that have keys of their own.
try {
  letters.checked = localStorage.getItem("letters") !== "off";
  letters.addEventListener("change", () => localStorage.setItem("letters", letters.checked ? "on" : "off"));
} catch { /* no storage: the choice holds for this page */ }
