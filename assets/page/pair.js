// Two people: a photo of each in, how alike they are out.
"use strict";

Object.assign(TEXTS.en, {
  compareTwo: "Compare two people",
  compareWith: "Compare with somebody",
  pairTitle: "How alike are two people?",
  slots: ["First person", "Second person"],
  pairHint: "Choose a photo of each person.",
  pairMeaning: (percent) => `More alike than ${percent}% of pairs of strangers.`,
  pairTruth:
    "Two photos of one person mostly get 99%. A game for fun: it proves neither that two photos show one person nor " +
    "that two people are related.",
  inPhoto: ["First photo:", "Second photo:"],
  back: "Back",
});
Object.assign(TEXTS.ru, {
  compareTwo: "Сравнить двух людей",
  compareWith: "Сравнить с кем-нибудь",
  pairTitle: "Насколько похожи два человека?",
  slots: ["Первый человек", "Второй человек"],
  pairHint: "Выберите по одному фото каждого.",
  pairMeaning: (percent) => `Похожи больше, чем ${percent}% пар незнакомых людей.`,
  pairTruth:
    "Два фото одного человека почти всегда получают 99%. Это игра: она не доказывает ни того, что на фото один человек, " +
    "ни родства.",
  inPhoto: ["Первое фото:", "Второе фото:"],
  back: "Назад",
});

let pair = [null, null]; // photos as `prepare` makes them
let pairAnswer = null; // {percent, squares, turns} of the server
let pairProblem = null; // {reason: key of TEXTS.problems, slot: 0, 1 or null for both}
let slot = 0; // that the next chosen file is for

function openPair(first) {
  running?.abort();
  running = null;
  forgetPair();
  show("pair");
  $("pair-title").focus({ preventScroll: true });
  scrollTo({ top: 0 });
  if (first) fillPair(first, 0);
}

function forgetPair() {
  for (const one of pair) if (one) URL.revokeObjectURL(one.url);
  pair = [null, null];
  pairAnswer = pairProblem = null;
}

// Put a photo into a place, or into the first that is free, and compare once both are there.
async function fillPair(file, place = pair[0] ? 1 : 0) {
  running?.abort();
  const mine = (running = new AbortController());
  const prepared = await prepare(file);
  if (document.body.dataset.state !== "pair") return URL.revokeObjectURL(prepared.url);
  if (pair[place]) URL.revokeObjectURL(pair[place].url);
  pair[place] = prepared;
  pairAnswer = pairProblem = null;
  if (mine === running) await comparePair(mine);
}

async function comparePair(mine) {
  render();
  if (!pair[0] || !pair[1]) return;
  say(TEXTS[language].comparing);
  const timer = setTimeout(() => mine.abort("slow"), TIMEOUT_MS);
  const body = new FormData();
  for (const [number, field] of ["a", "b"].entries()) body.append(field, pair[number].blob, field);
  try {
    const isLarge = pair[0].blob.size + pair[1].blob.size > MAX_BYTES;
    const answer = isLarge ? { outcome: "too_large" } : await post("/api/compare", body, mine.signal);
    if (mine !== running) return;
    if (answer.outcome === "compared") pairAnswer = answer;
    else {
      const reason = answer.outcome in TEXTS.en.problems ? answer.outcome : "broken";
      pairProblem = { reason, slot: { a: 0, b: 1 }[answer.photo] ?? null };
    }
  } catch {
    if (mine !== running) return;
    pairProblem = { reason: mine.signal.aborted ? "slow" : "offline", slot: null };
  } finally {
    clearTimeout(timer);
  }
  running = null;
  render();
  say(`${$("pair-message").textContent} ${$("pair-tip").textContent}`);
}

function renderPair() {
  if (document.body.dataset.state !== "pair") return;
  const texts = TEXTS[language];
  const isBusy = !pairAnswer && !pairProblem && pair[0] && pair[1];
  const zooms = pair.map((one, number) =>
    pairAnswer && one?.image ? zoomOf(turnedBy(one.image, pairAnswer.turns[number]), scaled(pairAnswer.squares[number], one)) : 1,
  );
  const zoom = Math.max(...zooms); // both are cut alike
  for (const [number, button] of [...$("pair").querySelectorAll(".slot")].entries()) {
    button.classList.toggle("filled", Boolean(pair[number]?.image));
    button.classList.toggle("wrong", pairProblem?.slot === number);
    button.querySelector("span").textContent = texts.slots[number];
    button.setAttribute("aria-label", texts.slots[number]);
    const [square, turn] = pairAnswer ? [pairAnswer.squares[number], pairAnswer.turns[number]] : [null, 0];
    drawPortrait(button.querySelector("canvas"), square, turn, pair[number], zoom);
  }
  const percent = pairAnswer?.percent;
  $("pair-percent").textContent = pairAnswer ? `${percent}%` : isBusy ? "…" : "?";
  const arc = $("pair-arc").style;
  arc.strokeDashoffset = "100";
  if (pairAnswer) afterwards(() => (arc.strokeDashoffset = String(100 - 100 * arcOf(percent))));
  let message = isBusy ? texts.comparing : texts.pairHint, tip = isBusy ? texts.comparingTip : "";
  if (pairAnswer) [message, tip] = [texts.pairMeaning(percent), texts.pairTruth];
  if (pairProblem) {
    [message, tip] = texts.problems[pairProblem.reason];
    if (pairProblem.slot !== null) message = `${texts.inPhoto[pairProblem.slot]} ${message}`;
  }
  $("pair-message").textContent = message;
  $("pair-message").classList.toggle("wrong", Boolean(pairProblem));
  $("pair-tip").textContent = tip;
  $("pair-retry").hidden = !pairProblem || !TRY_AGAIN.includes(pairProblem.reason);
}

function listenToPair() {
  $("compare-two").onclick = () => openPair(null);
  $("compare-with").onclick = () => openPair(file);
  $("pair-back").onclick = startOver;
  $("pair-retry").onclick = () => {
    pairProblem = null;
    comparePair((running = new AbortController()));
  };
  for (const [number, button] of [...$("pair").querySelectorAll(".slot")].entries()) {
    button.onclick = () => {
      slot = number;
      $("pair-file").click();
    };
  }
  $("pair-file").onchange = () => {
    const [chosenFile] = $("pair-file").files;
    if (chosenFile) fillPair(chosenFile, slot);
    $("pair-file").value = "";
  };
}
