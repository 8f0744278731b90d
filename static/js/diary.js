// The diary without a network: an entry is first written on the phone, then sent, and leaves the phone only when the
// service has said that it is kept. The key is made here, so that sending twice keeps it once.
"use strict";

const box = document.getElementById("diary-offline");
const { user, scope, worker } = box.dataset;
const form = document.querySelector("form.diary-entry");

// What waits, in IndexedDB: { key, user, path, season, title, fields: [[name, text]], photo, errors, conflict }
const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("diary", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "key" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
async function entries(mode, ask) {
  const transaction = (await opened).transaction("entries", mode, { durability: "strict" });
  const request = ask(transaction.objectStore("entries"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}
const waiting = async () => (await entries("readonly", (store) => store.getAll())).filter((entry) => entry.user === user);
const keep = (entry) => entries("readwrite", (store) => store.put(entry));
const drop = (key) => entries("readwrite", (store) => store.delete(key));

// Sends everything that waits, one tab at a time. Answers what happened to each key: "kept" or "refused".
const send = () =>
  navigator.locks.request("diary", async () => {
    const outcome = new Map();
    for (const entry of await waiting()) {
      try {
        const page = await fetch(entry.path, { redirect: "manual" });
        if (page.status === 404) {
          await keep({ ...entry, errors: [box.dataset.gone] });
          outcome.set(entry.key, "refused");
          continue;
        }
        const found = new DOMParser().parseFromString(page.ok ? await page.text() : "", "text/html");
        if (found.getElementById("diary-offline")?.dataset.user !== user) {
          say(box.dataset.signIn);
          break;
        }
        const body = new FormData();
        for (const [name, text] of entry.fields) body.append(name, text);
        if (entry.photo) body.set("photo", entry.photo);
        body.set("csrf_token", found.querySelector("[name=csrf_token]")?.value ?? "");
        const response = await fetch(entry.path, { method: "POST", body, headers: { Accept: "application/json" } });
        if (response.status === 201) {
          localStorage.setItem(`diary-sent ${user}`, new Date().toISOString());
          await drop(entry.key);
        } else if (response.status === 422 || response.status === 409)
          await keep({ ...entry, errors: (await response.json()).errors, conflict: response.status === 409 });
        else break;
        outcome.set(entry.key, response.status === 201 ? "kept" : "refused");
      } catch {
        break; // still no network: next time
      }
    }
    return outcome;
  });

function say(sentence, tone = "info") {
  box.querySelector("[data-state]").textContent = sentence;
  box.className = `notice ${tone}`;
  box.hidden = !sentence;
}

const SHOWN_FOR = 12 * 3600 * 1000;
// "Đang chờ mạng: 2 mục", "Đã gửi lúc 14:05": what a person in a field wants to know, in one line.
function state(all) {
  const count = (sentence) => sentence.replace("{count}", all.length);
  if (all.some((entry) => entry.errors.length)) return [count(box.dataset.refused), "bad"];
  if (all.length) return navigator.onLine ? [count(box.dataset.waiting)] : [count(box.dataset.offline), "warn"];
  if (!navigator.onLine) return [box.dataset.readyOffline, "warn"];
  const sent = localStorage.getItem(`diary-sent ${user}`);
  if (!sent || form || Date.now() - Date.parse(sent) > SHOWN_FOR) return [""];
  const time = new Date(sent).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  return [box.dataset.sent.replace("{time}", time), "good"];
}

async function show() {
  const list = box.querySelector("ul");
  const all = await waiting();
  list.replaceChildren(...all.map(row));
  say(...state(all));
}

function row(entry) {
  const item = box.querySelector("template").content.cloneNode(true).firstElementChild;
  item.querySelector("[data-title]").textContent = entry.title;
  item.querySelector("[data-errors]").textContent = entry.errors.join(" ");
  item.querySelector("a").href = `${entry.path}#${entry.key}`;
  item.querySelector("button").addEventListener("click", async () => {
    await drop(entry.key);
    await show();
  });
  return item;
}

async function sendAndShow() {
  const outcome = await send();
  const kept = [...outcome.values()].filter((result) => result === "kept").length;
  await show();
  if (!kept) return;
  if (!form) location.reload(); // what was sent now stands among the others
}

// A photo as small as the service keeps it, so that a weak network carries it.
const WIDEST = 1600;
async function light(photo) {
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, WIDEST / picture.width);
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(picture.width * scale),
      height: Math.round(picture.height * scale),
    });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return smaller && smaller.size < photo.size ? smaller : photo;
  } catch {
    return photo; // the service says what is wrong with it
  }
}

// An entry, or a correction, being written. One that is shown again after a fault keeps its key: it still waits here.
if (form) {
  const { season, again } = document.getElementById("diary-entry").dataset;
  let key = location.hash.slice(1) || (again && form.elements.client_key.value) || crypto.randomUUID();
  let kept = null;
  if (location.hash || again)
    entries("readonly", (store) => store.get(key)).then((entry) => {
      kept = entry?.user === user ? entry : null;
      if (!kept && location.hash) key = crypto.randomUUID();
      if (again) return;
      for (const [name, text] of kept?.fields ?? []) if (form.elements[name] && name !== "csrf_token") form.elements[name].value = text;
      if (kept?.conflict && navigator.onLine) form.submit(); // the service shows both versions
    });
  document.querySelector("[data-drop]")?.addEventListener("click", (event) => {
    event.preventDefault();
    drop(key).finally(() => location.assign(event.target.href));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    form.elements.client_key.value = key;
    form.elements.device_time.value = kept?.fields.find(([name]) => name === "device_time")?.[1] ?? new Date().toISOString();
    const data = new FormData(form);
    const chosen = [data.get("photo"), data.get("camera")].find((file) => file?.size);
    const photo = chosen ? await light(chosen) : (kept?.photo ?? null);
    const fields = [...data].filter(([, value]) => typeof value === "string");
    await keep({ key, user, path: location.pathname, season, title: document.querySelector("h1").textContent, fields, photo, errors: [] });
    if ((await send()).get(key) === "refused") form.submit(); // the service shows the form again, each fault at its field
    else location.assign(season);
  });
}

// Put what will be needed in the field on the phone: the open seasons and their forms, and what these are drawn with.
// A form is fetched once while the browser is open; a season, and what could be corrected in it, every time.
async function provide(pages, seen = new Set(pages)) {
  const kept = await caches.open(`diary-pages ${scope}`);
  const files = await caches.open("diary-files");
  for (const address of pages) {
    if (sessionStorage.getItem(`diary-form ${address}`) && (await kept.match(address))) continue;
    const response = await fetch(address);
    if (!response.ok || response.redirected) return;
    await kept.put(address, response.clone());
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of found.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], use")) {
      const url = (part.getAttribute("src") ?? part.getAttribute("href")).split("#")[0];
      if (!(await files.match(url))) await files.add(url);
    }
    for (const link of found.querySelectorAll("[data-provide]")) {
      const url = link.getAttribute("href");
      if (link.dataset.provide === "form") sessionStorage.setItem(`diary-form ${url}`, "yes");
      if (seen.has(url)) continue;
      seen.add(url);
      pages.push(url);
    }
  }
  box.dataset.ready = "yes";
}

navigator.serviceWorker?.register(worker, { scope }).then(() => {
  if (navigator.onLine && !form) provide([scope, location.pathname]).catch(() => {});
});
addEventListener("online", sendAndShow);
addEventListener("offline", show);
show().then(sendAndShow);
