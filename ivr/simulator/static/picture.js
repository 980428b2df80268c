// The picture of a crowd: bars for contacts answered in a second, lines for who came and for the answer time.
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 44;
const RIGHT = 596;
const TOP = 12;
const BOTTOM = 214;
const element = (id) => document.querySelector(`#${id}`);

function drawn(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

// The least of 1, 2, 5, 10, 20, … that is not less.
function round(value) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((step) => step * ten).find((step) => step >= value) ?? ten;
}

function scale(most) {
  return (value) => BOTTOM - ((BOTTOM - TOP) * Math.min(value, most)) / most;
}

function rules(rate, milliseconds, until) {
  const marks = [0, 0.5, 1].flatMap((share) => {
    const y = BOTTOM - (BOTTOM - TOP) * share;
    return [
      drawn("line", { class: "rule", x1: LEFT, x2: RIGHT, y1: y, y2: y }),
      drawn("text", { class: "tick tick-end", x: LEFT - 4, y: y + 4 }, `${rate * share}`),
      drawn("text", { class: "tick", x: RIGHT + 4, y: y + 4 }, `${milliseconds * share}`),
    ];
  });
  marks.push(drawn("text", { class: "tick", x: LEFT, y: 232 }, "contacts a second"));
  marks.push(drawn("text", { class: "tick tick-end", x: RIGHT, y: 232 }, `${until} s, answer time in ms`));
  return marks;
}

export function draw(seconds, over) {
  const until = Math.max(over, seconds.length, 1);
  const width = (RIGHT - LEFT) / until;
  const rate = round(Math.max(...seconds.flatMap((one) => [one.answered, one.came]), 1));
  const milliseconds = round(Math.max(...seconds.map((one) => one.p99), 1));
  const [atRate, atTime] = [scale(rate), scale(milliseconds)];
  element("grid").replaceChildren(...rules(rate, milliseconds, until));
  element("bars").replaceChildren(
    ...seconds.map((one, place) => {
      const y = atRate(one.answered);
      return drawn("rect", { class: "bar", x: LEFT + place * width, y, width: width * 0.85, height: BOTTOM - y });
    }),
  );
  const points = (name, at) => seconds.map((one, n) => `${LEFT + (n + 0.42) * width},${at(one[name])}`).join(" ");
  element("came").setAttribute("points", points("came", atRate));
  element("p50").setAttribute("points", points("p50", atTime));
  element("p99").setAttribute("points", points("p99", atTime));
  const most = Math.max(0, ...seconds.map((one) => one.answered));
  const slowest = Math.max(0, ...seconds.map((one) => one.p99));
  const told = `${seconds.length} seconds; at most ${most} contacts answered in one; p99 at most ${slowest} ms`;
  element("picture").setAttribute("aria-label", seconds.length ? told : "Nobody has come yet");
}
