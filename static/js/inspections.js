// The form of a visit: what a fault asks for opens by itself, a finger signs, and both sides read the draft on the phone.
"use strict";

const visit = document.querySelector("form.visit");
const told = document.getElementById("offline-form").dataset;
const FAULTS = ["minor", "major"];

function consider() {
  const counts = { minor: 0, major: 0 };
  for (const point of visit.querySelectorAll(".point")) {
    const chosen = point.querySelector("[type=radio]:checked")?.value;
    const fault = FAULTS.includes(chosen);
    for (const field of point.querySelectorAll("textarea, [type=date]")) field.required = fault;
    if (!fault) continue;
    counts[chosen] += 1;
    point.querySelector("details").open = true;
  }
  const { mostMinorInA, mostMajorInB } = told;
  const grade = !counts.major && counts.minor <= mostMinorInA ? "A" : counts.major <= mostMajorInB ? "B" : "C";
  const hint = document.getElementById("grade-hint");
  hint.hidden = ![...visit.querySelectorAll(".point")].every((point) => point.querySelector(":checked"));
  hint.textContent = hint.dataset.text.replace("{minor}", counts.minor).replace("{major}", counts.major).replace("{grade}", grade);
}

// What the service would refuse is asked for before both sides sign: with no network there is nobody else to say it.
visit.addEventListener("click", (event) => {
  if (!event.target.closest("[data-confirm]")) return;
  for (const name of ["ended", "conclusion", "officer", "representative"]) visit.elements[name].required = true;
  for (const radio of visit.querySelectorAll(".point [type=radio]")) radio.required = true;
  visit.elements.grade_reason.required = !!visit.querySelector("[name=grade]:checked")?.value;
  visit.elements.remarks.required = visit.elements.refused.checked;
  if (visit.reportValidity()) return;
  event.preventDefault();
  event.stopPropagation();
});

visit.addEventListener("change", consider);
visit.addEventListener("filled", consider);
consider();

// A signature is kept as a picture in its hidden field, so that it is kept, restored and sent like any other text.
for (const card of visit.querySelectorAll("[data-signature]")) {
  const field = document.getElementById(card.dataset.signature);
  const pad = card.querySelector("[data-pad]");
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
  const place = (event) => {
    const at = canvas.getBoundingClientRect();
    return [((event.clientX - at.left) * canvas.width) / at.width, ((event.clientY - at.top) * canvas.height) / at.height];
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!field.value) return;
    const picture = new Image();
    picture.onload = () => pen.drawImage(picture, 0, 0);
    picture.src = field.value;
  };
  const changed = () => visit.dispatchEvent(new Event("input"));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    field.value = canvas.toDataURL("image/png");
    changed();
  });
  card.querySelector("[data-clear]").addEventListener("click", () => {
    field.value = "";
    draw();
    changed();
  });
  visit.addEventListener("filled", draw);
  draw();
  pad.hidden = false;
}

const draft = document.getElementById("draft");
const open = visit.querySelector("[data-draft]");
open.hidden = false;
open.addEventListener("click", () => {
  const value = (name) => visit.elements[name]?.value ?? "";
  const day = (typed) => typed.split("-").reverse().join("/");
  for (const part of draft.querySelectorAll("[data-from]")) part.textContent = value(part.dataset.from);
  draft.querySelector("[data-from=held_on]").textContent = day(value("held_on"));
  const article = draft.querySelector("article");
  const faults = [];
  const fault = (words, until) => faults.push(until ? `${words} (${article.dataset.until} ${day(until)})` : words);
  const rows = [...visit.querySelectorAll(".point")].map((point) => {
    const chosen = point.querySelector("[type=radio]:checked");
    const [note, until] = [point.querySelector("textarea").value, point.querySelector("[type=date]").value];
    const said = chosen?.nextElementSibling.textContent ?? "–";
    if (FAULTS.includes(chosen?.value)) fault(`${said}: ${note}`, until);
    const row = document.createElement("tr");
    for (const text of [point.querySelector("legend").textContent.trim(), said, note]) row.append(Object.assign(document.createElement("td"), { textContent: text }));
    return row;
  });
  for (const text of visit.querySelectorAll("[name^=extra_][name$=_text]"))
    if (text.value) fault(text.value, value(text.name.replace("_text", "_deadline")));
  draft.querySelector("[data-points]").replaceChildren(...rows);
  const items = (faults.length ? faults : [article.dataset.none]).map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  draft.querySelector("[data-findings]").replaceChildren(...items);
  draft.showModal();
});
draft.querySelector("[data-close]").addEventListener("click", () => draft.close());
