// How the line would ring with what stands in the form, drawn anew while it is changed.
const picture = document.querySelector("#picture");
const form = document.querySelector(".line-form");
let latest = 0;

form.addEventListener("input", async () => {
  latest += 1;
  const mine = latest;
  const answer = await fetch(`${picture.dataset.of}?${new URLSearchParams(new FormData(form))}`);
  if (!answer.ok || mine !== latest) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  picture.replaceChildren(holder.content);
});
