"use strict";
// The rows of a matrix as the page holds them: unit directions as 16-bit integers, norms, and what is known of each row.

function readPoints(element) {
  const data = JSON.parse(element.textContent);
  const points = data.points;
  const bytes = Uint8Array.from(atob(points.directions), (c) => c.charCodeAt(0));
  points.directions = new Int16Array(bytes.buffer);
  points.count = points.names.length;
  return data;
}

function spikeName(spike) {
  return spike < 0 ? "in no spike" : `spike ${spike + 1}`;
}

function labelOf(points, row) {
  if (!points.label || points.label[row] < 0) return "";
  return String(points.label_names[points.label[row]] ?? points.label[row]);
}

// A colour for each spike or label, as [red, green, blue]; rows of none are grey.
function colourOf(group, dark) {
  if (group < 0) return dark ? [110, 110, 110] : [170, 170, 170];
  const hue = (group * 137.508) % 360, light = dark ? 0.62 : 0.42, spread = 0.65 * Math.min(light, 1 - light);
  return [0, 8, 4].map((k) => {
    const at = (k + hue / 30) % 12;
    return Math.round(255 * (light - spread * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  });
}
