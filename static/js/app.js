// Small additions; every page works without them.
"use strict";

// A button pressed twice must not send twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "download" in form.dataset || "download" in (event.submitter?.dataset ?? {})) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

// Whoever signs out, or finds no one signed in, leaves no page on the phone; what waits to be sent stays.
const forget = async () => {
  for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith("offline-pages")) await caches.delete(name);
};
if (!document.querySelector("details.menu")) forget();
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/logout") || !globalThis.caches) return;
  event.preventDefault();
  forget().finally(() => event.target.submit());
});

// What went wrong is read out and seen first.
document.querySelector(".notice[tabindex]")?.focus();

// An open menu closes with Escape or a tap beside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Buttons that ask before they act carry the question.
document.addEventListener("click", (event) => {
  const question = event.target.closest("[data-confirm]")?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// A select with data-submit filters at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// Paper needs a script; the button shows where there is one.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
