"use strict";
// The spikes as a table to search, to sort and to page through. A row can be chosen; whoever made the table hears of it.

const PER_PAGE = 10, PRINTED = 50;

function makeTable(box, spikes, points, chose) {
  const body = box.querySelector("tbody"), status = box.querySelector(".count"), search = box.querySelector("input");
  const heads = [...box.querySelectorAll("th[data-key]")], keys = heads.map((head) => head.dataset.key);
  const [back, on] = ["back", "on"].map((name) => box.querySelector(`button[data-go=${name}]`));
  const clear = box.querySelector("button[data-clear]");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const texts = textsToSearch(spikes, points);
  let sortedBy = "size", down = true, page = 0, chosen = -1, perPage = PER_PAGE, rows = [...spikes.keys()];

  function compare(a, b) {
    const [x, y] = [spikes[a][sortedBy], spikes[b][sortedBy]];
    const missing = (value) => value === null || value === undefined;
    if (missing(x) || missing(y)) return missing(x) - missing(y) || a - b;
    const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
    return (down ? -order : order) || a - b;
  }

  function choose() {
    const wanted = search.value.trim().toLowerCase();
    rows = [...spikes.keys()].filter((k) => !wanted || texts[k].includes(wanted) || String(spikes[k].spike) === wanted).sort(compare);
    page = 0;
    show();
  }

  function show() {
    const first = page * perPage, shown = rows.slice(first, first + perPage);
    body.replaceChildren(...shown.map(rowOf));
    const found = rows.length === spikes.length ? "" : `, found among ${spikes.length.toLocaleString("en")}`;
    const of = `${rows.length.toLocaleString("en")} spike${rows.length === 1 ? "" : "s"}${found}`;
    status.textContent = rows.length > shown.length ? `${first + 1} to ${first + shown.length} of ${of}` : rows.length ? of : "no spike found";
    back.disabled = page === 0;
    on.disabled = first + perPage >= rows.length;
    clear.hidden = chosen < 0;
    for (const head of heads) {
      const sorted = head.dataset.key === sortedBy ? (down ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", sorted);
    }
  }

  function rowOf(k) {
    const row = document.createElement("tr"), spike = spikes[k];
    row.classList.toggle("chosen", spike.spike === chosen);
    for (const key of keys) {
      const cell = row.insertCell();
      cell.className = key === "loudest" || key === "typical" ? "name" : "short";
      if (key === "spike") cell.append(buttonOf(spike)); else cell.textContent = textOf(spike[key], key);
    }
    row.addEventListener("click", () => select(spike.spike === chosen ? -1 : spike.spike));
    return row;
  }

  function buttonOf(spike) {
    const button = document.createElement("button"), colour = document.createElement("span");
    button.type = "button";
    button.setAttribute("aria-pressed", String(spike.spike === chosen));
    button.dataset.spike = spike.spike;
    button.title = "show this spike in the view";
    colour.className = "swatch";
    colour.style.backgroundColor = `rgb(${colourOf(spike.spike - 1, dark.matches)})`;
    button.append(colour, String(spike.spike));
    return button;
  }

  function select(number) {
    const focused = document.activeElement.dataset.spike;
    chosen = number;
    show();
    if (focused) body.querySelector(`button[data-spike="${focused}"]`)?.focus();
    chose(number);
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const key = head.dataset.key, numbers = spikes.some((spike) => typeof spike[key] === "number");
      down = key === sortedBy ? !down : numbers && key !== "spike";
      sortedBy = key;
      choose();
    });
  }
  search.addEventListener("input", choose);
  back.addEventListener("click", () => { page--; show(); });
  on.addEventListener("click", () => { page++; show(); });
  clear.addEventListener("click", () => { select(-1); search.focus(); });
  dark.addEventListener("change", show);
  addEventListener("beforeprint", () => { perPage = PRINTED; page = 0; show(); });
  addEventListener("afterprint", () => { perPage = PER_PAGE; show(); });
  for (const part of box.querySelectorAll("[data-script]")) part.hidden = false;
  for (const part of box.querySelectorAll(".plain")) part.hidden = true;
  choose();
  return { select };
}

function textOf(value, key) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(" · ");
  if (["inside", "purity", "trust"].includes(key)) return `${Math.round(100 * value)}%`;
  return typeof value === "number" ? value.toLocaleString("en") : value;
}

// For each spike what is searched: its label and the names of all its items that the page holds.
function textsToSearch(spikes, points) {
  const names = new Map(spikes.map((spike) => [spike.spike - 1, [spike.label ?? "", ...spike.loudest, ...spike.typical]]));
  points.spike.forEach((spike, row) => { if (names.has(spike)) names.get(spike).push(points.names[row]); });
  return spikes.map((spike) => names.get(spike.spike - 1).join("\n").toLowerCase());
}
