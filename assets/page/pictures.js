// Pictures to send on: a share card, a morph, a drawing. The server makes them of the photo that the browser still has.
"use strict";

// What can be made, and its options by the text that names each; the first is made unless another is chosen.
const OPTIONS = {
  card: { chat: "page-chat", story: "page-story", square: "page-square" },
  morph: { video: "page-video", strip: "page-strip" },
  avatar: { comic: "avatar-comic", ink: "avatar-ink", poster: "avatar-poster" },
};
const OPTION_FIELD = { card: "format", morph: "format", avatar: "style" };
const NOT_MADE = { card: "page-card-none", morph: "morph-none", avatar: "avatar-none" };
const REFUSALS = { 408: "page-slow", 413: "page-too-large", 429: "page-often-pictures", 503: "page-busy" };

const kept = new Map(); // pictures of this photo: {file, url} by `keyOf`
let wanted = null; // {kind, option} that is shown or made
let making = null; // AbortController of the picture that is being made, with its `key`
let notMade = null; // id of the text that says why there is none

function keyOf({ kind, option }) {
  return [kind, option, chosen, faces[chosen].matches[0].id, kind === "card" ? language : ""].join();
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

async function makePicture(kind, option) {
  const asked = { kind, option: option || (kind === "morph" && isStill() ? "strip" : Object.keys(OPTIONS[kind])[0]) };
  const key = keyOf(asked);
  if (making?.key === key) return; // pressed twice
  closePicture();
  wanted = asked;
  if (!kept.has(key)) {
    const mine = (making = Object.assign(new AbortController(), { key }));
    const timer = setTimeout(() => mine.abort("slow"), TIMEOUT_MS);
    renderPicture();
    say(text("page-making"));
    let made = null;
    try {
      made = await askPicture(asked, mine.signal);
    } catch {
      made = mine.signal.aborted ? "page-slow" : "page-offline";
    } finally {
      clearTimeout(timer);
    }
    if (mine !== making) return; // something else is wanted by now
    making = null;
    if (typeof made === "string") notMade = made;
    else kept.set(key, { file: made, url: URL.createObjectURL(made) });
  }
  renderPicture();
  say(notMade ? text(notMade) : captionOf(kind));
  $("made").scrollIntoView({ block: "nearest" });
}

// The picture as a file, or the id of the text that says why there is none.
async function askPicture({ kind, option }, signal) {
  const body = new FormData();
  body.append("photo", photo.blob, "photo");
  body.append("where", whereOf(filter));
  body.append("face", chosen + 1);
  body.append("star", faces[chosen].matches[0].id);
  body.append(OPTION_FIELD[kind], option);
  const response = await fetch(`/api/pictures/${kind}?lang=${language}`, { method: "POST", body, signal });
  if (!response.ok) return response.status === 422 ? NOT_MADE[kind] : REFUSALS[response.status] || "page-broken";
  const [, name] = response.headers.get("content-disposition").split("filename=");
  const blob = await response.blob();
  return new File([blob], name, { type: blob.type });
}

// A card that is being made is made in the language that is spoken by now.
function makeAgain() {
  if (making && making.key !== keyOf(wanted)) makePicture(wanted.kind, wanted.option);
}

// Show no picture, and make none.
function closePicture() {
  making?.abort();
  making = wanted = notMade = null;
}

function forgetPictures() {
  closePicture();
  for (const { url } of kept.values()) URL.revokeObjectURL(url);
  kept.clear();
}

function captionOf(kind) {
  const [{ name, percent }] = faces[chosen].matches;
  if (kind === "card") return `${$("most-like").textContent} ${name}, ${percent}%.`;
  return kind === "morph" ? text("morph", { star: name, percent: `${percent}%` }) : text("avatar");
}

function renderPicture() {
  const [best] = faces[chosen].matches;
  for (const button of $("pictures").querySelectorAll("[data-picture]")) {
    button.setAttribute("aria-pressed", String(button.dataset.picture === wanted?.kind));
    button.hidden = button.dataset.picture === "morph" && !best.photo;
  }
  const made = wanted && kept.get(keyOf(wanted));
  if (!made && !making && !notMade) wanted = null; // a card in another language
  $("made").hidden = !wanted;
  if (!wanted) return $("picture").replaceChildren();
  renderOptions();
  $("picture").setAttribute("aria-busy", String(Boolean(making)));
  const [message, tip] = notMade || making ? inTwo(notMade || "page-making") : ["", ""];
  $("picture-message").textContent = message;
  $("picture-message").classList.toggle("wrong", Boolean(notMade));
  $("picture-tip").textContent = tip;
  $("picture").hidden = !made && !making;
  Object.assign($("picture").dataset, wanted);
  const shown = $("picture").firstElementChild;
  if (!made) $("picture").replaceChildren();
  else if (shown?.src !== made.url) $("picture").replaceChildren(elementOf(made));
  $("picture").firstElementChild?.setAttribute("aria-label", captionOf(wanted.kind));
  $("picture-credit").replaceChildren(...(made && wanted.kind !== "avatar" ? creditOfPicture(wanted, best) : []));
  $("picture-actions").hidden = !made;
  if (!made) return;
  $("save-picture").href = made.url;
  $("save-picture").download = made.file.name;
  $("share").hidden = !navigator.canShare?.({ files: [made.file] });
}

function renderOptions() {
  const buttons = Object.entries(OPTIONS[wanted.kind]).map(([option, id]) => {
    const button = element("button", "", text(id));
    button.type = "button";
    button.dataset.option = option;
    button.setAttribute("aria-pressed", String(option === wanted.option));
    button.onclick = () => makePicture(wanted.kind, option);
    return button;
  });
  const focused = $("options").contains(document.activeElement) && document.activeElement.dataset.option;
  $("options").replaceChildren(...buttons);
  if (focused) buttons.find((one) => one.dataset.option === focused)?.focus({ preventScroll: true });
}

function elementOf({ file, url }) {
  if (!file.type.startsWith("video/")) {
    const image = element("img", "");
    image.src = url;
    image.setAttribute("role", "img");
    return image;
  }
  const video = element("video", "");
  video.loop = video.muted = video.playsInline = video.controls = true;
  video.autoplay = !isStill();
  video.src = url;
  return video;
}

// The credit of the star's photo, and the licence that the picture is under, too, if it is an adaptation: CC BY-SA 4.0,
// 3(b). A card on which the photo is whole is none.
function creditOfPicture({ kind }, best) {
  const { license, share_alike: isShareAlike } = best.credit || {};
  const isAdapted = kind === "morph" || best.square;
  const shared = isShareAlike && isAdapted ? [element("p", "", text("morph-license", { license }))] : [];
  return [element("p", "", ...creditOf(best)), ...shared];
}

async function sharePicture() {
  const { file } = kept.get(keyOf(wanted));
  try {
    await navigator.share({ files: [file], title: text("page-headline") });
  } catch {
    // whoever shares may change their mind
  }
}

function listenToPictures() {
  for (const button of $("pictures").querySelectorAll("[data-picture]")) {
    button.onclick = () => makePicture(button.dataset.picture);
  }
  $("save-picture").onclick = () => say(text("page-saved"));
  $("share").onclick = sharePicture;
}
