// A call: what the simulator tells moment by moment becomes sound on one audio clock, and a line of time.
import { lines, look, order } from "./asking.js";
import { band, beep, keyTone, ringback, wav } from "./sounds.js";

const LONGEST_RING = 120;
const BEEP_SECONDS = 0.5;
const PIXELS = 320;
const FIRST_SPAN = 30; // seconds that the line of time shows at first
const SILENT_DB = -60;
const element = (id) => document.querySelector(`#${id}`);

export class PhoneCall {
  constructor(numbers, changed) {
    Object.assign(this, numbers, { changed, sid: null, answered: false, rings: 0, stops: [], over: false });
    this.context = new AudioContext();
    this.heard = new AnalyserNode(this.context, { fftSize: 2048 });
    this.heard.connect(this.context.destination);
    this.ear = band(this.context, this.heard);
  }

  get now() {
    return this.context.currentTime - this.start;
  }

  async live() {
    await this.context.resume();
    const query = { from: this.from, to: this.to, cadence: this.cadence };
    const cadence = await look("/phone/cadence", query);
    clear(cadence.name);
    const answer = await order("/phone/calls", query);
    this.sid = answer.headers.get("X-Call-Sid");
    if (this.unwanted) return this.leave();
    this.start = this.context.currentTime;
    this.stopRinging = ringback(this.context, this.ear, cadence, this.start, LONGEST_RING);
    this.meter = setInterval(() => this.show(), 50);
    this.changed("Ringing …");
    try {
      for await (const moment of lines(answer)) await this.take(moment);
    } finally {
      this.end();
    }
  }

  async take(moment) {
    const act = this[`on_${moment.what.replaceAll("-", "_")}`];
    if (act) await act.call(this, moment);
    element("told").textContent = `${moment.at.toFixed(1)} s: ${moment.text}`;
  }

  on_ring(moment) {
    this.rings += 1;
    mark("ring", moment.at, moment.at, `ring ${this.rings}`);
    this.changed(`Ring ${this.rings}`);
  }

  on_ring_ends(moment) {
    stretch(moment.at);
  }

  // The answer is known in advance: the tone stops on that instant of the audio clock, whatever the network does.
  on_waits(moment) {
    this.planned = this.start + Number(moment.detail);
    this.stopRinging(this.planned);
  }

  on_answered(moment) {
    this.answered = true;
    this.pickup = this.planned ?? this.context.currentTime;
    if (this.planned === undefined) this.stopRinging(this.pickup);
    mark("answered", moment.at, moment.at, `answered after ring ${this.rings}`);
    this.changed(`Answered after ring ${this.rings}.`);
  }

  async on_play(moment) {
    const answer = await fetch(`/phone/calls/${this.sid}/sounds/${moment.detail}`);
    const buffer = await this.context.decodeAudioData(await answer.arrayBuffer());
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.ear);
    this.silence();
    const due = Math.max(this.context.currentTime, this.start + moment.at);
    source.start(due);
    this.stops.push(() => source.stop());
    mark("play", moment.at, moment.at + buffer.duration, "the line speaks");
  }

  on_say(moment) {
    this.silence();
    mark("play", moment.at, moment.at + 2, moment.text);
    if (!window.speechSynthesis) return;
    const speech = new SpeechSynthesisUtterance(moment.text.replace(/^says: /, ""));
    speechSynthesis.speak(speech);
    this.stops.push(() => speechSynthesis.cancel());
  }

  on_key(moment) {
    this.silence();
    mark("key", moment.at, moment.at, moment.detail);
  }

  on_beep() {
    beep(this.context, this.ear, this.context.currentTime, BEEP_SECONDS);
  }

  async on_record(moment) {
    mark("record", moment.at, moment.at, "you speak");
    this.changed("Speak after the tone.");
    element("speaking").hidden = false;
    await this.listen();
  }

  on_recorded(moment) {
    this.deafen();
    element("speaking").hidden = true;
    stretch(moment.at);
  }

  on_reject() {
    this.stopRinging(this.context.currentTime);
    this.changed("The line does not take this call.");
  }

  on_error(moment) {
    this.changed(`The carrier has an error: ${moment.text}`);
  }

  on_ended(moment) {
    this.end();
    this.changed(`Ended: ${moment.text}.`);
  }

  // One key after another: the words that a key ends must be there before it.
  press(key) {
    keyTone(this.context, this.heard, key, this.context.currentTime);
    this.turn = (this.turn ?? Promise.resolve())
      .then(() => (this.recorder ? this.keepWords() : undefined))
      .then(() => order(`/phone/calls/${this.sid}/keys`, { key }))
      .catch(() => {}); // the call was over before it
    return this.turn;
  }

  // The page is left: there is no time for words.
  leave() {
    if (this.sid) order(`/phone/calls/${this.sid}/hang-up`, {}, { keepalive: true }).catch(() => {});
    this.end();
  }

  deafen() {
    for (const track of this.recorder?.stream.getTracks() ?? []) track.stop();
    this.recorder = null;
  }

  async hangUp() {
    this.unwanted = true;
    if (!this.sid) return;
    if (this.recorder) await this.keepWords();
    await order(`/phone/calls/${this.sid}/hang-up`, {}, { keepalive: true });
    this.end();
  }

  async listen() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (this.over) return stream.getTracks().forEach((track) => track.stop());
      this.recorder = new MediaRecorder(stream);
      this.words = [];
      this.recorder.ondataavailable = (event) => this.words.push(event.data);
      this.recorder.start();
    } catch {
      this.changed("There is no microphone: choose a file, or press # to leave a tone.");
    }
  }

  async keepWords() {
    const recorder = this.recorder;
    this.recorder = null;
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.stop();
    await stopped;
    for (const track of recorder.stream.getTracks()) track.stop();
    await this.say(new Blob(this.words, { type: recorder.mimeType }));
  }

  async say(blob) {
    this.deafen();
    const content = await wav(blob);
    let letters = "";
    for (const byte of content) letters += String.fromCharCode(byte);
    await order(`/phone/calls/${this.sid}/says`, { wav: btoa(letters) });
  }

  silence() {
    if (this.stops.length) cut(this.now);
    for (const stop of this.stops.splice(0)) stop();
  }

  show() {
    const samples = new Float32Array(this.heard.fftSize);
    this.heard.getFloatTimeDomainData(samples);
    let peak = 1e-6;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    element("level").value = Math.max(SILENT_DB, 20 * Math.log10(peak));
    moveNow(this.now);
  }

  end() {
    if (this.over) return;
    this.over = true;
    clearInterval(this.meter);
    this.stopRinging?.(this.context.currentTime);
    this.deafen();
    this.silence();
    element("level").value = SILENT_DB;
    element("speaking").hidden = true;
    this.changed(null);
    setTimeout(() => this.context.close(), 200);
  }
}

let span = FIRST_SPAN;
let drawn = [];

function clear(name) {
  span = FIRST_SPAN;
  drawn = [];
  element("told").textContent = `Ringing as in ${name}.`;
  draw();
}

function mark(kind, from, to, label) {
  drawn.push({ kind, from, to, label });
  draw();
}

function stretch(to) {
  const ring = drawn.findLast((one) => one.kind === "ring" || one.kind === "record");
  if (ring) ring.to = to;
  draw();
}

function cut(at) {
  const spoken = drawn.findLast((one) => one.kind === "play");
  if (spoken) spoken.to = Math.min(spoken.to, at);
  draw();
}

function draw() {
  const space = "http://www.w3.org/2000/svg";
  const marks = drawn.map(({ kind, from, to, label }) => {
    const shape = document.createElementNS(space, "rect");
    const width = Math.max(2, ((to - from) / span) * PIXELS);
    const values = { class: `mark-${kind}`, x: (from / span) * PIXELS, y: kind === "key" ? 14 : 28, width, height: 20, rx: 2 };
    for (const [name, value] of Object.entries(values)) shape.setAttribute(name, value);
    const title = document.createElementNS(space, "title");
    title.textContent = label;
    shape.append(title);
    return shape;
  });
  element("marks").replaceChildren(...marks);
  element("time").setAttribute("aria-label", `The call so far: ${drawn.map((one) => one.label).join(", ")}`);
}

function moveNow(seconds) {
  while (seconds > span) {
    span *= 2;
    draw();
  }
  for (const end of ["x1", "x2"]) element("now").setAttribute(end, (seconds / span) * PIXELS);
}
