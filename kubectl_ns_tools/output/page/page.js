"use strict";
// Folding works without this script; the filter and its buttons are shown by it.
{
  const box = document.getElementById("filter");
  const found = document.getElementById("found");
  const details = [...document.querySelectorAll("main details")];
  const before = new Map(details.map((each) => [each, each.open]));

  // In the order of the page, so that a parent comes before what is in it.
  const rows = [...document.querySelectorAll(".tree li")].map((element) => ({
    element,
    fold: element.firstElementChild,
    text: (element.firstElementChild ? element.firstElementChild.firstElementChild : element)
      .textContent.toLowerCase(),
    object: element.classList.contains("o"),
    parent: null,
  }));
  const row = new Map(rows.map((each) => [each.element, each]));
  for (const each of rows) {
    each.parent = row.get(each.element.parentElement.closest(".tree li")) || null;
  }
  const others = [...document.querySelectorAll(".hazard, .gaps li, .counts tbody tr")].map((element) => ({
    element,
    text: element.textContent.toLowerCase(),
  }));

  const matches = (text, words) => words.every((word) => text.includes(word));

  // What matches is shown with what is under it, and with the path to it, which is unfolded.
  function show(words) {
    for (const each of rows) {
      each.hit = matches(each.text, words);
      each.below = false;
      each.above = each.parent !== null && (each.parent.hit || each.parent.above);
    }
    for (let index = rows.length - 1; index >= 0; index--) {
      const each = rows[index];
      if (each.parent && (each.hit || each.below)) each.parent.below = true;
    }
    for (const each of rows) {
      each.element.hidden = !(each.hit || each.below || each.above);
      if (each.fold) each.fold.open = each.below;
    }
    for (const each of others) each.element.hidden = !matches(each.text, words);
    const objects = rows.filter((each) => each.object);
    found.textContent = `${objects.filter((each) => each.hit).length} of ${objects.length} objects`;
  }

  function showAll() {
    for (const each of [...rows, ...others]) each.element.hidden = false;
    for (const [each, open] of before) each.open = open;
    found.textContent = "";
  }

  let filtered = false;
  function filter() {
    const words = box.value.toLowerCase().split(/\s+/).filter((word) => word);
    if (words.length > 0) {
      if (!filtered) for (const each of details) before.set(each, each.open);
      show(words);
    } else if (filtered) {
      showAll();
    }
    filtered = words.length > 0;
  }

  const setAll = (open) => details.forEach((each) => { each.open = open; });
  box.addEventListener("input", filter);
  document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("unfold").addEventListener("click", () => setAll(true));
  document.getElementById("fold").addEventListener("click", () => setAll(false));
  document.getElementById("search").hidden = false;
  filter();
}
