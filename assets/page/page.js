// The page: a photo in, the stars most like it out. Plain JavaScript, no build step.
// document.body.dataset.state is one of start, busy, refused, result, pair, found; style.css shows what belongs to it.
// filters.js looks again among other stars; pair.js compares two people; find.js finds a star by name; pictures.js has
// pictures made of the photo. The words are the server's: lookalike/web/words.py.
"use strict";

const MAX_SIDE_PX = 1600; // longer photos are made smaller before they leave: faster, and the server looks at 1280
const MAX_BYTES = 20_000_000; // lookalike/faces/types.py
const TIMEOUT_MS = 60_000;
const EYES_TOP = 0.45, MAX_ZOOM = 1.5; // of a portrait, as on the bot's card: lookalike/faces/drawing/portrait.py
const TILE_PX = 160; // of a star's portrait beside a name, twice as large as it is shown
const FORMATS = ["image/jpeg", "image/png", "image/webp", "image/gif"]; // what the server reads
const TRY_AGAIN = ["busy", "often", "offline", "slow", "broken"]; // problems that are not the photo's

// Refusals and other problems, and the texts that say them: the first sentence, and what can be done.
const PROBLEMS = {
  no_face: "no-face", too_dark: "too-dark", blurred: "blurred", face_too_small: "face-too-small",
  unreadable: "unreadable", too_large: "page-too-large", not_a_picture: "not-a-picture", nobody: "page-nobody",
  busy: "page-busy", often: "page-often", offline: "page-offline", slow: "page-slow", broken: "page-broken",
};
const SENTENCE = /^(.+?(?:[!?؟।…]|[.](?=\s)))\s+(.+)$/su;

const $ = (id) => document.getElementById(id);

let language, texts; // its code, and the texts by id
let running = null; // AbortController of the photo that is being compared
let file = null; // what the person chose
let photo = null; // {image, blob, scale, url}: that file as the page shows and sends it
let faces = []; // of the last answer, main one first
let chosen = 0; // which of them is shown
let problem = null; // key of PROBLEMS

// --- words ---------------------------------------------------------------------------------------------------------

// The text with that id, of assets/locales, with {name} replaced by the value of that name.
function text(id, values = {}) {
  return texts[id].replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// A text as its first sentence and the rest.
function inTwo(id) {
  const [, first, rest] = SENTENCE.exec(text(id)) || [null, text(id), ""];
  return [first, rest];
}

async function speak(newLanguage) {
  const response = await fetch(`/texts/${newLanguage}`);
  if (!response.ok) return;
  use(await response.json());
  history.replaceState(null, "", `?lang=${language}`); // so that it stays when the page is loaded again
}

// Say everything in a language: {language, direction, texts} of the server.
function use(spoken) {
  ({ language, texts } = spoken);
  document.documentElement.lang = language;
  document.documentElement.dir = spoken.direction;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
  $("language").value = language;
  render();
  makeAgain();
}

function say(words) {
  $("say").textContent = words;
}

// --- one photo -----------------------------------------------------------------------------------------------------

async function compare(newFile) {
  running?.abort();
  const mine = (running = new AbortController());
  const timer = setTimeout(() => mine.abort("slow"), TIMEOUT_MS);
  file = newFile;
  forgetPhoto();
  show("busy");
  try {
    const prepared = await prepare(file);
    if (mine !== running) return URL.revokeObjectURL(prepared.url);
    photo = prepared;
    render();
    const answer = photo.blob.size > MAX_BYTES ? { outcome: "too_large" } : await ask(photo.blob, mine.signal);
    if (mine !== running) return;
    if (answer.outcome === "match") showFaces(answer.faces);
    else refuse(answer.outcome in PROBLEMS ? answer.outcome : "broken");
  } catch {
    if (mine === running) refuse(mine.signal.aborted ? "slow" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

// The file as an upright image, and as the bytes to send: smaller, and re-encoded if the server could not read it.
async function prepare(file) {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return { image: null, blob: file, scale: 1, url }; // the server says what is wrong with it
  }
  const { naturalWidth: width, naturalHeight: height } = image; // upright: browsers turn by EXIF
  const shrink = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  if (shrink === 1 && FORMATS.includes(file.type)) return { image, blob: file, scale: 1, url };
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * shrink));
  canvas.height = Math.max(1, Math.round(height * shrink));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  return { image, blob: blob || file, scale: blob ? width / canvas.width : 1, url };
}

function ask(blob, signal) {
  const body = new FormData();
  body.append("photo", blob, "photo"); // the file's own name is not sent
  body.append("where", whereOf(filter));
  return post("/api/match", body, signal);
}

async function post(path, body, signal) {
  const response = await fetch(`${path}?details=1&lang=${language}`, { method: "POST", body, signal });
  if (response.status === 400) return { outcome: "nobody" }; // of what this page sends, only a filter can be wrong
  if (response.status === 503) return { outcome: "busy" };
  if (response.status === 429) return { outcome: "often" };
  if (response.status === 408) return { outcome: "slow" };
  if (response.status === 413) return { outcome: "too_large" };
  if (!response.ok) return { outcome: "broken" };
  return response.json();
}

function forgetPhoto() {
  forgetPictures();
  if (photo) URL.revokeObjectURL(photo.url);
  photo = null;
  faces = [];
  chosen = 0;
  problem = filterProblem = null;
  $("panel").removeAttribute("aria-busy");
}

function startOver() {
  running?.abort();
  running = null;
  forgetPhoto();
  forgetPair();
  forgetFound();
  file = null;
  filter = ANYBODY;
  show("start");
  $("choose").focus();
}

// --- what is seen --------------------------------------------------------------------------------------------------

function show(state) {
  document.body.dataset.state = state;
  $("start").hidden = ["result", "pair", "found"].includes(state);
  $("find").hidden = !["start", "found"].includes(state);
  $("found").hidden = state !== "found";
  $("result").hidden = state !== "result";
  $("pair").hidden = state !== "pair";
  render();
  if (state === "busy") say(text("page-comparing"));
}

function refuse(reason) {
  problem = reason;
  show("refused");
  say(text(PROBLEMS[reason]));
  $(TRY_AGAIN.includes(reason) ? "retry" : "choose").focus();
}

function showFaces(found) {
  faces = found;
  drawTabs();
  show("result");
  const best = faces[0].matches[0];
  say(`${$("most-like").textContent} ${best.name}, ${best.percent}%. ${$("meaning").textContent}`);
  scrollTo({ top: 0 });
  $("name").focus({ preventScroll: true });
}

function render() {
  const { state } = document.body.dataset;
  const [message, tip] = inTwo(problem ? PROBLEMS[problem] : "page-comparing");
  $("message").textContent = message;
  $("tip").textContent = tip;
  $("choose").disabled = $("selfie").disabled = state === "busy";
  $("choose").firstElementChild.textContent = text(state === "refused" ? "page-choose-other" : "page-choose");
  document.body.dataset.retry = state === "refused" && TRY_AGAIN.includes(problem) ? "yes" : "no";
  $("preview").hidden = !photo?.image;
  if (photo?.image && $("preview").src !== photo.url) $("preview").src = photo.url;
  if (state === "result") renderFace();
  renderFilters();
  renderPair();
  renderFound();
}

function renderFace() {
  const { square, turn, matches, doubt } = faces[chosen];
  const [best, ...others] = matches;
  $("doubt").textContent = doubt ? text(`doubt-${doubt}`) : "";
  $("doubt").hidden = !doubt;
  drawPortrait($("mine"), square, turn);
  const cutAlike = (image, starSquare) => { // once the star is there
    const zoom = sharedZoom(image, starSquare, square, turn);
    drawPortrait($("mine"), square, turn, photo, zoom);
    return zoom;
  };
  $("star").replaceChildren(tileOf(best, cutAlike, $("mine").width));
  $("percent").textContent = `${best.percent}%`;
  const arc = $("arc-of-percent").style;
  arc.strokeDashoffset = "100";
  afterwards(() => (arc.strokeDashoffset = String(100 - 100 * arcOf(best.percent))));
  $("most-like").textContent = 
    faces.length > 1 ? text("page-face-like", { face: chosen + 1, faces: faces.length }) : text("page-most-like");
  $("name").replaceChildren(link(best.url, best.name));
  $("description").replaceChildren(element("bdi", "", best.description || ""));
  $("meaning").textContent = text("page-meaning", { percent: `${best.percent}%` });
  $("credit").replaceChildren(...creditOf(best));
  $("others").replaceChildren(...others.map(rowOf));
  $("others").parentElement.hidden = others.length === 0;
  renderPicture();
  for (const [number, tab] of [...$("faces").children].entries()) {
    tab.setAttribute("aria-selected", String(number === chosen));
    tab.setAttribute("aria-label", text("page-face", { face: number + 1, faces: faces.length }));
    tab.tabIndex = number === chosen ? 0 : -1;
  }
}

function rowOf(match) {
  const bar = element("i", "");
  const about = element("div", "about", element("div", "name", link(match.url, match.name)));
  about.append(element("div", "description", element("bdi", "", match.description || "")), element("div", "bar", bar));
  about.append(element("div", "credit", ...creditOf(match)));
  afterwards(() => (bar.style.transform = `scaleX(${match.percent / 100})`));
  return element("li", "", tileOf(match), about, element("span", "percent", `${match.percent}%`));
}

// A star's portrait; `zoomFor`: an image and its square -> how much closer it is to be cut.
function tileOf(match, zoomFor = zoomOf, size = TILE_PX) {
  const tile = element("div", "tile", element("span", "", initialsOf(match.name)));
  tile.setAttribute("aria-hidden", "true"); // the name stands beside it
  tile.style.setProperty("--hue", String(hueOf(match.name)));
  if (match.photo) {
    const image = new Image();
    image.alt = "";
    image.onload = () => {
      if (!tile.isConnected) return; // another face is shown by now
      const canvas = element("canvas", "");
      canvas.width = canvas.height = size;
      drawSquare(canvas.getContext("2d"), image, match.square, 0, 0, size, zoomFor(image, match.square));
      image.replaceWith(canvas);
    };
    image.onerror = () => image.remove();
    image.src = match.photo;
    tile.append(image);
  }
  return tile;
}

function drawTabs() {
  const several = faces.length > 1;
  $("faces").hidden = !several;
  if (several) $("panel").setAttribute("role", "tabpanel");
  else $("panel").removeAttribute("role");
  $("faces").replaceChildren(
    ...(several ? faces : []).map(({ square, turn }, number) => {
      const canvas = element("canvas", "");
      canvas.width = canvas.height = 120;
      drawPortrait(canvas, square, turn);
      const tab = element("button", "", canvas);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "panel");
      tab.onclick = () => chooseFace(number);
      return tab;
    }),
  );
}

function chooseFace(number) {
  closePicture();
  chosen = (number + faces.length) % faces.length;
  renderFace();
  $("faces").children[chosen].focus();
  const best = faces[chosen].matches[0];
  say(`${$("most-like").textContent} ${best.name}, ${best.percent}%.`);
}

// Change a style one frame after the element is added, so that the change is animated.
function afterwards(change) {
  requestAnimationFrame(() => requestAnimationFrame(change));
}

// The share of a ring's length that a percentage fills; the round line ends need the rest.
function arcOf(percent) {
  return percent * 0.0097;
}

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

function link(url, words) {
  if (!/^https?:\/\//.test(url || "")) return element("bdi", "", words);
  const made = element("a", "", element("bdi", "", words));
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function creditOf({ credit }) {
  if (!credit || !(credit.author || credit.license || credit.source_url)) return [];
  const author = credit.author || credit.source_url ? [link(credit.source_url, credit.author || text("credit-source"))] : [];
  const license = credit.license ? [link(credit.license_url || credit.source_url, credit.license)] : [];
  return [`${text("page-photo-by")} `, ...author, ...(author.length && license.length ? [", "] : []), ...license];
}

function initialsOf(name) {
  const words = name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word || "")][0] || "").join("").toUpperCase() || "★";
}

function hueOf(name) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return 195 + ((hash * 137) % 200); // blue, violet, rose, amber: what goes with the page
}

// --- pictures ------------------------------------------------------------------------------------------------------

// The face with some room around it, from the local file; `square` is in px of what was sent, turned.
function drawPortrait(canvas, square, turn = 0, from = photo, zoom = 1) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!from?.image) return;
  const image = turnedBy(from.image, turn);
  const part = scaled(square, from);
  drawSquare(pen, image, part, 0, 0, canvas.width, Math.max(zoom, zoomOf(image, part)));
}

// A square in px of what was sent -> in px of the local file.
function scaled(square, from = photo) {
  return square && [...square.slice(0, 3).map((edge) => edge * from.scale), square[3]];
}

function sizeOf(image) {
  return [image.naturalWidth || image.width, image.naturalHeight || image.height];
}

// What stays in place when a smaller part is taken, as a share of its side: the eyes (faces/drawing/portrait.py).
function anchorsOf([, , , turn]) {
  return [0.5, turn ? 0.5 : EYES_TOP];
}

// How much smaller a square has to be to lie within an image, 1 to MAX_ZOOM.
function zoomOf(image, square) {
  if (!square) return 1;
  const side = square[2];
  const rooms = anchorsOf(square).map((anchor, axis) => {
    const at = square[axis] + anchor * side;
    return Math.min(at / anchor, (sizeOf(image)[axis] - at) / (1 - anchor));
  });
  return Math.min(side / Math.max(Math.min(side, ...rooms), 1), MAX_ZOOM);
}

// How close a star, if there is a photo, and the person are cut, so that both are alike.
function sharedZoom(star, starSquare, square, turn) {
  const own = photo?.image ? zoomOf(turnedBy(photo.image, turn), scaled(square)) : 1;
  return Math.max(own, star ? zoomOf(star, starSquare) : 1);
}

// The part of an image that the server says, [left, top, side, turn], so much smaller and moved inside; null: all of it,
// as far as it is square.
function drawSquare(pen, image, square, x, y, size, zoom = 1) {
  const [width, height] = sizeOf(image);
  const most = Math.min(width, height);
  const part = square || [(width - most) / 2, (height - most) / 4, most, 0];
  const [, , wanted, turn] = part;
  const side = Math.min(square ? wanted / zoom : wanted, most);
  const [left, top] = anchorsOf(part).map((anchor, axis) =>
    Math.min(Math.max(part[axis] + anchor * (wanted - side), 0), sizeOf(image)[axis] - side),
  );
  pen.save();
  pen.imageSmoothingQuality = "high";
  pen.translate(x + size / 2, y + size / 2);
  pen.rotate((-turn * Math.PI) / 180);
  pen.drawImage(image, left, top, side, side, -size / 2, -size / 2, size, size);
  pen.restore();
}

// A picture turned counter-clockwise by 0, 90, 180 or 270 degrees.
function turnedBy(image, turn) {
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!turn) return image;
  const canvas = element("canvas", "");
  [canvas.width, canvas.height] = turn === 180 ? [width, height] : [height, width];
  const pen = canvas.getContext("2d");
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((-turn * Math.PI) / 180);
  pen.drawImage(image, -width / 2, -height / 2);
  return canvas;
}

// --- what people do ------------------------------------------------------------------------------------------------

function firstPhoto(transfer) {
  return [...(transfer?.files || [])][0];
}

// A photo that was dropped or pasted.
function take(file) {
  if (document.body.dataset.state === "pair") fillPair(file);
  else compare(file);
}

function listen() {
  $("choose").onclick = () => $("file").click();
  $("selfie").onclick = () => $("camera").click();
  $("retry").onclick = () => file && compare(file);
  $("cancel").onclick = startOver;
  $("again").onclick = startOver;
  for (const input of [$("file"), $("camera")]) {
    input.onchange = () => {
      if (input.files[0]) compare(input.files[0]);
      input.value = ""; // the same photo may be chosen again
    };
  }
  $("language").onchange = () => speak($("language").value);
  $("faces").onkeydown = (event) => {
    const onwards = document.documentElement.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: onwards, ArrowLeft: -onwards }[event.key];
    if (step) {
      event.preventDefault();
      chooseFace(chosen + step);
    }
  };
  addEventListener("paste", (event) => {
    const pasted = firstPhoto(event.clipboardData);
    if (pasted) take(pasted);
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    const dropped = firstPhoto(event.dataTransfer);
    if (dropped) take(dropped);
  });
}

addEventListener("DOMContentLoaded", () => { // once the other scripts are there
  listen();
  listenToFilters();
  listenToPair();
  listenToFind();
  listenToPictures();
  use(JSON.parse($("texts").textContent));
});
