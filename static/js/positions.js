// Fills in the coordinates of where the phone stands now.
"use strict";

for (const button of document.querySelectorAll("[data-position]")) {
  if (!navigator.geolocation) continue;
  button.hidden = false;
  const says = document.getElementById(button.dataset.position);
  button.addEventListener("click", () => {
    says.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.form.elements.latitude.value = coords.latitude.toFixed(5).replace(".", ",");
        button.form.elements.longitude.value = coords.longitude.toFixed(5).replace(".", ",");
        says.textContent = button.dataset.found;
      },
      () => { says.textContent = button.dataset.failed; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
