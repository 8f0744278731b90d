// Suggests approved businesses while a buyer's name is typed. Without this script the server reads the text as it stands.
"use strict";

for (const box of document.querySelectorAll("[data-buyers]")) {
  const input = box.querySelector("input");
  const list = document.createElement("datalist");
  list.id = `${input.id}-suggestions`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  let request = null;

  const look = async () => {
    request?.abort();
    request = new AbortController();
    try {
      const query = new URLSearchParams({ q: input.value });
      const answer = await fetch(`${box.dataset.buyers}?${query}`, { signal: request.signal });
      if (!answer.ok) return;
      list.replaceChildren(...(await answer.json()).buyers.map(({ name }) => new Option(name, name)));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren(); // offline: the server will read the text
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length > 1) timer = setTimeout(look, 150);
  });
}
