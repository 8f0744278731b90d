// Shows the chosen photo before it is sent.
"use strict";

for (const input of document.querySelectorAll("input[type=file][data-preview]")) {
  input.addEventListener("change", () => {
    const picture = document.getElementById(input.dataset.preview);
    const [file] = input.files;
    if (!file) return;
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    picture.hidden = false;
    for (const other of document.querySelectorAll(`[data-preview="${input.dataset.preview}"]`)) if (other !== input) other.value = "";
  });
}
