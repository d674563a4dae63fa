"use strict";
// A field in which an item is looked for by name, with a list of matches that the keyboard reaches.

const MATCHES = 8;

// chose(row) hears of the row that was taken, and of -1 where no name matches what was entered.
function makeSearch(box, names, chose) {
  const input = box.querySelector("input"), list = box.querySelector("[role=listbox]"), none = box.querySelector(".no-match");
  const lower = names.map((name) => name.toLowerCase());
  let found = [], active = -1;

  function matches(text) {
    const wanted = text.trim().toLowerCase(), starts = [], holds = [];
    for (let i = 0; wanted && i < lower.length && starts.length < MATCHES; i++) {
      const at = lower[i].indexOf(wanted);
      if (at === 0) starts.push(i); else if (at > 0 && holds.length < MATCHES) holds.push(i);
    }
    return [...starts, ...holds].slice(0, MATCHES);
  }

  function show() {
    list.replaceChildren(...found.map((row, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === active));
      option.textContent = names[row];
      // before the field loses the focus, which closes the list
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(place); });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (active >= 0) input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function look() {
    found = matches(input.value);
    none.hidden = found.length > 0 || !input.value.trim();
  }

  function close() { found = []; active = -1; show(); }

  function take(place) {
    const row = found[place];
    input.value = names[row];
    close();
    chose(row);
  }

  input.addEventListener("input", () => { look(); active = -1; show(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (!found.length) look();
      if (found.length) active = (active + step + found.length + (active < 0 && step < 0)) % found.length;
      event.preventDefault();
      show();
    } else if (event.key === "Enter") {
      if (!found.length) look();
      if (found.length) take(Math.max(active, 0)); else chose(-1);
      event.preventDefault();
    } else if (event.key === "Escape" && found.length) {
      event.stopPropagation(); // the first Escape closes the list, the next one clears what is chosen
      close();
    }
  });
  box.hidden = false;
  return { say(name) { input.value = name; none.hidden = true; } };
}
