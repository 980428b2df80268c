// The sounds of a telephone, on any audio context: an offline one is checked by the tests.
const RAMP = 0.005; // seconds: a tone that begins at once clicks
const LEVEL = 0.12;
const KEY_SECONDS = 0.12;
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];

// A telephone's band, 300 to 3400 Hz (ITU-T G.712): two filters each way make a Butterworth of the fourth order.
// The Q of low-pass and high-pass filters is in decibels (W3C, Web Audio API, 1.13).
export function band(context, destination) {
  const filters = [
    ["highpass", 300, 0.541],
    ["highpass", 300, 1.307],
    ["lowpass", 3400, 0.541],
    ["lowpass", 3400, 1.307],
  ].map(([type, frequency, q]) => new BiquadFilterNode(context, { type, frequency, Q: 20 * Math.log10(q) }));
  filters.reduce((before, after) => (before.connect(after), after)).connect(destination);
  return filters[0];
}

// The bursts of a ringing tone that begin before `until`, seconds from its start: pairs of begin and end.
export function bursts(pattern, until) {
  const found = [];
  for (let at = 0, place = 0; at < until; place = (place + 2) % pattern.length) {
    const end = at + pattern[place] / 1000;
    found.push([at, Math.min(end, until)]);
    at = end + pattern[place + 1] / 1000;
  }
  return found;
}

// Rings from `start` on the context's clock. Returns `stop(at)`, which ends it at that instant.
export function ringback(context, destination, cadence, start, longest) {
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(destination);
  const level = LEVEL / cadence.tone.frequencies_hz.length;
  for (const [begin, end] of bursts(cadence.pattern_ms, longest)) {
    gain.gain.setValueAtTime(0, start + begin);
    gain.gain.linearRampToValueAtTime(level, start + begin + RAMP);
    gain.gain.setValueAtTime(level, start + end - RAMP);
    gain.gain.linearRampToValueAtTime(0, start + end);
  }
  const into = modulated(context, gain, cadence.tone, start);
  const tones = cadence.tone.frequencies_hz.map((frequency) => new OscillatorNode(context, { frequency }));
  for (const tone of tones) {
    tone.connect(into);
    tone.start(start);
    tone.stop(start + longest);
  }
  return (at) => {
    gain.gain.cancelScheduledValues(at);
    gain.gain.setValueAtTime(0, at);
    for (const tone of tones) tone.stop(at + RAMP);
  };
}

function modulated(context, destination, tone, start) {
  if (!tone.modulated_by_hz) return destination;
  const swung = new GainNode(context, { gain: 1 - tone.depth / 2 });
  const swing = new OscillatorNode(context, { frequency: tone.modulated_by_hz });
  const depth = new GainNode(context, { gain: tone.depth / 2 });
  swing.connect(depth).connect(swung.gain);
  swung.connect(destination);
  swing.start(start);
  return swung;
}

// The two tones of a key (ITU-T Q.23).
export function frequencies(key) {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  return [ROWS[row], COLUMNS[KEYS[row].indexOf(key)]];
}

export function keyTone(context, destination, key, at) {
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LEVEL, at + RAMP);
  gain.gain.setValueAtTime(LEVEL, at + KEY_SECONDS - RAMP);
  gain.gain.linearRampToValueAtTime(0, at + KEY_SECONDS);
  gain.connect(destination);
  for (const frequency of frequencies(key)) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + KEY_SECONDS);
  }
}

export function beep(context, destination, at, seconds) {
  const gain = new GainNode(context, { gain: LEVEL });
  const tone = new OscillatorNode(context, { frequency: 1000 });
  tone.connect(gain).connect(destination);
  tone.start(at);
  tone.stop(at + seconds);
}

// A recording as 16-bit WAV of 8000 Hz, mono: what a carrier keeps of a caller's words.
export async function wav(blob, seconds = 120) {
  const decoded = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await blob.arrayBuffer());
  const rate = 8000;
  const length = Math.max(1, Math.ceil(Math.min(decoded.duration, seconds) * rate));
  const narrow = new OfflineAudioContext(1, length, rate);
  const source = new AudioBufferSourceNode(narrow, { buffer: decoded });
  source.connect(narrow.destination);
  source.start();
  const samples = (await narrow.startRendering()).getChannelData(0);
  const file = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, place) => file.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  [[16, 16], [24, rate], [28, rate * 2], [40, samples.length * 2]].forEach(([at, value]) => file.setUint32(at, value, true));
  [[20, 1], [22, 1], [32, 2], [34, 16]].forEach(([at, value]) => file.setUint16(at, value, true));
  text(36, "data");
  samples.forEach((sample, place) => file.setInt16(44 + place * 2, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Uint8Array(file.buffer);
}
