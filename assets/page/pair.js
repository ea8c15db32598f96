// Two people: a photo of each in, how alike they are out.
"use strict";

const SLOTS = ["page-first", "page-second"], IN_PHOTO = ["page-in-first", "page-in-second"];

let pair = [null, null]; // photos as `prepare` makes them
let pairAnswer = null; // {percent, squares, turns} of the server
let pairProblem = null; // {reason: key of PROBLEMS, slot: 0, 1 or null for both}
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
  say(text("page-comparing"));
  const timer = setTimeout(() => mine.abort("slow"), TIMEOUT_MS);
  const body = new FormData();
  for (const [number, field] of ["a", "b"].entries()) body.append(field, pair[number].blob, field);
  try {
    const isLarge = pair[0].blob.size + pair[1].blob.size > MAX_BYTES;
    const answer = isLarge ? { outcome: "too_large" } : await post("/api/compare", body, mine.signal);
    if (mine !== running) return;
    if (answer.outcome === "compared") pairAnswer = answer;
    else {
      const reason = answer.outcome in PROBLEMS ? answer.outcome : "broken";
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
  const isBusy = !pairAnswer && !pairProblem && pair[0] && pair[1];
  const zooms = pair.map((one, number) =>
    pairAnswer && one?.image ? zoomOf(turnedBy(one.image, pairAnswer.turns[number]), scaled(pairAnswer.squares[number], one)) : 1,
  );
  const zoom = Math.max(...zooms); // both are cut alike
  for (const [number, button] of [...$("pair").querySelectorAll(".slot")].entries()) {
    button.classList.toggle("filled", Boolean(pair[number]?.image));
    button.classList.toggle("wrong", pairProblem?.slot === number);
    button.querySelector("span").textContent = text(SLOTS[number]);
    button.setAttribute("aria-label", text(SLOTS[number]));
    const [square, turn] = pairAnswer ? [pairAnswer.squares[number], pairAnswer.turns[number]] : [null, 0];
    drawPortrait(button.querySelector("canvas"), square, turn, pair[number], zoom);
  }
  const percent = pairAnswer?.percent;
  $("pair-percent").textContent = pairAnswer ? `${percent}%` : isBusy ? "…" : "?";
  const arc = $("pair-arc").style;
  arc.strokeDashoffset = "100";
  if (pairAnswer) afterwards(() => (arc.strokeDashoffset = String(100 - 100 * arcOf(percent))));
  let [message, tip] = isBusy ? inTwo("page-comparing") : [text("page-pair-hint"), ""];
  if (pairAnswer) [message, tip] = [text("page-pair-meaning", { percent: `${percent}%` }), text("page-pair-truth")];
  if (pairProblem) {
    [message, tip] = inTwo(PROBLEMS[pairProblem.reason]);
    if (pairProblem.slot !== null) message = text(IN_PHOTO[pairProblem.slot], { reason: message });
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
