// Finds people in the contact sheet; without it the page shows everybody.
"use strict";
const search = document.getElementById("search");
const found = document.getElementById("found");
const sheet = document.getElementById("sheet");
const GROUP = Number(sheet.dataset.group);
const tiles = [...sheet.querySelectorAll("li")];
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

// Out of the page first, then in by the group: one by one, 10,000 people keep a browser busy for half a minute.
function fill(people) {
  sheet.replaceChildren();
  const groups = [];
  for (let from = 0; from < people.length; from += GROUP) {
    const group = document.createElement("ul");
    group.className = "contact";
    group.append(...people.slice(from, from + GROUP));
    groups.push(group);
  }
  sheet.append(...groups);
}

function show() {
  const words = plain(search.value).split(/\s+/).filter(Boolean).map((word) => (word.includes(":") ? ` ${word} ` : word));
  const matching = tiles.filter((tile) => words.every((word) => tile.dataset.words.includes(word)));
  fill(matching);
  found.textContent = words.length ? `${matching.length.toLocaleString("en")} of ${tiles.length.toLocaleString("en")}` : "";
}

search.form.hidden = false;
search.form.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", show);
for (const bar of document.querySelectorAll("[data-find]")) {
  bar.addEventListener("click", () => {
    search.value = `${bar.dataset.find} `;
    show();
  });
}
if (search.value) show(); // a browser that comes back keeps what was typed
