"use strict";
// Rows on three of their dimensions, to turn and to point at; one spike can be lit, on the three dimensions in which it is
// longest, and one row marked. Directions are kept and lengths drawn on a logarithmic scale, ln(1 + length / median). Points are
// written straight into pixels.

const HINT = "Drag to turn the view, or use the arrow keys. Point at a row to see its item.";

function makeView(box, points) {
  const { count, rank, spike } = points;
  const canvas = box.querySelector("canvas"), told = box.querySelector(".told");
  const context = canvas.getContext("2d", { willReadFrequently: true }); // pixels are written by the processor
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const selects = [...box.querySelectorAll("select[data-axis]")], axes = [];
  const size = count > 5000 ? 2 : 3;
  const places = new Float32Array(3 * count), screen = new Int32Array(2 * count), colours = new Uint8Array(3 * count);
  const lengths = logarithmicLengths(points.norms);
  const turn = { a: 0.6, b: 0.35 };
  let colour = "spike", lit = -1, marked = -1, near = -1, waiting = false, frame = { centre: [0, 0, 0], radius: 1, reach: [1, 1, 1] };

  function place(dimensions) {
    dimensions.forEach((d, k) => { axes[k] = Math.min(d, rank - 1); selects[k].value = String(axes[k]); });
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 3; k++) places[3 * i + k] = points.directions[i * rank + axes[k]] / 32767 * lengths[i];
    }
    frame = frameOf(places);
  }

  function recolour() {
    const groups = colour === "label" ? points.label : spike;
    const known = new Map();
    for (let i = 0; i < count; i++) {
      const group = lit >= 0 && spike[i] !== lit ? -1 : groups[i];
      if (!known.has(group)) known.set(group, colourOf(group, dark.matches));
      colours.set(known.get(group), 3 * i);
    }
  }

  function draw() {
    waiting = false;
    const { width, height } = canvas, scale = 0.47 * Math.min(width, height) / frame.radius, [cx, cy, cz] = frame.centre;
    const image = context.createImageData(width, height), pixels = image.data;
    const [ca, sa, cb, sb] = [Math.cos(turn.a), Math.sin(turn.a), Math.cos(turn.b), Math.sin(turn.b)];
    const dot = (i, size) => {
      const left = screen[2 * i], top = screen[2 * i + 1];
      for (let y = Math.max(top, 0); y < Math.min(top + size, height); y++) {
        for (let x = Math.max(left, 0); x < Math.min(left + size, width); x++) {
          const at = 4 * (y * width + x);
          pixels[at] = colours[3 * i]; pixels[at + 1] = colours[3 * i + 1]; pixels[at + 2] = colours[3 * i + 2]; pixels[at + 3] = 255;
        }
      }
    };
    for (let i = 0; i < count; i++) {
      const x = places[3 * i] - cx, y = places[3 * i + 1] - cy, z = places[3 * i + 2] - cz;
      const depth = ca * z - sa * x;
      screen[2 * i] = Math.round(width / 2 + scale * (ca * x + sa * z));
      screen[2 * i + 1] = Math.round(height / 2 - scale * (cb * y - sb * depth));
      if (lit < 0 || spike[i] !== lit) dot(i, size);
    }
    // the lit spike lies over the others
    if (lit >= 0) for (let i = 0; i < count; i++) if (spike[i] === lit) dot(i, size + 2);
    context.putImageData(image, 0, 0);
    drawAxes(context, canvas, turn, axes, frame, dark.matches);
    if (near >= 0) ring(near, 7);
    if (marked >= 0) { ring(marked, 10); write(marked); }
    box.dataset.frames = String(Number(box.dataset.frames || 0) + 1);
  }

  function ring(i, radius) {
    context.strokeStyle = dark.matches ? "#fff" : "#000";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(screen[2 * i] + 1, screen[2 * i + 1] + 1, radius, 0, 7);
    context.stroke();
  }

  function write(i) {
    const name = points.names[i].slice(0, 40), right = screen[2 * i] > canvas.width / 2;
    context.font = "16px system-ui, sans-serif";
    context.textAlign = right ? "right" : "left";
    context.lineWidth = 4;
    context.strokeStyle = dark.matches ? "#14181d" : "#fff";
    context.fillStyle = dark.matches ? "#fff" : "#000";
    const x = screen[2 * i] + (right ? -14 : 16), y = screen[2 * i + 1] + 6;
    context.strokeText(name, x, y, canvas.width / 2);
    context.fillText(name, x, y, canvas.width / 2);
  }

  function redraw() {
    if (!waiting) { waiting = true; requestAnimationFrame(draw); }
  }

  function tell(i) {
    const label = labelOf(points, i);
    told.textContent = `${points.names[i]}: ${spikeName(spike[i])}${label && `, ${label}`}, norm ${plainNumber(points.norms[i], 3)}`;
  }

  function point(event) {
    const frame = canvas.getBoundingClientRect();
    const x = (event.clientX - frame.left) * canvas.width / frame.width, y = (event.clientY - frame.top) * canvas.height / frame.height;
    let best = 144, found = -1;
    for (let i = 0; i < count; i++) {
      if (lit >= 0 && spike[i] !== lit) continue;
      const d = (screen[2 * i] - x) ** 2 + (screen[2 * i + 1] - y) ** 2;
      if (d < best) { best = d; found = i; }
    }
    if (found === near) return;
    near = found;
    if (near >= 0) tell(near); else told.textContent = HINT;
    redraw();
  }

  let last = null;
  canvas.addEventListener("pointerdown", (event) => { last = event; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointerup", () => { last = null; });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) { point(event); return; }
    turn.a += (event.clientX - last.clientX) / 150;
    turn.b += (event.clientY - last.clientY) / 150;
    last = event;
    redraw();
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: ["a", -0.1], ArrowRight: ["a", 0.1], ArrowUp: ["b", -0.1], ArrowDown: ["b", 0.1] }[event.key];
    if (step) { turn[step[0]] += step[1]; event.preventDefault(); redraw(); }
  });
  for (const select of selects) select.addEventListener("change", () => { place(selects.map((one) => Number(one.value))); redraw(); });
  box.querySelector("select[data-colour]").addEventListener("change", (event) => { colour = event.target.value; recolour(); redraw(); });
  dark.addEventListener("change", () => { recolour(); redraw(); });
  told.textContent = HINT;
  box.hidden = false;
  place([0, 1, 2]);
  recolour();
  draw();
  return {
    light(number) {
      if (number === lit) return;
      lit = number;
      near = -1;
      box.dataset.lit = String(number);
      place(lit < 0 ? [0, 1, 2] : longestDimensions(points, lit));
      recolour();
      redraw();
    },
    mark(row) { marked = row; box.dataset.marked = String(row); redraw(); },
  };
}

function logarithmicLengths(norms) {
  const sorted = Float64Array.from(norms).sort(), median = sorted[sorted.length >> 1] || 1;
  return Float64Array.from(norms, (norm) => Math.log1p(norm / median));
}

// The three dimensions, in order, on which the sum of a spike's directions is longest.
function longestDimensions(points, spike) {
  const { rank, directions } = points, sums = new Float64Array(rank);
  points.spike.forEach((mine, i) => {
    if (mine === spike) for (let d = 0; d < rank; d++) sums[d] += directions[i * rank + d];
  });
  const longest = [...sums.keys()].sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a])).slice(0, 3).sort((a, b) => a - b);
  while (longest.length < 3) longest.push(rank - 1);
  return longest;
}

// The middle of all places and of the origin, how far the farthest lies from it, and how far each axis is drawn.
function frameOf(places) {
  const low = [0, 0, 0], high = [0, 0, 0];
  places.forEach((x, at) => { low[at % 3] = Math.min(low[at % 3], x); high[at % 3] = Math.max(high[at % 3], x); });
  const centre = low.map((x, k) => (x + high[k]) / 2), reach = low.map((x, k) => (-x > high[k] ? x : high[k]));
  let radius = Math.hypot(...centre);
  for (let at = 0; at < places.length; at += 3) {
    radius = Math.max(radius, Math.hypot(places[at] - centre[0], places[at + 1] - centre[1], places[at + 2] - centre[2]));
  }
  return { centre, radius: radius || 1, reach };
}

function drawAxes(context, canvas, turn, axes, frame, dark) {
  const { width, height } = canvas, scale = 0.47 * Math.min(width, height) / frame.radius;
  const [ca, sa, cb, sb] = [Math.cos(turn.a), Math.sin(turn.a), Math.cos(turn.b), Math.sin(turn.b)];
  const place = (p) => {
    const [x, y, z] = p.map((value, k) => value - frame.centre[k]);
    return [width / 2 + scale * (ca * x + sa * z), height / 2 - scale * (cb * y - sb * (ca * z - sa * x))];
  };
  context.strokeStyle = context.fillStyle = dark ? "#999" : "#777";
  context.lineWidth = 1;
  context.textAlign = "left";
  context.font = "14px system-ui, sans-serif";
  for (const k of [0, 1, 2]) {
    const [x, y] = place([0, 1, 2].map((d) => (d === k ? 1.03 * frame.reach[k] : 0)));
    context.beginPath();
    context.moveTo(...place([0, 0, 0]));
    context.lineTo(x, y);
    context.stroke();
    context.fillText(String(axes[k] + 1), x + 3, y);
  }
}
