// The phone: numbers, buttons and keys, joined with the call, the messages and what the carrier sent.
import { PhoneCall } from "./call.js";
import { follow as followExchanges } from "./exchanges.js";
import { follow as followMessages } from "./thread.js";
import "./numbers.js";

const element = (id) => document.querySelector(`#${id}`);
const keypad = [...document.querySelectorAll("[data-key]")];
let call = null;

function numbers() {
  const from = element("from").value.replace(/[^+0-9]/g, "");
  return { from, to: element("line").value, cadence: element("cadence").value };
}

function show(text) {
  if (text === null) {
    call = null;
    element("call").disabled = false;
    element("hang-up").disabled = true;
    for (const key of keypad) key.disabled = true;
    return;
  }
  element("state").textContent = text;
  for (const key of keypad) key.disabled = !call?.answered;
}

async function dial() {
  element("call").disabled = true;
  element("hang-up").disabled = false;
  call = new PhoneCall(numbers(), show);
  window.phoneCall = call; // for whoever looks at it in the browser's console
  element("hang-up").focus();
  const mine = call;
  await mine.live().catch((error) => {
    mine.end();
    show(error.message);
    show(null);
  });
  element("call").focus();
}

element("call").addEventListener("click", dial);
element("hang-up").addEventListener("click", () => call?.hangUp().catch((error) => show(error.message)));
element("done").addEventListener("click", () => call?.press("#").catch((error) => show(error.message)));
element("sound").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) await call?.say(file).then(() => call.press("#")).catch(() => show("This file cannot be played."));
});
for (const key of keypad) key.addEventListener("click", () => call?.press(key.dataset.key));
document.addEventListener("keydown", ({ key, target, ctrlKey, metaKey }) => {
  const typing = target.closest("input, select, textarea");
  if (typing || ctrlKey || metaKey || !call?.answered || !/^[0-9*#]$/.test(key)) return;
  call.press(key);
});
window.addEventListener("pagehide", () => call?.leave());

// Each tab is a phone of its own: a number reserved for fiction (NANP 555-0100 to 0199), until another is typed.
const own = `+1202555${String(100 + Math.floor(Math.random() * 100)).padStart(4, "0")}`;
element("from").value = sessionStorage.getItem("from") ?? own;
sessionStorage.setItem("from", element("from").value);
element("from").addEventListener("change", () => sessionStorage.setItem("from", numbers().from));
followMessages(numbers);
followExchanges(numbers);
