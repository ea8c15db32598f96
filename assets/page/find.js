// A star by name, without a photo: names while one types (an ARIA combobox), then the stars most like that one.
"use strict";

const TYPING_MS = 150; // without a key, before names are asked for
const SHORTEST = 2; // letters that names are asked for

let found = null; // {answer, language}: of /api/similar
let names = []; // [{id, name, description}] in the list
let active = -1; // which of them the keyboard is at
let note = null; // id of the text under the field
let typing = null; // timer
let asking = null; // AbortController of the question under way

// The JSON of a question about stars with its status; null if a newer question was asked meanwhile.
async function askStars(path, values) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const timer = setTimeout(() => mine.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(`${path}?${new URLSearchParams({ ...values, lang: language })}`, { signal: mine.signal });
    const answer = await response.json();
    return mine === asking ? { status: response.status, answer } : null;
  } catch {
    return mine === asking ? { status: 0, answer: {} } : null;
  } finally {
    clearTimeout(timer);
  }
}

async function askNames() {
  const name = $("name-typed").value.trim();
  if ([...name].length < SHORTEST) {
    asking?.abort();
    asking = null;
    return offer([], null);
  }
  const asked = await askStars("/api/stars", { name, n: 6 });
  if (!asked || [429, 503].includes(asked.status)) return; // the names that are there stay
  const { status, answer } = asked;
  if (status === 200) offer(answer.stars, answer.stars.length ? null : "page-find-nobody");
  else offer([], problemOf(status));
}

// The star of a name or an id, and those most like it.
async function findStar(name) {
  clearTimeout(typing);
  const asked = await askStars("/api/similar", { name, n: 6, details: 1 });
  if (!asked) return;
  const { status, answer } = asked;
  if (answer.outcome === "similar") showFound(answer);
  else if (answer.outcome === "several") offer(answer.stars, null);
  else if (status === 404) offer(answer.suggestions, "page-find-nobody");
  else offer([], problemOf(status));
}

function problemOf(status) {
  return { 0: "page-offline", 422: "page-find-nobody", 429: "page-busy", 503: "page-busy" }[status] || "page-broken";
}

function showFound(answer) {
  if ($("find").hidden) return; // a photo was chosen meanwhile
  found = { answer, language };
  offer([], null);
  $("name-typed").value = answer.star.name;
  show("found");
  $("found-name").focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

function forgetFound() {
  asking?.abort();
  asking = found = null;
  clearTimeout(typing);
  $("name-typed").value = "";
  offer([], null);
}

// Put names into the list under the field, and a text under it.
function offer(stars, id) {
  [names, note, active] = [stars, id, -1];
  renderNames();
  if (id) say($("find-note").textContent);
}

function renderNames() {
  $("names").replaceChildren(
    ...names.map(({ name, description }, number) => {
      const option = element("li", "", element("bdi", "", name), element("bdi", "description", description || ""));
      option.id = `name-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(number === active));
      option.onmousedown = (event) => event.preventDefault(); // the field keeps the focus
      option.onclick = () => findStar(names[number].id);
      return option;
    }),
  );
  $("names").hidden = !names.length;
  $("name-typed").setAttribute("aria-expanded", String(names.length > 0));
  if (active < 0) $("name-typed").removeAttribute("aria-activedescendant");
  else $("name-typed").setAttribute("aria-activedescendant", `name-${active}`);
  $("find-note").textContent = note ? inTwo(note)[0] : ""; // the rest of it is about photos
}

function renderFound() {
  renderNames();
  if (document.body.dataset.state !== "found") return;
  const { star, similar, also_liked: liked } = found.answer;
  $("found-tile").replaceChildren(tileOf(star, zoomOf, 640));
  $("found-name").replaceChildren(link(star.url, star.name));
  $("found-description").replaceChildren(element("bdi", "", star.description || ""));
  $("found-credit").replaceChildren(...creditOf(star));
  $("kin").replaceChildren(...similar.map(foundRow));
  $("liked").replaceChildren(...(liked || []).map(foundRow));
  $("kin-title").hidden = !similar.length;
  $("liked-title").hidden = !liked?.length;
  if (found.language !== language) findStar(star.id); // names in the other language
}

// A star whose portrait leads to those like it; the name leads to an article, as everywhere.
function foundRow(star) {
  const button = element("button", "leading", tileOf(star));
  button.type = "button";
  button.setAttribute("aria-label", star.name);
  button.onclick = () => findStar(star.id);
  const about = element("div", "about", element("div", "name", link(star.url, star.name)));
  about.append(element("div", "description", element("bdi", "", star.description || "")));
  about.append(element("div", "credit", ...creditOf(star)));
  return element("li", "", button, about);
}

function moveTo(number) {
  active = names.length ? (number + names.length) % names.length : -1;
  renderNames();
  document.getElementById(`name-${active}`)?.scrollIntoView({ block: "nearest" });
}

function listenToFind() {
  const field = $("name-typed");
  field.oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(askNames, TYPING_MS); // only what stands still is asked for
  };
  field.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (!names.length && step) askNames();
    else if (!names.length) return;
    else if (step) moveTo(active < 0 && step < 0 ? -1 : active + step);
    else if (event.key === "Escape") offer([], null);
    else return;
    event.preventDefault();
  };
  field.onblur = () => {
    clearTimeout(typing);
    names = [];
    moveTo(-1);
  };
  field.onfocus = () => {
    if (document.body.dataset.state === "found") field.select();
  };
  $("find").onsubmit = (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name) findStar(names[active]?.id ?? name);
  };
  $("found-back").onclick = startOver;
}
