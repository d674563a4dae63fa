"use strict";
// Rows of an embedding on three of its dimensions: drag to rotate, point at one for its name. Points are written straight into pixels.
for (const box of document.querySelectorAll(".scatter")) start(box);

function start(box) {
  const data = JSON.parse(document.getElementById(box.dataset.points).textContent);
  const bytes = Uint8Array.from(atob(data.coordinates), (c) => c.charCodeAt(0));
  const coordinates = new Int16Array(bytes.buffer);
  const count = data.names.length, wide = data.dimensions;
  const canvas = box.querySelector("canvas"), told = box.querySelector(".told");
  const context = canvas.getContext("2d");
  const axes = [0, 1, 2].map((k) => Math.min(k, wide - 1));
  const turn = { a: 0.6, b: 0.35 };
  const screen = new Float32Array(2 * count);
  let colour = "spike", waiting = false, near = -1;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function palette(group) {
    if (group < 0) return dark.matches ? [110, 110, 110] : [170, 170, 170];
    const hue = (group * 137.508) % 360, light = dark.matches ? 0.62 : 0.42, spread = 0.65 * Math.min(light, 1 - light);
    return [0, 8, 4].map((k) => {
      const at = (k + hue / 30) % 12;
      return Math.round(255 * (light - spread * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
    });
  }

  let colours = [];
  function recolour() {
    const groups = colour === "label" ? data.label : data.spike;
    colours = groups.map(palette);
  }

  function draw() {
    waiting = false;
    const { width, height } = canvas, scale = 0.45 * Math.min(width, height) / 32767;
    const image = context.createImageData(width, height), pixels = image.data;
    const [ca, sa, cb, sb] = [Math.cos(turn.a), Math.sin(turn.a), Math.cos(turn.b), Math.sin(turn.b)];
    for (let i = 0; i < count; i++) {
      const x = coordinates[i * wide + axes[0]], y = coordinates[i * wide + axes[1]], z = coordinates[i * wide + axes[2]];
      const u = ca * x + sa * z, depth = ca * z - sa * x, v = cb * y - sb * depth;
      const px = Math.round(width / 2 + scale * u), py = Math.round(height / 2 - scale * v);
      screen[2 * i] = px;
      screen[2 * i + 1] = py;
      const [r, g, b] = colours[i];
      for (let dy = 0; dy < 2; dy++) {
        for (let dx = 0; dx < 2; dx++) {
          const at = 4 * ((py + dy) * width + px + dx);
          if (px + dx < 0 || px + dx >= width || at < 0 || at >= pixels.length) continue;
          pixels[at] = r; pixels[at + 1] = g; pixels[at + 2] = b; pixels[at + 3] = 255;
        }
      }
    }
    context.putImageData(image, 0, 0);
    context.strokeStyle = dark.matches ? "#777" : "#999";
    for (const [x, y, z, k] of [[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 2]]) {
      const u = ca * x + sa * z, v = cb * y - sb * (ca * z - sa * x), reach = 0.48 * Math.min(width, height);
      context.beginPath();
      context.moveTo(width / 2, height / 2);
      context.lineTo(width / 2 + reach * u, height / 2 - reach * v);
      context.stroke();
      context.fillStyle = context.strokeStyle;
      context.fillText(String(axes[k] + 1), width / 2 + reach * u + 3, height / 2 - reach * v);
    }
    if (near >= 0) {
      context.strokeStyle = dark.matches ? "#fff" : "#000";
      context.strokeRect(screen[2 * near] - 4, screen[2 * near + 1] - 4, 10, 10);
    }
    box.dataset.frames = String(Number(box.dataset.frames || 0) + 1);
  }

  function redraw() {
    if (!waiting) { waiting = true; requestAnimationFrame(draw); }
  }

  function tell(i) {
    let norm = 0;
    for (let d = 0; d < wide; d++) norm += (coordinates[i * wide + d] * data.scale / 32767) ** 2;
    const spike = data.spike[i] < 0 ? "in no spike" : `spike ${data.spike[i] + 1}`;
    const label = data.label && data.label[i] >= 0 ? `, ${data.label_names[data.label[i]] ?? data.label[i]}` : "";
    told.textContent = `${data.names[i]}: ${spike}${label}, norm ${Math.sqrt(norm).toPrecision(3)} on ${wide} dimensions`;
  }

  let last = null;
  canvas.addEventListener("pointerdown", (event) => { last = event; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointerup", () => { last = null; });
  canvas.addEventListener("pointermove", (event) => {
    if (last) {
      turn.a += (event.clientX - last.clientX) / 150;
      turn.b += (event.clientY - last.clientY) / 150;
      last = event;
      redraw();
      return;
    }
    const frame = canvas.getBoundingClientRect();
    const x = (event.clientX - frame.left) * canvas.width / frame.width, y = (event.clientY - frame.top) * canvas.height / frame.height;
    let best = 144, found = -1;
    for (let i = 0; i < count; i++) {
      const d = (screen[2 * i] - x) ** 2 + (screen[2 * i + 1] - y) ** 2;
      if (d < best) { best = d; found = i; }
    }
    if (found !== near) {
      near = found;
      if (near >= 0) tell(near); else told.textContent = "Drag to rotate, or use the arrow keys. Point at a row to see its item.";
      redraw();
    }
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: ["a", -0.1], ArrowRight: ["a", 0.1], ArrowUp: ["b", -0.1], ArrowDown: ["b", 0.1] }[event.key];
    if (step) { turn[step[0]] += step[1]; event.preventDefault(); redraw(); }
  });
  for (const select of box.querySelectorAll("select[data-axis]")) {
    const k = Number(select.dataset.axis);
    select.value = String(axes[k]);
    select.addEventListener("change", () => { axes[k] = Number(select.value); redraw(); });
  }
  box.querySelector("select[data-colour]").addEventListener("change", (event) => { colour = event.target.value; recolour(); redraw(); });
  dark.addEventListener("change", () => { recolour(); redraw(); });
  box.hidden = false;
  const still = box.parentElement.querySelector(".still");
  if (still) still.hidden = true;
  recolour();
  draw();
}
