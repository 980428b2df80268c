// Recording a greeting in the browser, with a level meter; and the progress of an upload. The form works without.
const MOST_SECONDS = 120;
const FLOOR_DB = -60;
const SOFT_DB = -36;
const LOUD_DB = -3;
const LIMIT_BYTES = 100 * 1024 * 1024;
const TICK_MS = 100;
const WINDOW = 8192; // samples: 170 ms at 48 kHz, so that no moment is missed between two looks
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const form = document.querySelector("#new-greeting");
const panel = document.querySelector("#recorder");

function show(text) {
  document.querySelector("#recorder-state").textContent = text;
}

// The form goes by XMLHttpRequest, which alone tells how much has been sent; the answer is a page either way.
// What could not be sent is kept, to be sent again.
function send(content, name) {
  const again = document.querySelector("#again");
  const buttons = [form.querySelector("button"), document.querySelector("#record"), again];
  const busy = (is) => buttons.forEach((button) => (button.disabled = is));
  busy(true);
  const failed = (words) => {
    busy(false);
    bar.hidden = true;
    show(words);
    again.hidden = false;
    again.onclick = () => send(content, name);
  };
  const body = new FormData(form);
  body.set("recording", content, name);
  const bar = document.querySelector("#sent");
  bar.hidden = false;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.onprogress = (event) => (bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0);
  request.onerror = () => failed(panel.dataset.failed);
  request.onload = () => {
    if (request.status === 200) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    failed(answer.querySelector(".fault")?.textContent ?? panel.dataset.failed);
  };
  show(panel.dataset.sending);
  request.send(body);
}

function meter(stream) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: WINDOW });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const level = document.querySelector("#level");
  const time = document.querySelector("#time");
  const began = performance.now();
  let loudest = FLOOR_DB;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const peak = 20 * Math.log10(Math.max(...samples.map(Math.abs), 1e-6));
    loudest = Math.max(peak, loudest - 0.5);
    level.value = Math.max(FLOOR_DB, peak);
    const seconds = Math.floor((performance.now() - began) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const { quiet, loud, right, recording } = panel.dataset;
    show(`${recording} ${loudest > LOUD_DB ? loud : loudest < SOFT_DB ? quiet : right}`);
    if (seconds >= MOST_SECONDS) document.querySelector("#stop").click();
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    level.value = FLOOR_DB;
    context.close();
  };
}

async function record() {
  const start = document.querySelector("#record");
  const stop = document.querySelector("#stop");
  let stream;
  try {
    // The browser's own processing is for conversations; it gates and pumps, and the server does better.
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 },
    });
  } catch {
    show(panel.dataset.refused);
    return;
  }
  const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: 128000 } : {});
  const pieces = [];
  const rest = meter(stream);
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.onstop = () => {
    rest();
    for (const track of stream.getTracks()) track.stop();
    start.disabled = false;
    stop.disabled = true;
    start.setAttribute("aria-pressed", "false");
    send(new Blob(pieces, { type: recorder.mimeType }), "browser recording");
  };
  start.disabled = true;
  stop.disabled = false;
  start.setAttribute("aria-pressed", "true");
  stop.onclick = () => recorder.stop();
  recorder.start();
  stop.focus();
}

if (form && navigator.mediaDevices && window.MediaRecorder) {
  document.querySelector("#microphone").hidden = false;
  document.querySelector("#record").addEventListener("click", record);
}
form?.addEventListener("submit", (event) => {
  const [file] = document.querySelector("#recording").files;
  if (!file) return;
  event.preventDefault();
  if (file.size > LIMIT_BYTES) show(panel.dataset.large);
  else send(file, file.name);
});
