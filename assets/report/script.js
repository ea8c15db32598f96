// Shows long lists a page at a time, finds people in the contact sheet, copies ids and commands.
// Without it the page shows the first page of every list.
"use strict";
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

// A list whose pages after the first wait in templates.
class PagedList {
  constructor(element) {
    this.size = Number(element.dataset.page);
    this.list = element.querySelector("ul") ?? document.createElement("ul");
    this.button = element.querySelector(".more button");
    this.items = [...this.list.children];
    for (const template of element.querySelectorAll(":scope > template")) {
      this.items.push(...template.content.children);
      template.remove();
    }
    this.button.addEventListener("click", () => this.more());
    this.matching = this.items;
    this.label();
  }

  show(items) {
    this.matching = items;
    this.list.replaceChildren(...items.slice(0, this.size));
    this.label();
  }

  more() {
    const shown = this.list.children.length;
    const next = this.matching.slice(shown, shown + this.size);
    this.list.append(...next);
    this.label();
    next[0]?.querySelector("a, button, summary")?.focus({ preventScroll: true });
  }

  label() {
    const left = this.matching.length - this.list.children.length;
    this.button.hidden = left === 0;
    this.button.textContent = `Show ${Math.min(left, this.size)} more of ${left.toLocaleString("en")}`;
  }
}

const lists = new Map([...document.querySelectorAll(".paged")].map((element) => [element, new PagedList(element)]));

const search = document.getElementById("search");
const found = document.getElementById("found");
const sheet = lists.get(document.querySelector("#sheet .paged"));

function find() {
  const words = plain(search.value).split(/\s+/).filter(Boolean).map((word) => (word.includes(":") ? ` ${word} ` : word));
  const matching = sheet.items.filter((tile) => words.every((word) => tile.dataset.words.includes(word)));
  sheet.show(matching);
  found.textContent = words.length ? `${matching.length.toLocaleString("en")} of ${sheet.items.length.toLocaleString("en")}` : "";
}

search.form.hidden = false;
search.form.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", find);
if (search.value) find(); // a browser that comes back keeps what was typed

// Copies by the clipboard's interface, or where that is not allowed by a selection.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

const copied = document.getElementById("copied");
let hiding = 0;
document.documentElement.classList.add("scripted");
document.addEventListener("click", async (event) => {
  const finder = event.target.closest("[data-find]");
  if (finder) {
    search.value = `${finder.dataset.find} `;
    find();
  }
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  copied.textContent = `Copied: ${button.dataset.copy}`;
  copied.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { copied.hidden = true; }, 2500);
});
