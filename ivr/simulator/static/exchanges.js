// What the carrier sent to the product and what it answered, each explained in one line.
import { again, look } from "./asking.js";

const LOOK_MS = 700;
const MOST = 60;
const EXPLAINED = {
  voice: "Somebody calls: what shall the carrier do?",
  "voice.key": "A key was pressed: what now?",
  "voice.recording": "A message was recorded: what now?",
  "voice.fallback": "The first address failed, so the carrier asks the fallback.",
  "call.status": "The call is over.",
  sms: "Somebody texts: is there an answer?",
  "sms.fallback": "The first address failed, so the carrier asks the fallback.",
  "message.status": "What became of a text of ours.",
  "recording.status": "The recording of a message can be fetched.",
};
function explained({ kind, form }) {
  const plain = kind.replace(".again", "");
  if (plain !== "voice") return EXPLAINED[plain] ?? kind;
  if (form.RecordingSid) return EXPLAINED["voice.recording"];
  return EXPLAINED[form.Digits ? "voice.key" : "voice"];
}

const element = (id) => document.querySelector(`#${id}`);

function part(name, text) {
  const title = document.createElement("h3");
  title.textContent = name;
  const body = document.createElement("pre");
  body.dir = "ltr";
  body.tabIndex = 0;
  body.textContent = text;
  return [title, body];
}

function indented(twiml) {
  const parsed = new DOMParser().parseFromString(twiml, "text/xml");
  if (parsed.querySelector("parsererror")) return twiml;
  return written(parsed.documentElement, "");
}

function written(verb, indent) {
  const attributes = [...verb.attributes].map(({ name, value }) => ` ${name}="${value}"`).join("");
  const start = `${indent}<${verb.nodeName}${attributes}`;
  if (!verb.childNodes.length) return `${start}/>`;
  if (!verb.children.length) return `${start}>${verb.textContent}</${verb.nodeName}>`;
  const inner = [...verb.children].map((child) => written(child, `${indent}  `));
  return [`${start}>`, ...inner, `${indent}</${verb.nodeName}>`].join("\n");
}

function row(one) {
  const item = document.createElement("li");
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const path = new URL(one.url).pathname;
  const failed = one.error || one.status >= 400;
  summary.textContent = `${path} · ${one.status ?? "no answer"} · ${one.ms} ms`;
  if (failed || one.warnings.length) summary.className = "bad";
  const said = document.createElement("p");
  said.className = "quietly";
  said.textContent = `${one.at.slice(11, 19)} ${explained(one)}`;
  details.append(summary, said);
  for (const fault of [...(one.error ? [one.error] : []), ...one.warnings]) {
    const words = document.createElement("p");
    words.className = "bad";
    words.textContent = fault;
    details.append(words);
  }
  details.append(
    ...part(`${one.method} ${one.url}`, Object.entries(one.form).map(([name, value]) => `${name}: ${value}`).join("\n")),
    ...part("X-Twilio-Signature", one.signature),
    ...part("Answer", one.answer.startsWith("<?xml") ? indented(one.answer) : one.answer || "(nothing)"),
  );
  if (one.console && ["voice", "sms"].includes(one.kind)) {
    const link = document.createElement("a");
    link.href = one.console;
    link.target = "_blank";
    link.textContent = "This contact in the console";
    details.append(link);
  }
  item.append(details);
  return item;
}

export function follow(numbers) {
  let since = 0;
  let phone = "";
  again(LOOK_MS, async () => {
    const { from } = numbers();
    if (from !== phone) {
      [phone, since] = [from, 0];
      element("exchanges").replaceChildren();
    }
    const { exchanges } = await look("/phone/exchanges", { since, phone });
    if (!exchanges.length) return;
    since = exchanges.at(-1).n;
    element("no-exchanges").hidden = true;
    element("exchanges").prepend(...exchanges.map(row).reverse());
    while (element("exchanges").children.length > MOST) element("exchanges").lastElementChild.remove();
  });
}
