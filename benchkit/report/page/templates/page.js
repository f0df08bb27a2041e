"use strict";
// Sorts and filters the tables of all results. Without it the page is whole, only less handy.
(() => {
  const MAIN = 2; // the column of the metric that is chosen
  const form = document.getElementById("filters");
  const fields = form.elements;
  const count = document.getElementById("count");
  const tables = [...document.querySelectorAll("table.results")].map(read);
  let order = null; // {table, column, down}

  function read(element) {
    const places = new Map(); // of rows within their dataset, as in its table of all metrics
    const bodies = [...element.tBodies].map((body) => ({
      element: body,
      facts: body.dataset,
      rows: [...body.rows].slice(1).map((row) => {
        const place = (places.get(body.dataset.part) ?? 0) + 1;
        places.set(body.dataset.part, place);
        return { element: row, cells: row.cells, place, main: row.cells[MAIN].textContent };
      }),
    }));
    return { heads: [...element.tHead.rows[0].cells], bodies, section: element.closest("section") };
  }

  function filter() {
    const { track, dataset, variant } = fields;
    const detector = fields.detector.value.trim().toLowerCase();
    let shown = 0;
    let all = 0;
    for (const { bodies, section } of tables) {
      const before = shown;
      for (const { element, facts, rows } of bodies) {
        const fits = [section.id, ""].includes(track.value)
          && [facts.name, facts.label, ""].includes(dataset.value)
          && [facts.variant, ""].includes(variant.value);
        const hits = rows.filter((row) => {
          const hit = fits && row.cells[0].textContent.toLowerCase().includes(detector);
          row.element.hidden = !hit;
          return hit;
        });
        element.hidden = !hits.length;
        shown += hits.length;
        all += rows.length;
      }
      section.hidden = shown === before;
    }
    count.textContent = `${shown} of ${all} rows shown`;
  }

  // The numbers are in the tables of all metrics, further down, and only there.
  function chooseMetric() {
    const { value, selectedOptions } = fields.metric;
    const found = new Map();
    for (const table of value ? document.querySelectorAll("table.all") : []) {
      const row = [...table.tBodies[0].rows].find((r) => r.cells[0].textContent === value);
      if (row) found.set(table.dataset.part, row.cells);
    }
    for (const { heads, bodies } of tables) {
      heads[MAIN].firstChild.textContent = value || "Main metric";
      heads[MAIN].toggleAttribute("data-low", "low" in selectedOptions[0].dataset);
      for (const { facts, rows } of bodies) {
        const cells = found.get(facts.part);
        for (const row of rows) {
          row.cells[MAIN].textContent = value ? cells?.[row.place].textContent ?? "–" : row.main;
        }
      }
    }
  }

  function number(row, column) {
    const value = parseFloat(row.cells[column].textContent.replace(/[<,]/g, ""));
    return Number.isNaN(value) ? null : value;
  }

  function compare(kind, column, down) {
    const text = (row, place) => row.cells[place].textContent;
    const sign = down ? -1 : 1;
    return (a, b) => {
      if (kind === "text") return sign * text(a, column).localeCompare(text(b, column), "en");
      const machine = a.cells.length - 2;
      const failed = (row) => row.element.classList.contains("failed");
      const [x, y] = [number(a, column), number(b, column)];
      return failed(a) - failed(b)
        || (kind === "cost" ? text(a, machine).localeCompare(text(b, machine), "en") : 0)
        || (x === null) - (y === null)
        || sign * (x - y);
    };
  }

  function sort() {
    tables.forEach(({ heads, bodies }, number) => {
      const mine = order?.table === number;
      heads.forEach((head, column) => {
        if (mine && order.column === column) {
          head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
        } else {
          head.removeAttribute("aria-sort");
        }
      });
      for (const { element, rows } of bodies) {
        const { kind } = mine ? heads[order.column].dataset : {};
        const sorted = mine ? [...rows].sort(compare(kind, order.column, order.down)) : rows;
        element.append(...sorted.map((row) => row.element));
      }
    });
  }

  // The state stands in the address, so that it can be kept and sent.
  function keep() {
    const state = new URLSearchParams();
    for (const field of form.querySelectorAll("[name]")) {
      if (field.value) state.set(field.name, field.value);
    }
    if (order) state.set("sort", `${order.table}.${order.column}.${order.down ? "down" : "up"}`);
    history.replaceState(null, "", state.size ? `#?${state}` : "#results");
  }

  function recall() {
    if (!location.hash.startsWith("#?")) return reveal();
    const state = new URLSearchParams(location.hash.slice(2));
    for (const field of form.querySelectorAll("[name]")) {
      field.value = state.get(field.name) ?? "";
      if (field.selectedIndex < 0) field.value = ""; // a choice that is no longer there
    }
    const [table, column, way] = (state.get("sort") ?? "").split(".");
    const kind = tables[table]?.heads[column]?.dataset.kind;
    order = kind ? { table: Number(table), column: Number(column), down: way === "down" } : null;
    chooseMetric();
    sort();
    filter();
    form.scrollIntoView();
  }

  // Browsers that do not open what a fragment lies in are helped.
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    let closed = target?.closest("details:not([open])");
    if (!closed) return;
    for (; closed; closed = target.closest("details:not([open])")) closed.open = true;
    target.scrollIntoView();
  }

  tables.forEach(({ heads }, table) => heads.forEach((head, column) => {
    const { kind } = head.dataset;
    if (!kind) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const again = order?.table === table && order.column === column;
      const down = again ? !order.down : kind !== "text" && !("low" in head.dataset);
      order = { table, column, down };
      sort();
      keep();
    });
  }));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    chooseMetric();
    sort();
    filter();
    keep();
  });
  document.getElementById("clear").addEventListener("click", () => {
    form.reset();
    order = null;
    chooseMetric();
    sort();
    filter();
    keep();
    fields.track.focus();
  });
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  filter();
  recall();
})();
