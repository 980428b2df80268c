// The crowd: start and stop it, look at it while it comes, and tell what was proved.
import { again, look, order } from "./asking.js";
import { follow as followFaults } from "./faults.js";
import { draw } from "./picture.js";

const element = (id) => document.querySelector(`#${id}`);
const number = new Intl.NumberFormat("en");
const WORDS = {
  none: "Ready.",
  coming: "They come.",
  proving: "They came. The log is looked at.",
  over: "It is over.",
};
let seconds = [];
let state = "";
let turn = 0;
let stopHadFocus = false;

function show(id, value, unit = "") {
  element(id).textContent = number.format(value) + unit;
}

function row(values) {
  const made = document.createElement("tr");
  for (const value of values) made.insertCell().textContent = typeof value === "number" ? number.format(value) : value;
  return made;
}

function items(list, texts, kind = "") {
  list.replaceChildren(
    ...texts.map((text) => {
      const made = document.createElement("li");
      made.textContent = text;
      made.className = kind;
      return made;
    }),
  );
}

function showSeconds(told) {
  const sum = (name) => seconds.reduce((total, one) => total + one[name], 0);
  const last = seconds.at(-1) ?? { waiting: 0, behind: 0, p50: 0, p99: 0 };
  const all = told.counted ?? last;
  show("sum-came", sum("came"));
  show("sum-answered", sum("answered"));
  show("sum-errors", sum("errors"));
  show("now-waiting", last.waiting);
  show("now-behind", last.behind);
  show("most", Math.max(0, ...seconds.map((one) => one.answered)));
  show("now-p50", all.p50, " ms");
  show("now-p99", all.p99, " ms");
  draw(seconds, told.plan?.over ?? 1);
  const row_of = (one) => row([one.second, one.came, one.answered, one.p50, one.p99, one.waiting, one.behind, one.errors]);
  element("rows").replaceChildren(...seconds.map(row_of));
}

function showProof({ proof, counted, kept, errors = {} }) {
  element("verdict").textContent = proof?.verdict ?? "There is none before it is over.";
  element("verdict").className = `state ${proof ? (proof.proved ? "proved" : "bad") : ""}`;
  const figures = proof?.figures ?? [];
  const figure = (one) => row([one.name, one.seen, one.wanted, one.agrees ? "yes" : "no"]);
  element("figures").replaceChildren(...figures.map(figure));
  const told = Object.entries(errors).map(([words, count]) => `${words} (${number.format(count)} times)`);
  items(element("errors"), told, "bad");
  const remarks = counted
    ? [
        `${number.format(counted.repeated)} webhooks came again, ${number.format(counted.retried)} were tried again.`,
        `${number.format(counted.callbacks)} status callbacks.`,
        kept ? `${number.format(kept.arrived)} of ${number.format(kept.answers)} answers arrived.` : "",
        `The crowd took ${Math.round(counted.cpu_share * 100)} % of a core.`,
      ]
    : [];
  items(element("remarks"), remarks.filter(Boolean));
}

function showState(told) {
  element("state").textContent = WORDS[told.state] ?? told.error;
  const coming = told.state === "coming" || told.state === "proving";
  element("start").disabled = coming;
  element("stop").disabled = told.state !== "coming";
}

// A button that is switched off loses the focus; Start gets it, once it can be used again, unless somebody moved it.
function giveFocusBack() {
  if (!stopHadFocus || element("start").disabled) return;
  stopHadFocus = false;
  if ([document.body, element("stop")].includes(document.activeElement)) element("start").focus();
}

async function refresh() {
  if (["asked", "over", "broken"].includes(state)) return;
  const mine = turn;
  const told = await look("/simulator/crowd", { since: seconds.length });
  if (mine !== turn || told.state === "none") return;
  seconds.push(...told.seconds);
  showSeconds(told);
  if (told.state === state) return;
  stopHadFocus ||= document.activeElement === element("stop");
  state = told.state;
  showState(told);
  showProof(told);
  giveFocusBack();
  if (turn && state === "over") element("verdict").scrollIntoView({ block: "nearest" });
}

// While it is asked for, nothing of the crowd before is looked at, and it is not asked for twice.
async function start(event) {
  event.preventDefault();
  if (state === "asked") return;
  const before = state;
  const countries = [...document.querySelectorAll("[name=country]:checked")].map((one) => one.value).join(",");
  const wanted = { line: element("line").value, countries };
  for (const name of ["texts", "calls", "over"]) wanted[name] = element(name).valueAsNumber;
  if (element("seed").value) wanted.seed = element("seed").valueAsNumber;
  state = "asked";
  turn += 1;
  try {
    await order("/simulator/crowd/start", wanted);
  } catch (error) {
    state = before;
    element("state").textContent = error.message;
    return;
  }
  seconds = [];
  state = "coming";
  showState({ state });
  showSeconds({});
  showProof({});
  element("stop").focus();
}

element("plan").addEventListener("submit", start);
element("stop").addEventListener("click", () => order("/simulator/crowd/stop", {}));
draw([], 1);
followFaults();
again(500, refresh);
