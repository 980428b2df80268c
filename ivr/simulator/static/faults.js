// What the carrier does wrong: switches, each of which is ordered at once.
import { look, order } from "./asking.js";

const boxes = () => [...document.querySelectorAll("[name=fault], [name=sending]")];

function tell(on) {
  const titles = boxes().filter((one) => on.includes(one.value));
  const words = titles.map((one) => one.closest("label").textContent.trim().toLowerCase());
  document.querySelector("#misbehaves").textContent = on.length
    ? `The carrier misbehaves: ${words.join("; ")}.`
    : "The carrier behaves.";
}

function show({ on }) {
  for (const one of boxes()) one.checked = on.includes(one.value);
  if (!document.querySelector("[name=sending]:checked")) document.querySelector("[name=sending]").checked = true;
  tell(on);
}

async function change(on) {
  try {
    show(await (await order("/simulator/crowd/faults", { on })).json());
  } catch (error) {
    document.querySelector("#misbehaves").textContent = error.message;
  }
}

export function follow() {
  const form = document.querySelector("#faults");
  form.addEventListener("change", () => change(boxes().filter((one) => one.checked && one.value).map((one) => one.value)));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector("#behave").addEventListener("click", () => change([]));
  look("/simulator/crowd/faults").then(show);
}
