// While a text is typed the server counts it and shows it as a phone would. Without this, a button does.
const WAIT_MILLISECONDS = 250;
const form = document.querySelector("form.replies");
const latest = new Map();

async function look(field) {
  const mine = (latest.get(field) ?? 0) + 1;
  latest.set(field, mine);
  const language = form.elements.namedItem("language").value;
  const body = new URLSearchParams({ language, name: field.name, words: field.value });
  const answer = await fetch(form.dataset.count, { method: "POST", body });
  if (!answer.ok || answer.redirected) return; // what is typed stays, whatever became of the session
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  if (latest.get(field) !== mine) return;
  form.querySelector(`[data-name="${field.name}"]`).replaceChildren(holder.content);
  const isWrong = document.getElementById(`${field.name}-fault`).textContent !== "";
  field.toggleAttribute("aria-invalid", isWrong);
  if (isWrong) field.setAttribute("aria-invalid", "true");
}

for (const field of form.querySelectorAll("textarea")) {
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT_MILLISECONDS, field);
  });
}
form.querySelector("#preview").hidden = true;
