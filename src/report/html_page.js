"use strict";
(function () {
  // Numbers as the page writes them: 1,234 or -5.6; anything else sorts as words, [z] last.
  function key(cell) {
    var words = cell.textContent.trim();
    var number = Number(words.replace(/[,\u00a3%]/g, ""));
    return { words: words, number: words === "" || isNaN(number) ? null : number };
  }
  function compare(a, b, sign) {
    if (a.words === "[z]" || b.words === "[z]") {
      return (a.words === "[z]" ? 1 : 0) - (b.words === "[z]" ? 1 : 0);
    }
    if (a.number !== null && b.number !== null) {
      return sign * (a.number - b.number);
    }
    return sign * (a.words < b.words ? -1 : a.words > b.words ? 1 : 0);
  }
  function sortBy(table, heading, column) {
    var sign = heading.getAttribute("aria-sort") === "descending" ? 1 : -1;
    if (!heading.classList.contains("n") && !heading.hasAttribute("aria-sort")) {
      sign = 1;
    }
    table.querySelectorAll("thead th").forEach(function (other) {
      other.removeAttribute("aria-sort");
    });
    heading.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    var body = table.tBodies[0];
    Array.from(body.rows).map(function (row, index) {
      return { row: row, index: index, key: key(row.cells[column]) };
    }).sort(function (a, b) {
      return compare(a.key, b.key, sign) || a.index - b.index;
    }).forEach(function (item) {
      body.appendChild(item.row);
    });
  }
  function addFilter(table) {
    var label = document.createElement("label"), input = document.createElement("input");
    var count = document.createElement("output");
    label.className = "filter";
    label.textContent = "Show rows with ";
    input.type = "search";
    label.appendChild(input);
    label.appendChild(document.createTextNode(" "));
    label.appendChild(count);
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase(), rows = Array.from(table.tBodies[0].rows), shown = 0;
      rows.forEach(function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = wanted === "" ? "" : shown + " of " + rows.length + " rows";
    });
    var box = table.parentNode;
    box.parentNode.insertBefore(label, box);
  }
  // Evidence and conventions are printed, whether they were open or not.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details.record:not([open])"));
    opened.forEach(function (details) {
      details.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) {
      details.open = false;
    });
  });
  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.textContent = "";
      heading.appendChild(button);
      button.addEventListener("click", function () {
        sortBy(table, heading, column);
      });
    });
    if (table.tBodies[0].rows.length > 3) {
      addFilter(table);
    }
  });
})();
