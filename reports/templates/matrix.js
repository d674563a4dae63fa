"use strict";
// One matrix: its view, the table of its spikes and the look-up of its items, joined.

const LISTED = 10, SIMILARITIES = [["cosine", "by cosine"], ["dot", "by dot product"], ["within", "by dot product in its spike"]];

function startMatrix(section) {
  const { points, spikes, trust } = readPoints(document.getElementById(section.dataset.points));
  const still = section.querySelector(".still");
  if (still) still.hidden = true; // print shows it
  const view = makeView(section.querySelector(".scatter"), points);
  const tableBox = section.querySelector(".spikes"), about = section.querySelector(".item");
  const table = tableBox && makeTable(tableBox, spikes, points, (number) => view.light(number < 0 ? -1 : number - 1));
  const search = makeSearch(section.querySelector(".look-up"), points.names, show);

  function show(row) {
    view.mark(row);
    about.hidden = row < 0;
    if (row < 0) return;
    about.replaceChildren(heading(points, row), ...facts(points, row, trust), neighbourLists(points, row, (next) => { search.say(points.names[next]); show(next); }));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    table?.select(-1);
    show(-1);
    search.say("");
  });
}

function heading(points, row) {
  const title = document.createElement("h4");
  title.className = "name";
  title.textContent = points.names[row];
  return title;
}

function facts(points, row, trust) {
  const said = [spikeName(points.spike[row])], label = labelOf(points, row), kept = points.trust?.[row];
  if (label) said.push(label);
  if (points.popularity) said.push(`in ${points.popularity[row].toLocaleString("en")} contexts`);
  said.push(`norm ${plainNumber(points.norms[row], 3)}`);
  const texts = [`${said.join(", ")}.`];
  if (kept !== null && kept !== undefined) {
    const [low, high] = [points.trust_low?.[row], points.trust_high?.[row]];
    const range = low === null || low === undefined ? "" : ` (${Math.round(100 * low)} to ${Math.round(100 * high)}%)`;
    const near = trust?.k ? `its ${trust.k} nearest` : "its nearest", grows = trust?.share ? ` when the data grow by ${Math.round(100 * trust.share)}%` : "";
    texts.push(`Trust: ${Math.round(100 * kept)}% of ${near} are forecast to stay${grows}${range}.`);
  }
  if (points.of > points.count) {
    texts.push(`Neighbours were looked for among ${points.count.toLocaleString("en")} of the ${points.of.toLocaleString("en")} rows.`);
  }
  return texts.map((text) => {
    const line = document.createElement("p");
    line.className = "name";
    line.textContent = text;
    return line;
  });
}

function neighbourLists(points, row, go) {
  const lists = document.createElement("div");
  lists.className = "neighbours";
  for (const [how, words] of SIMILARITIES) {
    const part = document.createElement("div"), title = document.createElement("h5"), list = document.createElement("ol");
    title.textContent = words;
    list.dataset.how = how;
    for (const { row: other, score } of nearest(points, row, how, LISTED)) {
      const entry = document.createElement("li"), button = document.createElement("button"), value = document.createElement("span");
      button.type = "button";
      button.className = "name";
      button.textContent = points.names[other];
      button.addEventListener("click", () => go(other));
      value.className = "soft";
      value.textContent = ` ${plainNumber(score, 2)}`;
      entry.append(button, value);
      list.append(entry);
    }
    part.append(title, list.childElementCount ? list : "none");
    lists.append(part);
  }
  return lists;
}

for (const section of document.querySelectorAll(".matrix[data-points]")) startMatrix(section);
// what is folded is printed too
let folded = [];
addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("details:not([open])")]; for (const part of folded) part.open = true; });
addEventListener("afterprint", () => { for (const part of folded) part.open = false; });
