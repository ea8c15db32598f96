// Among whom stars are looked for: looking again with the same photo, which the browser still has.
"use strict";

const REGIONS = ["", "north_america", "latin_america", "europe", "middle_east", "africa", "south_asia", "east_asia", "oceania"];
const ERAS = ["", "-1949", "1950-1969", "1970-1984", "1985-"]; // years of birth
const ANYBODY = Object.freeze({ gender: "", region: "", born: "" });

Object.assign(TEXTS.en, {
  filters: "Among whom to look",
  anybody: "Anybody",
  women: "Women",
  men: "Men",
  more: "More",
  region: "From",
  born: "Born",
  regions: ["anywhere", "North America", "Latin America", "Europe", "the Middle East", "Africa", "South Asia", "East Asia", "Oceania"],
  eras: ["whenever", "before 1950", "1950–1969", "1970–1984", "1985 and later"],
  looking: "Looking again…",
});
Object.assign(TEXTS.en.problems, { nobody: ["Nobody like that is in the gallery.", "Choose something else."] });
Object.assign(TEXTS.ru, {
  filters: "Среди кого искать",
  anybody: "Все",
  women: "Женщины",
  men: "Мужчины",
  more: "Ещё",
  region: "Откуда",
  born: "Годы рождения",
  regions: ["откуда угодно", "Северная Америка", "Латинская Америка", "Европа", "Ближний Восток", "Африка", "Южная Азия", "Восточная Азия", "Океания"],
  eras: ["любые", "до 1950", "1950–1969", "1970–1984", "с 1985"],
  looking: "Ищем ещё раз…",
});
Object.assign(TEXTS.ru.problems, { nobody: ["Таких людей в галерее нет.", "Выберите что-нибудь другое."] });

let filter = ANYBODY;
let filterProblem = null; // key of TEXTS.problems

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
  say(TEXTS[language].looking);
  let outcome = "broken";
  try {
    const answer = await ask(photo.blob, mine.signal);
    if (mine !== running) return;
    ({ outcome } = answer);
    if (outcome === "match") faces = answer.faces;
  } catch {
    if (mine !== running) return;
    outcome = mine.signal.aborted ? "slow" : "offline";
  } finally {
    clearTimeout(timer);
  }
  $("panel").removeAttribute("aria-busy");
  if (outcome !== "match") {
    filter = before;
    filterProblem = outcome in TEXTS.en.problems ? outcome : "broken";
  }
  chosen = Math.min(chosen, faces.length - 1);
  render();
  const best = faces[chosen].matches[0];
  say(filterProblem ? TEXTS[language].problems[filterProblem].join(" ") : `${$("most-like").textContent} ${best.name}, ${best.percent}%.`);
}

function renderFilters() {
  const texts = TEXTS[language];
  for (const button of $("filters").querySelectorAll("[data-gender]")) {
    button.setAttribute("aria-pressed", String(button.dataset.gender === filter.gender));
  }
  fillSelect($("region"), REGIONS, texts.regions, filter.region);
  fillSelect($("born"), ERAS, texts.eras, filter.born);
  $("filter-problem").hidden = !filterProblem;
  $("filter-problem").textContent = filterProblem ? texts.problems[filterProblem].join(" ") : "";
}

function fillSelect(select, values, names, value) {
  if (select.options.length !== values.length) select.replaceChildren(...values.map((one) => new Option("", one)));
  for (const [number, option] of [...select.options].entries()) option.text = names[number];
  select.value = value;
}

function listenToFilters() {
  for (const button of $("filters").querySelectorAll("[data-gender]")) {
    button.onclick = () => lookAgain({ gender: button.dataset.gender });
  }
  $("region").onchange = () => lookAgain({ region: $("region").value });
  $("born").onchange = () => lookAgain({ born: $("born").value });
}
