// The form: how long a text is, and how long it will take, while one types; files are dropped anywhere on the page.
"use strict";
const form = document.querySelector("form[enctype]");
const [text, size, files, chosen] = ["#text", "#size", "#files", "#chosen"].map((id) => form.querySelector(id));
const said = size.dataset;
const written = (number) => Math.round(number).toLocaleString("en");

function duration(seconds) {
  const [unit, words] = seconds < 90 ? [1, said.s] : seconds < 5400 ? [60, said.min] : [3600, said.h];
  return words.replace("{number}", written(Math.max(1, seconds / unit)));
}

function measure() {
  const number = [...text.value].length; // as the server counts them
  const most = Number(said.most);
  let told = said.characters.replace("{number}", written(number)).replace("{most}", written(most));
  if (number > most) told += said.long;
  else if (said.perCharacter) told += said.takes.replace("{time}", duration(number * Number(said.perCharacter)));
  size.textContent = told;
  size.hidden = number === 0;
  size.classList.toggle("serious", number > most);
}
text.addEventListener("input", measure);
measure();

function name() {
  chosen.textContent = [...files.files].map((file) => file.name).join(", ");
}
files.addEventListener("change", name);

const brings = (event) => event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  form.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  form.classList.remove("over");
  const all = new DataTransfer();
  const dropped = [...event.dataTransfer.items].filter((one) => !one.webkitGetAsEntry()?.isDirectory);
  for (const file of [...files.files, ...dropped.map((one) => one.getAsFile())]) if (file) all.items.add(file);
  files.files = all.files;
  name();
});
form.querySelector("#drop").hidden = false;
