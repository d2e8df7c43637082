// Makes the page quicker; without it everything works. Suggestions while typing, a quotation to the clipboard, keys:
// "/" goes to the box, "n" and "p" to the next and the previous place where there are some, unless they are turned off.
"use strict";

const box = document.getElementById("q");
const list = document.getElementById("suggestions");
let chosen = -1, answered = "", asked = null, timer = 0;

// Tells those who do not see it what has come about.
const status = document.createElement("div");
status.setAttribute("role", "status");
status.className = "hidden";
document.body.append(status);
function say(text) { status.textContent = text; }

function unchoose() {
  chosen = -1;
  for (const item of list.children) item.setAttribute("aria-selected", "false");
  box.removeAttribute("aria-activedescendant");
}

function close() {
  list.hidden = true;
  unchoose();
  box.setAttribute("aria-expanded", "false");
}

// The last word is completed; what stands before it stays.
function words() {
  const at = box.value.search(/\S*$/);
  return [box.value.slice(0, at), box.value.slice(at)];
}

function take(text) {
  box.value = words()[0] + text;
  close();
  box.form.requestSubmit();
}

function show(suggestions, typed) {
  list.replaceChildren(...suggestions.map((suggestion, at) => {
    const item = document.createElement("li");
    item.id = "s" + at;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const text = document.createElement("span"), count = document.createElement("span");
    text.textContent = suggestion.text;
    count.textContent = suggestion.occurrences + "处";
    count.className = "count";
    item.append(text, count);
    item.addEventListener("mousedown", event => { event.preventDefault(); take(suggestion.text); });
    return item;
  }));
  answered = typed;
  unchoose();
  list.hidden = suggestions.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
  say(list.hidden ? "" : suggestions.length + " 条建议");
}

function choose(at) {
  const items = [...list.children];
  chosen = (at + items.length) % items.length;
  items.forEach((item, each) => item.setAttribute("aria-selected", String(each === chosen)));
  box.setAttribute("aria-activedescendant", items[chosen].id);
}

async function suggest() {
  const typed = words()[1];
  if (asked) asked.abort();
  if (!typed || /[:：(（"“/|]/.test(typed)) return close();
  asked = new AbortController();
  try {
    const answer = await fetch("/api/suggest?limit=8&q=" + encodeURIComponent(typed), { signal: asked.signal });
    if (!answer.ok) close();
    else if (document.activeElement === box && words()[1] === typed) show((await answer.json()).suggestions, typed);
  } catch (left) {
    // not when it was only typed on
    if (left.name !== "AbortError") close();
  }
}

if (box && list) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "suggestions");
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", event => {
    clearTimeout(timer);
    unchoose();
    if (!event.isComposing) timer = setTimeout(suggest, 90);
  });
  box.addEventListener("compositionend", () => { timer = setTimeout(suggest, 90); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", event => {
    // what answers an earlier word is no longer meant
    if (event.isComposing || list.hidden || words()[1] !== answered) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen].firstChild.textContent);
    else return;
    event.preventDefault();
  });
}

// Quotation marks change their kind inside others (GB/T 15834).
const inner = { "“": "‘", "”": "’", "‘": "“", "’": "”" };
function quoted(text) { return "“" + text.replace(/[“”‘’]/g, mark => inner[mark]) + "”"; }

for (const button of document.querySelectorAll("button.copy")) {
  if (!navigator.clipboard) break;
  const label = button.textContent;
  const cite = button.closest("article").querySelector("details.cite");
  button.hidden = false;
  cite.hidden = true;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(quoted(button.dataset.text) + "（" + button.dataset.cite + "）");
      button.textContent = "已复制";
      say("已复制");
    } catch (refused) {
      button.textContent = "未能复制";
      say("未能复制，引文在下面");
      cite.hidden = false;
      cite.open = true;
    }
    setTimeout(() => { button.textContent = label; say(""); }, 1500);
  });
}

// Who speaks to the machine sets off keys that stand alone, so that they can be turned off.
let hasKeys = true;
try { hasKeys = localStorage.getItem("keys") !== "off"; } catch (refused) { /* for this page alone, then */ }
const keys = document.createElement("label"), tick = document.createElement("input");
tick.type = "checkbox";
tick.checked = hasKeys;
tick.addEventListener("change", () => {
  hasKeys = tick.checked;
  try { localStorage.setItem("keys", hasKeys ? "on" : "off"); } catch (refused) { /* as above */ }
});
keys.append(tick, " 快捷键：/ 到检索框" + (document.querySelector("mark[id]") ? "，n、p 到下一处、上一处" : ""));
document.querySelector("footer p").append(keys);

document.addEventListener("keydown", event => {
  if (!hasKeys || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (event.key === "/") {
    event.preventDefault();
    box.focus();
    box.select();
  }
  if (event.key === "n" || event.key === "p") go(event.key === "n");
});

// The place after or before the one that was gone to, while that is to be seen, else after or before the top of the screen.
// "Back" leads to the hits, not through the places.
function go(on) {
  const marks = [...document.querySelectorAll("mark[id]")];
  if (!marks.length) return;
  const top = element => element.getBoundingClientRect().top;
  const target = document.querySelector(":target");
  const from = target && target.getBoundingClientRect().bottom >= 0 && top(target) < innerHeight ? target : null;
  const isBehind = mark => from ? from.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING : top(mark) >= 0;
  const isBefore = mark => from ? from.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_PRECEDING : top(mark) < 0;
  const next = on ? marks.find(isBehind) || marks[0] : marks.filter(isBefore).pop() || marks[marks.length - 1];
  location.replace("#" + next.id);
}
