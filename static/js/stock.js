// The sum of what is chosen, while it is being typed; the server counts again. The unit follows the chosen product.
"use strict";

const form = document.querySelector("form.making");
const sum = document.getElementById("live-sum");
const product = document.getElementById("product_id");
const vietnamese = document.documentElement.lang === "vi";

// As the server reads it: a comma is the decimal mark, a dot sets thousands apart where it can.
const read = (text) => {
  const typed = text.trim().replace(/ /g, "");
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(typed) && !/^0\./.test(typed)) return Number(typed.replace(/\./g, "").replace(",", "."));
  if (/^\d+(,\d+)?$/.test(typed)) return Number(typed.replace(",", "."));
  return /^\d+\.\d+$/.test(typed) ? Number(typed) : NaN;
};
const write = (number) => new Intl.NumberFormat(vietnamese ? "vi-VN" : "en-GB", { maximumFractionDigits: 3 }).format(number);

const count = () => {
  if (!product) return; // packing sums up nothing
  const unit = product.selectedOptions[0].dataset.unit;
  for (const suffix of form.querySelectorAll(".field > .with-suffix .suffix")) suffix.textContent = unit;
  const inputs = [...form.querySelectorAll("[data-input]:checked")].map((box) => document.getElementById(box.dataset.input));
  const used = inputs.reduce((total, input) => total + read(input.value), 0);
  const same = inputs.every((input) => input.nextElementSibling.textContent === unit);
  sum.hidden = !inputs.length || !same || Number.isNaN(used);
  const made = read(form.elements.amount.value || "0");
  const share = Number(product.selectedOptions[0].dataset.share);
  const left = used - made - read(form.elements.loss.value || "0");
  sum.textContent = `${sum.dataset.used} ${write(used)} ${unit}`;
  if (made && !Number.isNaN(left)) {
    sum.textContent += ` · ${left < -1e-9 ? sum.dataset.over : sum.dataset.left} ${write(Math.abs(Math.round(left * 1000) / 1000))} ${unit}`;
  }
  sum.classList.toggle("over", left + (used * share) / 100 < -1e-9);
};

form?.addEventListener("input", (event) => {
  const box = event.target.id.startsWith("amount-") && form.querySelector(`[data-input="${event.target.id}"]`);
  if (box) box.checked = true;
  count();
});
if (form) count();
