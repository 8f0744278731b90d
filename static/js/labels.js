// The preview, and the paper to choose, follow what is chosen; a tap on a place of the sheet starts printing there.
"use strict";

const form = document.getElementById("labels");
let asked = 0;

// A choice may bring other fields. What is typed keeps its field, as the next one may be being typed in already.
async function refresh(choice) {
  const sent = new FormData(form);
  const number = ++asked;
  sent.set("want", "preview");
  const answer = await fetch(location.href, { method: "POST", body: sent });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (number !== asked) return;
  const focused = document.activeElement;
  const typed = [...form.elements].filter(({ name, value }) => sent.has(name) && sent.get(name) !== value);
  const since = typed.map(({ name, value }) => [name, value]);
  for (const id of choice ? ["paper", "start", "preview"] : ["preview"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(fresh);
  }
  if (choice) document.getElementById(focused?.id)?.focus();
  else for (const field of form.querySelectorAll(".field")) renew(field, page);
  for (const [name, value] of since) if (form.elements[name]) form.elements[name].value = value;
}

function renew(field, page) {
  const input = field.querySelector("[id]");
  const fresh = page.getElementById(input?.id)?.closest(".field");
  if (fresh && !field.contains(document.activeElement)) field.replaceWith(fresh);
}

form?.addEventListener("change", (event) => refresh(event.target.matches("select")));
form?.addEventListener("click", (event) => {
  const position = event.target.dataset?.position;
  if (!position) return;
  form.elements.start_position.value = position;
  form.elements.start_position.closest("details").open = true;
  refresh(false);
});
