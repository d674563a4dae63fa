"use strict";
// The rows nearest to a row by cosine, by dot product, or by dot product among the rows of its own spike.

function nearest(points, row, how, most) {
  const { directions, norms, spike, count, rank } = points;
  const found = [];
  for (let i = 0; i < count; i++) {
    if (i === row || (how === "within" && (spike[i] !== spike[row] || spike[i] < 0))) continue;
    let score = 0;
    for (let d = 0; d < rank; d++) score += directions[i * rank + d] * directions[row * rank + d];
    score /= 32767 * 32767;
    if (how !== "cosine") score *= norms[i] * norms[row];
    if (found.length === most && score <= found[most - 1].score) continue;
    let place = found.length;
    while (place > 0 && found[place - 1].score < score) place--;
    found.splice(place, 0, { row: i, score });
    if (found.length > most) found.pop();
  }
  return found;
}

// A number with so many digits, and whole where it has more before its point: 131, not 1.3e+2.
function plainNumber(value, digits) {
  const size = Math.abs(value);
  return size < 10 ** digits - 0.5 || size >= 1e9 ? value.toPrecision(digits) : Math.round(value).toLocaleString("en");
}
