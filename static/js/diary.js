// The diary without a network: an entry is first written on the phone, then sent, and leaves the phone only when the
// service has said that it is kept. The key is made here, so that sending twice keeps it once.
"use strict";

const box = document.getElementById("diary-offline");
const { user, scope, worker } = box.dataset;

// What waits, in IndexedDB: { key, user, path, season, title, fields: [[name, text]], photo, errors }
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
        const form = await fetch(entry.path, { redirect: "manual" });
        if (form.status === 404) {
          await keep({ ...entry, errors: [box.dataset.gone] });
          outcome.set(entry.key, "refused");
          continue;
        }
        const found = new DOMParser().parseFromString(form.ok ? await form.text() : "", "text/html");
        if (found.getElementById("diary-offline")?.dataset.user !== user) {
          say(box.dataset.signIn);
          break;
        }
        const body = new FormData();
        for (const [name, text] of entry.fields) body.append(name, text);
        if (entry.photo) body.set("photo", entry.photo);
        body.set("csrf_token", found.querySelector("[name=csrf_token]")?.value ?? "");
        const response = await fetch(entry.path, { method: "POST", body, headers: { Accept: "application/json" } });
        if (response.status === 201) await drop(entry.key);
        else if (response.status === 422) await keep({ ...entry, errors: (await response.json()).errors });
        else break;
        outcome.set(entry.key, response.status === 201 ? "kept" : "refused");
      } catch {
        break; // still no network: next time
      }
    }
    return outcome;
  });

function say(sentence) {
  box.querySelector("[data-state]").textContent = sentence;
  box.hidden = !sentence;
}

async function show() {
  const list = box.querySelector("ul");
  const all = await waiting();
  list.replaceChildren(...all.map(row));
  say(all.length ? (navigator.onLine ? box.dataset.waiting : box.dataset.offline) : navigator.onLine ? "" : box.dataset.offline);
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
  if (!document.querySelector("form.diary-entry")) location.reload(); // what was sent now stands among the others
}

// An entry being written.
const form = document.querySelector("form.diary-entry");
if (form) {
  let key = location.hash.slice(1) || crypto.randomUUID();
  let kept = null;
  if (location.hash)
    entries("readonly", (store) => store.get(key)).then((entry) => {
      kept = entry?.user === user ? entry : null;
      if (!kept) key = crypto.randomUUID();
      for (const [name, text] of kept?.fields ?? []) if (form.elements[name] && name !== "csrf_token") form.elements[name].value = text;
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
    const photo = [data.get("photo"), data.get("camera")].find((file) => file?.size) ?? kept?.photo ?? null;
    const fields = [...data].filter(([, value]) => typeof value === "string");
    const season = form.dataset.season ?? location.pathname.replace(/\/[^/]+$/, "");
    await keep({ key, user, path: location.pathname, season, title: document.querySelector("h1").textContent, fields, photo, errors: [] });
    if ((await send()).get(key) === "refused") {
      await drop(key);
      form.submit(); // the service shows the form again, each fault at its field
    } else location.assign(season);
  });
}

// Put what will be needed in the field on the phone: the open seasons and their forms, and what these are drawn with.
async function provide(pages, seen = new Set(pages)) {
  const kept = await caches.open(`diary-pages ${scope}`);
  const files = await caches.open("diary-files");
  for (const address of pages) {
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
