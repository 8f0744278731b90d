// Forms without a network: what is written is first kept on the phone, then sent, and leaves the phone only when the
// service has said that it is kept. The key is made here, so that sending twice keeps it once.
"use strict";

const box = document.getElementById("offline");
const { user, scope, worker, topic } = box.dataset;
const about = document.getElementById("offline-form")?.dataset;
const form = document.getElementById("offline-form")?.closest("form");

// What waits, in IndexedDB: { key, user, path, home, title, fields: [[name, text]], files: [[name, file]], errors,
// conflict, draft }. A draft is not finished, and waits for its person only.
const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open(topic, 1);
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
const kept = async () => (await entries("readonly", (store) => store.getAll())).filter((entry) => entry.user === user);
const keep = (entry) => entries("readwrite", (store) => store.put(entry));
// Only of what is still there: its person may throw it away while it is being sent.
const refuse = (key, errors, conflict = false) =>
  entries("readwrite", (store) => {
    const asked = store.get(key);
    asked.onsuccess = () => asked.result && store.put({ ...asked.result, errors, conflict });
    return asked;
  });
const drop = (key) => entries("readwrite", (store) => store.delete(key));

// Sends everything that waits, one tab at a time. Answers what happened to each key: "kept" or "refused".
const send = () =>
  navigator.locks.request(topic, async () => {
    const outcome = new Map();
    for (const entry of await kept()) {
      if (entry.draft) continue;
      try {
        const page = await fetch(entry.path, { redirect: "manual" });
        if (page.status === 404) {
          await refuse(entry.key, [box.dataset.gone]);
          outcome.set(entry.key, "refused");
          continue;
        }
        const found = new DOMParser().parseFromString(page.ok ? await page.text() : "", "text/html");
        if (found.getElementById("offline")?.dataset.user !== user) {
          say(box.dataset.signIn);
          break;
        }
        const body = new FormData();
        for (const [name, value] of [...entry.fields, ...entry.files]) body.append(name, value);
        body.set("csrf_token", found.querySelector("[name=csrf_token]")?.value ?? "");
        const response = await fetch(entry.path, { method: "POST", body, headers: { Accept: "application/json" } });
        if (response.status === 201) {
          localStorage.setItem(`${topic}-sent ${user}`, new Date().toISOString());
          await drop(entry.key);
        } else if (response.status === 422 || response.status === 409)
          await refuse(entry.key, (await response.json()).errors, response.status === 409);
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
  const finished = all.filter((entry) => !entry.draft);
  const count = (sentence, of = finished) => sentence.replace("{count}", of.length);
  if (finished.some((entry) => entry.errors.length)) return [count(box.dataset.refused), "bad"];
  if (finished.length) return navigator.onLine ? [count(box.dataset.waiting)] : [count(box.dataset.offline), "warn"];
  if (!navigator.onLine) return [box.dataset.readyOffline, "warn"];
  if (all.length) return [count(box.dataset.drafts, all)];
  const sent = localStorage.getItem(`${topic}-sent ${user}`);
  if (!sent || form || Date.now() - Date.parse(sent) > SHOWN_FOR) return [""];
  const time = new Date(sent).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  return [box.dataset.sent.replace("{time}", time), "good"];
}

async function show() {
  const all = (await kept()).filter((entry) => !(form && entry.draft && entry.path === location.pathname));
  box.querySelector("ul").replaceChildren(...all.map(row));
  say(...state(all));
}

function row(entry) {
  const item = box.querySelector("template").content.cloneNode(true).firstElementChild;
  item.querySelector("[data-title]").textContent = entry.title;
  item.querySelector("[data-errors]").textContent = entry.errors.join(" ");
  item.querySelector("a").href = `${entry.path}#${entry.key}`;
  item.querySelector("button").addEventListener("click", async ({ currentTarget }) => {
    if (!confirm(currentTarget.dataset.question)) return;
    await drop(entry.key);
    await show();
  });
  return item;
}

async function sendAndShow() {
  const outcome = await send();
  const sent = [...outcome.values()].filter((result) => result === "kept").length;
  await show();
  if (!sent) return;
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

// Writes kept texts into the form; a choice is made where its value was chosen.
function fill(fields) {
  const values = new Map();
  for (const [name, text] of fields) values.set(name, [...(values.get(name) ?? []), text]);
  for (const element of form.elements) {
    if (!element.name || element.name === "csrf_token" || element.type === "file") continue;
    if (element.type === "radio" || element.type === "checkbox") element.checked = !!values.get(element.name)?.includes(element.value);
    else if (values.has(element.name)) element.value = values.get(element.name)[0];
  }
  form.dispatchEvent(new Event("filled"));
}

// A form being written. One that is shown again after a fault keeps its key: it still waits here.
if (form) {
  const { home, again, autosave, title } = about;
  let key = location.hash.slice(1) || (again && form.elements.client_key.value) || crypto.randomUUID();
  let before = null;
  const lightened = new Map(); // of each chosen file
  const remember = (file) => lightened.get(file) ?? lightened.set(file, light(file)).get(file);
  const written = async (draft) => {
    const chosen = [...form.querySelectorAll("input[type=file]")].filter((input) => input.files.length);
    const files = (before?.files ?? []).filter(([name]) => !chosen.some((input) => input.name === name));
    for (const input of chosen) for (const file of input.files) files.push([input.name, await remember(file)]);
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return { key, user, path: location.pathname, home, title: title ?? document.querySelector("h1").textContent, fields, files, errors: [], draft };
  };
  const found = async () => {
    const entry = await entries("readonly", (store) => store.get(key));
    if (entry?.user === user) return entry;
    if (location.hash) key = crypto.randomUUID();
    return autosave && !again ? (await kept()).find((each) => each.path === location.pathname) : null;
  };
  const ready = found().then((entry) => {
    if (!entry) return;
    [before, key] = [entry, entry.key];
    if (again) return;
    fill(entry.fields);
    if (entry.conflict && navigator.onLine) form.submit(); // the service shows both versions
  });
  document.querySelector("[data-drop]")?.addEventListener("click", (event) => {
    event.preventDefault();
    drop(key).finally(() => location.assign(event.target.href));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  let saving = ready;
  let timer = 0;
  if (autosave)
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        saving = saving.then(async () => form.dataset.sending || keep(await written(true))).catch(() => {});
      }, 300);
    });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    clearTimeout(timer);
    await saving;
    form.elements.client_key.value = key;
    form.elements.device_time.value = before?.fields.find(([name]) => name === "device_time")?.[1] || new Date().toISOString();
    await keep(await written(false));
    if ((await send()).get(key) === "refused") form.submit(); // the service shows the form again, each fault at its field
    else location.assign(home);
  });
}

// Put what will be needed in the field on the phone: the pages that lead to forms, and what these are drawn with.
// A form marked so is fetched once while the browser is open; everything else every time.
async function provide(pages, seen = new Set(pages)) {
  const cached = await caches.open(`offline-pages ${scope}`);
  const files = await caches.open("offline-files");
  for (const address of pages) {
    if (sessionStorage.getItem(`offline-form ${address}`) && (await cached.match(address))) continue;
    const response = await fetch(address);
    if (!response.ok || response.redirected) return;
    await cached.put(address, response.clone());
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of found.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], use")) {
      const url = (part.getAttribute("src") ?? part.getAttribute("href")).split("#")[0];
      if (!(await files.match(url))) await files.add(url);
    }
    for (const link of found.querySelectorAll("[data-provide]")) {
      const url = link.getAttribute("href");
      if (link.dataset.provide === "form") sessionStorage.setItem(`offline-form ${url}`, "yes");
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
