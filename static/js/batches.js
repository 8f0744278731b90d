// The unit beside the amount follows the chosen product.
"use strict";

const product = document.getElementById("product_id");
const suffix = document.querySelector(".with-suffix .suffix");
product?.addEventListener("change", () => {
  suffix.textContent = product.selectedOptions[0].dataset.unit;
});
