// Today, as it happens: the figures are asked for every few seconds while somebody looks. It works without.
const ASK_MILLISECONDS = 3000;

const figures = document.querySelector("#figures");
const state = document.querySelector("#live");
const quiet = state?.textContent;
const shown = new Map();

function drawn(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

// A part that did not change stays, with what is open in it; so does one in which somebody is.
function renew(html) {
  const came = drawn(html);
  const parts = [...came.querySelectorAll("[data-part]")];
  const names = parts.map((part) => part.dataset.part);
  const here = [...figures.querySelectorAll("[data-part]")].map((part) => part.dataset.part);
  if (names.join() !== here.join()) {
    figures.replaceChildren(came);
    return;
  }
  for (const part of parts) {
    const old = figures.querySelector(`[data-part="${part.dataset.part}"]`);
    if (shown.get(part.dataset.part) === part.outerHTML || old.contains(document.activeElement)) continue;
    shown.set(part.dataset.part, part.outerHTML);
    for (const open of old.querySelectorAll("details[open]")) part.querySelector(`#${open.id}`)?.setAttribute("open", "");
    old.replaceWith(part);
  }
}

async function look() {
  const answer = await fetch(figures.dataset.fresh, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  renew((await answer.json()).figures);
}

async function round() {
  if (!document.hidden) {
    try {
      await look();
      if (state.textContent !== quiet) state.textContent = quiet;
    } catch {
      state.textContent = state.dataset.lost;
    }
  }
  setTimeout(round, ASK_MILLISECONDS);
}

if (figures?.dataset.fresh) setTimeout(round, ASK_MILLISECONDS);
