// Among whom stars are looked for: looking again with the same photo, which the browser still has.
"use strict";

const REGIONS = ["", "north_america", "latin_america", "europe", "middle_east", "africa", "south_asia", "east_asia", "oceania"];
const ERAS = ["", "-1949", "1950-1969", "1970-1984", "1985-"]; // years of birth
const ANYBODY = Object.freeze({ gender: "", region: "", born: "" });

let filter = ANYBODY;
let filterProblem = null; // key of PROBLEMS

// As the server reads it: `any`, or key=value joined by commas.
function whereOf(filter) {
  const parts = Object.entries(filter).filter(([, value]) => value);
  return parts.map((part) => part.join("=")).join(",") || "any";
}

async function lookAgain(change) {
  if (!photo) return;
  running?.abort();
  const mine = (running = new AbortController());
  const timer = setTimeout(() => mine.abort("slow"), TIMEOUT_MS);
  const before = filter;
  filter = { ...filter, ...change };
  filterProblem = null;
  $("panel").setAttribute("aria-busy", "true");
  renderFilters();
  say(text("page-looking"));
  let outcome = "broken";
  try {
    const answer = await ask(photo.blob, mine.signal);
    if (mine !== running) return;
    ({ outcome } = answer);
    if (outcome === "match") {
      forgetPictures();
      faces = answer.faces;
    }
  } catch {
    if (mine !== running) return;
    outcome = mine.signal.aborted ? "slow" : "offline";
  } finally {
    clearTimeout(timer);
  }
  $("panel").removeAttribute("aria-busy");
  if (outcome !== "match") {
    filter = before;
    filterProblem = outcome in PROBLEMS ? outcome : "broken";
  }
  chosen = Math.min(chosen, faces.length - 1);
  render();
  const best = faces[chosen].matches[0];
  say(filterProblem ? text(PROBLEMS[filterProblem]) : `${$("most-like").textContent} ${best.name}, ${best.percent}%.`);
}

function renderFilters() {
  for (const button of $("filters").querySelectorAll("[data-gender]")) {
    button.setAttribute("aria-pressed", String(button.dataset.gender === filter.gender));
  }
  fillSelect($("region"), REGIONS, (one) => text(`region-${(one || "any").replace("_", "-")}`), filter.region);
  fillSelect($("born"), ERAS, nameOfEra, filter.born);
  $("filter-problem").hidden = !filterProblem;
  $("filter-problem").textContent = filterProblem ? text(PROBLEMS[filterProblem]) : "";
}

function nameOfEra(era) {
  const [first, last] = era.split("-");
  if (!era) return text("era-any");
  return !first ? text("era-until", { last }) : !last ? text("era-from", { first }) : era.replace("-", "–");
}

function fillSelect(select, values, nameOf, value) {
  if (select.options.length !== values.length) select.replaceChildren(...values.map((one) => new Option("", one)));
  for (const [number, option] of [...select.options].entries()) option.text = nameOf(values[number]);
  select.value = value;
}

function listenToFilters() {
  for (const button of $("filters").querySelectorAll("[data-gender]")) {
    button.onclick = () => lookAgain({ gender: button.dataset.gender });
  }
  $("region").onchange = () => lookAgain({ region: $("region").value });
  $("born").onchange = () => lookAgain({ born: $("born").value });
}
