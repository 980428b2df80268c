// Getting another number: it stands among the lines as soon as the carrier has it.
import { order } from "./asking.js";

const element = (id) => document.querySelector(`#${id}`);

element("get-number").addEventListener("click", async () => {
  const told = element("number-told");
  try {
    const answer = await order("/phone/numbers", { number: element("new-number").value });
    const { number, shown } = await answer.json();
    const line = element("line");
    line.querySelector('option[value=""]')?.remove();
    line.append(new Option(shown, number));
    line.value = number;
    line.dispatchEvent(new Event("change"));
    told.textContent = `${shown} is the carrier's now. Add it as a line, and point it at the product.`;
  } catch (error) {
    told.textContent = error.message;
  }
});
