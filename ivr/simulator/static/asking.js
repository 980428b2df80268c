// Asking the simulator: orders are JSON, and so are answers. What is refused comes as an error with its sentence.
async function sentence(answer) {
  const fault = await answer.json().catch(() => ({}));
  return fault.error ?? `The simulator answered with ${answer.status}.`;
}

export async function order(path, body, options = {}) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), ...options });
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer;
}

export async function look(path, query = {}) {
  const answer = await fetch(`${path}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer.json();
}

// Lines of JSON, as they come.
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}

// Does something again and again while the page is looked at; it never runs twice at once.
export function again(milliseconds, act) {
  async function round() {
    if (!document.hidden) await act().catch(() => {});
    setTimeout(round, milliseconds);
  }
  round();
}
