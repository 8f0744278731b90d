// The preview, and the papers to choose from, follow what is chosen; a tap on a place of the sheet starts printing there.
"use strict";

const form = document.getElementById("labels");

async function refresh() {
  const data = new FormData(form);
  data.set("want", "preview");
  const answer = await fetch(location.href, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["paper", "preview"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(fresh);
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "sheet") document.getElementById("own-sheet").open = event.target.value === "";
  refresh();
});
form?.addEventListener("click", (event) => {
  const position = event.target.dataset?.position;
  if (!position) return;
  form.elements.start_position.value = position;
  form.elements.start_position.closest("details").open = true;
  refresh();
});
