// The page of a job: how far it is, and its sentences as they are done. At its end the page is loaded anew.
const job = document.querySelector("#job");
const list = document.querySelector("#sentences");
const news = new EventSource(job.dataset.events);
let renewing = 0;

function on(name, then) {
  news.addEventListener(name, (event) => then(JSON.parse(event.data)));
}

// What the server has made of the articles that are done.
async function renew() {
  const page = await (await fetch(location.href)).text();
  document.querySelector("#done").replaceWith(new DOMParser().parseFromString(page, "text/html").querySelector("#done"));
}

on("progress", (told) => {
  const bar = job.querySelector("progress");
  bar.max = told.sentences;
  bar.value = told.sentences_done;
  job.querySelector("#line").textContent = told.line;
});

on("draft", (told) => {
  if (!list) return;
  const drafts = document.querySelector("#drafts");
  drafts.hidden = !told.sentences.length;
  drafts.querySelector("ol").replaceChildren(...told.sentences.map((one) => {
    const item = document.querySelector("#draft").content.firstElementChild.cloneNode(true);
    item.querySelector(".english").textContent = one.text;
    item.querySelector("[lang=ar]").textContent = one.source;
    return item;
  }));
});

on("sentence", (said) => {
  if (!list) return;
  const item = document.querySelector("#sentence").content.firstElementChild.cloneNode(true);
  item.querySelector(".number").textContent = said.index + 1;
  item.querySelector(".english").textContent = said.text;
  item.querySelector(":scope > p").textContent = said.source;
  for (const words of said.remarks) {
    item.querySelector(".flags").append(Object.assign(document.createElement("li"), { textContent: words }));
  }
  list.append(item);
});

on("article", () => {
  if (list) return;
  clearTimeout(renewing);
  renewing = setTimeout(renew, 500);
});

on("end", () => {
  news.close();
  location.replace(location.pathname);
});

// The job is gone, or may not be read: the page says so.
news.onerror = () => {
  if (news.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
};
