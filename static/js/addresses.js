// Suggests communes while a name is typed. Without this script the server reads the text as it stands.
"use strict";

for (const box of document.querySelectorAll("[data-address]")) {
  const form = box.closest("form");
  const input = box.querySelector("input");
  const note = box.querySelector("[data-address-note]");
  const province = form.querySelector("[data-address-province]");
  const former = form.elements.former_address;
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector(`label[for="${input.id}"]`).textContent);
  list.hidden = true;
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }

  let suggestions = [];
  let active = -1;
  let timer = 0;
  let request = null;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  };

  const choose = (suggestion) => {
    input.value = suggestion.commune;
    province.value = suggestion.province_code;
    former.value = suggestion.former;
    note.textContent = suggestion.note;
    close();
  };

  const show = () => {
    list.replaceChildren(...suggestions.map((suggestion, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("strong");
      name.textContent = suggestion.commune;
      const around = document.createElement("span");
      around.className = "small muted";
      around.textContent = ` ${suggestion.where}`;
      option.append(name, around);
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault(); // the input keeps the focus
        choose(suggestion);
      });
      return option;
    }));
    active = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    list.scrollIntoView({ block: "nearest" });
  };

  const look = async () => {
    request?.abort();
    request = new AbortController();
    const query = new URLSearchParams({ q: input.value, province: province.value });
    try {
      const answer = await fetch(`${box.dataset.address}?${query}`, { signal: request.signal });
      if (!answer.ok) return;
      suggestions = (await answer.json()).suggestions;
      show();
    } catch (error) {
      if (error.name !== "AbortError") close(); // offline: the server will read the text
    }
  };

  input.addEventListener("input", () => {
    former.value = "";
    note.textContent = "";
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(look, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = suggestions.length - 1;
    if (event.key === "ArrowDown") mark(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp") mark(active > 0 ? active - 1 : last);
    else if (event.key === "Enter" && active >= 0) choose(suggestions[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}
