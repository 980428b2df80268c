// While a text to a person is typed the server counts its message segments. Without this, a button does.
const WAIT_MILLISECONDS = 250;
const form = document.querySelector("form.writing");
let waiting = 0;
let latest = 0;

async function count(field) {
  const mine = ++latest;
  const answer = await fetch(form.dataset.count, { method: "POST", body: new URLSearchParams({ text: field.value }) });
  if (!answer.ok || answer.redirected) return; // what is typed stays, whatever became of the session
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  if (latest === mine) document.getElementById("text-count").replaceChildren(holder.content);
}

if (form) {
  form.elements.namedItem("text").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(count, WAIT_MILLISECONDS, event.target);
  });
  document.getElementById("count").hidden = true;
}
