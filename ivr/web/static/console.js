// The console where it moves: keys, new rows, a search that goes on, the browser's time zone. All of it works without.
const POLL_MILLISECONDS = 2000;
const MOST_SEARCHES = 400;

function typing(target) {
  return target.closest("input, select, textarea, dialog") !== null;
}

function rows() {
  return [...document.querySelectorAll("a.open")];
}

function move(step) {
  const all = rows();
  const next = all[all.indexOf(document.activeElement) + step];
  (next ?? (step > 0 ? all[0] : undefined))?.focus();
}

const keys = {
  "/": () => (document.querySelector("input[type=search]") ?? { focus: () => location.assign("/console/log") }).focus(),
  j: () => move(1),
  k: () => move(-1),
  u: () => document.querySelector("a[data-back]")?.click(),
  "?": () => document.querySelector("#keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.matches("input[type=search]")) event.target.blur();
  if (typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

function elements(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// New rows, and rows whose outcome was still open, until the page is left. A hidden page does not ask.
function follow(log) {
  const state = document.querySelector("#live");
  const quiet = state.textContent;
  let calls = log.dataset.calls;
  let messages = log.dataset.messages;

  async function look() {
    const again = [...log.querySelectorAll("li[data-open]")].slice(0, 50).map((row) => row.id).join(",");
    const query = new URLSearchParams({ calls, messages, again });
    const fresh = await asked(`${log.dataset.fresh}&${query}`);
    ({ calls, messages } = fresh);
    for (const [id, html] of Object.entries(fresh.again)) replace(id, html);
    const came = elements(fresh.rows);
    const count = came.children.length;
    for (const row of came.children) row.classList.add("came");
    log.prepend(came);
    if (count) document.querySelector("#nothing-yet")?.remove();
    if (count) state.textContent = `${count} ${log.dataset.new}`;
  }

  function replace(id, html) {
    const row = document.getElementById(id);
    if (!row || row.contains(document.activeElement)) return;
    row.replaceWith(elements(html));
  }

  async function round() {
    if (!document.hidden) {
      try {
        await look();
        if (state.textContent === log.dataset.lost) state.textContent = quiet;
      } catch {
        state.textContent = log.dataset.lost;
      }
    }
    setTimeout(round, POLL_MILLISECONDS);
  }
  setTimeout(round, POLL_MILLISECONDS);
}

// A search that ended with its time: go on by itself, with the way back in sight, until the page is full.
async function goOn(link, log) {
  const state = document.querySelector("#searching");
  for (let count = 0; count < MOST_SEARCHES && link; count += 1) {
    state.hidden = false;
    const more = await asked(link.dataset.more);
    log.append(elements(more.rows));
    state.querySelector("span").replaceChildren(elements(more.looked_back_to ?? ""));
    if (!more.next || more.finished || log.children.length >= 50) {
      link.hidden = !more.next;
      link.textContent = more.finished ? link.dataset.older : link.textContent;
      link.href = more.next ?? "#";
      break;
    }
    link.dataset.more = more.more;
  }
  state.hidden = true;
  if (!log.children.length) document.querySelector("#nothing-found").hidden = false;
}

const log = document.querySelector("#log");
if (log?.dataset.fresh) follow(log);
const more = document.querySelector("a[data-more]");
if (more) goOn(more, log).catch(() => {});

const zone = document.querySelector("select[data-zone]");
if (zone) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === here)) zone.value = here;
}
