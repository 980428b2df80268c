// The messages between this phone and the line, with their states as they change.
import { again, look, order } from "./asking.js";

const LOOK_MS = 700;
const COUNT_MS = 250;
const STATES = {
  queued: "waiting",
  sending: "sending",
  sent: "sent",
  delivered: "arrived",
  undelivered: "did not arrive",
  failed: "failed",
  received: "sent",
};
const element = (id) => document.querySelector(`#${id}`);

function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, place) => {
    if (place % 2 === 0) return part;
    const link = document.createElement("a");
    link.href = part;
    link.textContent = part;
    link.target = "_blank";
    link.rel = "noreferrer";
    return link;
  });
}

function file(address) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = decodeURIComponent(new URL(address).pathname.split("/").pop());
  link.target = "_blank";
  link.rel = "noreferrer";
  return link;
}

function bubble(message, phone) {
  const row = document.createElement("li");
  row.className = message.from === phone ? "mine" : "theirs";
  const text = document.createElement("p");
  text.dir = "auto";
  text.append(...linked(message.body || (message.pictures.length ? "" : "(empty)")));
  for (const sid of message.pictures) {
    const picture = document.createElement("img");
    picture.src = `/phone/pictures/${sid}`;
    picture.alt = "Picture";
    text.append(picture);
  }
  for (const address of message.files) text.append(document.createElement("br"), file(address));
  const state = document.createElement("small");
  const error = message.error ? ` (${message.error})` : "";
  const several = message.segments > 1 ? ` · ${message.segments} segments` : "";
  state.textContent = `${message.at.slice(11, 16)} · ${STATES[message.status] ?? message.status}${error}${several}`;
  row.append(text, state);
  return row;
}

export function follow(numbers) {
  let shown = "";
  async function show() {
    const { from, to } = numbers();
    const { messages } = await look("/phone/messages", { phone: from, line: to });
    const state = JSON.stringify([from, to, messages]);
    if (state === shown) return;
    shown = state;
    element("messages").replaceChildren(...messages.map((one) => bubble(one, from)));
    element("no-messages").hidden = messages.length > 0;
    element("messages").lastElementChild?.scrollIntoView({ block: "nearest" });
  }
  again(LOOK_MS, show);

  element("texting").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { from, to } = numbers();
    const body = element("body").value;
    const media = element("picture").checked ? ["picture"] : [];
    if (!body && !media.length) return;
    element("body").value = "";
    element("picture").checked = false;
    element("segments").textContent = "";
    try {
      const answer = await (await order("/simulator/text", { from, to, body, media })).json();
      element("segments").textContent = answer.warnings.map(({ code, text }) => `${code}: ${text}`).join(" ");
    } catch (error) {
      element("segments").textContent = error.message;
      element("body").value = body;
    }
    await show();
  });
  element("body").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element("texting").requestSubmit();
    }
  });

  let timer;
  element("body").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const body = element("body").value;
      const { segments } = await (await order("/phone/segments", { body })).json();
      const counted = segments === 1 ? "1 message segment" : `${segments} message segments`;
      if (body === element("body").value) element("segments").textContent = body ? `${body.length} · ${counted}` : "";
    }, COUNT_MS);
  });
}
