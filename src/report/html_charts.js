"use strict";
// On screen each figure of report.html becomes a chart that answers: by Chart.js, which stands before this script, from
// the block of JSON beside the static figure. Paper, and readers without scripts, keep the static figure.
(function () {
  const INTERVAL = "95 % interval", DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [4, 6]];
  const SHADES = ["line", "neg", "pos", "ink", "soft", "zero"];
  const SHAPES = ["circle", "rect", "triangle", "rectRot", "star", "crossRot", "rectRounded"];
  const BAR = 14, SECOND_BAR = 10, LINE = 16, ROW_GAP = 12, AXIS_ROOM = 26;
  const charts = [];
  let colours = {};

  // ---- numbers, as the page writes them; the data are rounded as the tables are ----

  function grouped(value, decimals) {
    const parts = Math.abs(value).toFixed(decimals).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return (value < 0 ? "-" : "") + parts.join(".");
  }
  function yearWords(year) {
    return year + "-" + String((year + 1) % 100).padStart(2, "0");
  }
  function exact(value, format, decimals) {
    if (value === null) {
      return "[z]";
    }
    if (format === "gbp") {
      return (value < 0 ? "-" : "") + "\u00a3" + grouped(Math.abs(value), decimals);
    }
    return format === "percent" ? Math.round(100 * value) + " %"
      : format === "year" ? yearWords(value) : grouped(value, decimals);
  }
  function short(value, format) {
    const plain = Number(value.toPrecision(6)), size = Math.abs(plain);
    if (format === "percent" || format === "year") {
      return exact(format === "year" ? Math.round(plain) : plain, format, 0);
    }
    if (format !== "gbp") {
      const decimals = (String(plain).split(".")[1] || "").length;
      return String(plain).indexOf("e") < 0 ? grouped(plain, decimals) : String(plain);
    }
    const units = [[1e9, "bn"], [1e6, "m"], [1e3, "k"], [1, ""]];
    const unit = units.find(function (pair) { return size >= 0.9995 * pair[0]; }) || units[3];
    const amount = size / unit[0], places = unit[0] === 1 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
    return (plain < 0 ? "-" : "") + "\u00a3" + grouped(Number(amount.toFixed(places)), places)
      .replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") + unit[1];
  }
  function interval(low, high, format, decimals) {
    return low === null || low === undefined || high === null || high === undefined ? ""
      : " (" + INTERVAL + " " + exact(low, format, decimals) + " to " + exact(high, format, decimals) + ")";
  }
  function finite(values) {
    return values.filter(function (value) { return typeof value === "number"; });
  }

  // ---- colours of the style sheet, hatching, words ----

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    ["bg", "card", "ink", "soft", "rule", "grid", "zero", "pos", "neg", "line"].forEach(function (name) {
      colours[name] = style.getPropertyValue("--" + name).trim();
    });
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    Chart.defaults.color = colours.soft;
    Chart.defaults.borderColor = colours.grid;
  }
  function font(weight, size) {
    return weight + " " + size + "px " + Chart.defaults.font.family;
  }
  // Cash and low ends are hatched, so that they are told apart without colour.
  function hatch(context, shade, rising) {
    const tile = document.createElement("canvas"), side = 8;
    tile.width = tile.height = side;
    const brush = tile.getContext("2d");
    brush.fillStyle = colours.card;
    brush.fillRect(0, 0, side, side);
    brush.strokeStyle = colours[shade];
    brush.lineWidth = 2.5;
    for (let shift = -side; shift <= side; shift += side) {
      brush.beginPath();
      brush.moveTo(shift - 1, rising ? side + 1 : -1);
      brush.lineTo(shift + side + 1, rising ? -1 : side + 1);
      brush.stroke();
    }
    return context.createPattern(tile, "repeat");
  }
  function wrap(context, words, width) {
    const lines = [];
    let line = "";
    words.split(" ").forEach(function (word) {
      const longer = line === "" ? word : line + " " + word;
      if (line !== "" && context.measureText(longer).width > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
      while (context.measureText(line).width > width && line.length > 1) {
        let n = line.length - 1;
        while (n > 1 && context.measureText(line.slice(0, n)).width > width) {
          --n;
        }
        lines.push(line.slice(0, n));
        line = line.slice(n);
      }
    });
    return lines.concat(line === "" && lines.length > 0 ? [] : [line]);
  }

  // ---- what every chart shares ----

  function scale(more) {
    return Object.assign({
      grid: {
        color: function (context) { return context.tick && context.tick.value === 0 ? colours.zero : colours.grid; },
        drawBorder: false, tickLength: 4
      }
    }, more);
  }
  function ticks(format, limit) {
    return {
      maxTicksLimit: limit, maxRotation: 0, autoSkipPadding: 14, font: { size: 11 },
      precision: format === "year" ? 0 : undefined, callback: function (value) { return short(value, format); }
    };
  }
  // One box of words for pointer and keyboard; read out, because it is a status.
  function tell(chart, context) {
    const tooltip = context.tooltip, said = chart.said;
    if (tooltip.opacity === 0 || !tooltip.dataPoints || tooltip.dataPoints.length === 0) {
      said.hidden = true;
      return;
    }
    const lines = chart.words(tooltip.dataPoints);
    said.textContent = "";
    lines.forEach(function (line, index) {
      const part = document.createElement(index === 0 ? "strong" : "span");
      part.textContent = line;
      said.appendChild(part);
    });
    said.hidden = false;
    const room = chart.box.clientWidth - said.offsetWidth, below = tooltip.caretY + 16;
    said.style.left = Math.max(0, Math.min(tooltip.caretX - said.offsetWidth / 2, room)) + "px";
    said.style.top = (below + said.offsetHeight <= chart.box.clientHeight || tooltip.caretY < said.offsetHeight + 16
      ? below : tooltip.caretY - said.offsetHeight - 16) + "px";
  }
  function stepTo(chart, active) {
    const drawn = chart.drawn;
    if (active.length === 0) {
      drawn.setActiveElements([]);
      drawn.tooltip.setActiveElements([], { x: 0, y: 0 });
      chart.said.hidden = true;
    } else {
      const place = drawn.getDatasetMeta(active[0].datasetIndex).data[active[0].index].getProps(["x", "y"], true);
      drawn.setActiveElements(active);
      drawn.tooltip.setActiveElements(active, place);
    }
    drawn.draw();
  }
  function listenToKeys(chart) {
    chart.canvas.addEventListener("keydown", function (event) {
      const stops = chart.stops(), n = stops.length;
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") {
        chart.at = -1;
        stepTo(chart, []);
      } else if (n > 0 && (step !== undefined || event.key === "Home" || event.key === "End")) {
        chart.at = event.key === "Home" ? 0 : event.key === "End" ? n - 1
          : chart.at < 0 ? (step > 0 ? 0 : n - 1) : (chart.at + step + n) % n;
        stepTo(chart, stops[chart.at]);
        event.preventDefault();
      }
    });
    chart.canvas.addEventListener("blur", function () {
      chart.at = -1;
      stepTo(chart, []);
    });
  }
  function options(chart, more) {
    return Object.assign({
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      plugins: {
        legend: { display: false },
        tooltip: { enabled: false, external: function (context) { tell(chart, context); } }
      }
    }, more);
  }

  // ---- bars: partners, programmes, quintiles, transfers, tornado ----

  function barRows(chart, context, width) {
    let y = 0;
    return chart.data.rows.map(function (row) {
      context.font = font(400, 11);
      const note = row.note ? context.measureText(" " + row.note).width : 0;
      context.font = font(600, 13);
      const lines = wrap(context, row.label, width - note - 4), top = y;
      const bar = top + LINE * lines.length + 3;
      const two = chart.data.second !== undefined && chart.data.centre === undefined;
      y = bar + BAR + (two ? SECOND_BAR + 3 : 0) + ROW_GAP;
      return { row: row, lines: lines, top: top, y: bar + BAR / 2, second: bar + BAR + 3 + SECOND_BAR / 2, end: y };
    });
  }
  function barShown(chart, row) {
    return row.value !== null && chart.on[row.value < 0 && chart.data.loss !== undefined ? "loss" : "value"];
  }
  function swing(chart, row) {
    return chart.data.centre === undefined ? row.value : Math.abs(row.value - row.second);
  }
  function drawBarWords(chart, drawn) {
    const context = drawn.ctx, area = drawn.chartArea, data = chart.data, y = drawn.scales.y, x = drawn.scales.x;
    context.save();
    if (data.centre !== undefined) {
      context.strokeStyle = colours.zero;
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x.getPixelForValue(data.centre), area.top);
      context.lineTo(x.getPixelForValue(data.centre), area.bottom);
      context.stroke();
    }
    chart.rows.forEach(function (place) {
      const row = place.row, top = y.getPixelForValue(place.top);
      context.textBaseline = "alphabetic";
      context.textAlign = "left";
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeStyle = colours.card;
      place.lines.forEach(function (line, index) {
        context.font = font(600, 13);
        context.fillStyle = colours.card; // no line of the axis runs through the words
        context.fillRect(0, top + 1 + LINE * index, context.measureText(line).width + 4, LINE);
        context.fillStyle = colours.ink;
        context.strokeText(line, 0, top + 13 + LINE * index);
        context.fillText(line, 0, top + 13 + LINE * index);
        if (row.note && index === place.lines.length - 1) {
          const at = context.measureText(line + " ").width;
          context.font = font(400, 11);
          context.fillStyle = colours.soft;
          context.fillText(row.note, at, top + 13 + LINE * index);
        }
      });
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.font = font(600, 12);
      context.fillStyle = colours.ink;
      context.fillText(row.value === null ? "[z]" : short(swing(chart, row), data.format), drawn.width - 1,
        y.getPixelForValue(place.y));
      if (data.centre === undefined && row.second !== undefined) {
        context.font = font(400, 11);
        context.fillStyle = colours.soft;
        context.fillText(short(row.second, data.format), drawn.width - 1, y.getPixelForValue(place.second));
      }
      if (row.low !== undefined && row.low !== row.high && chart.on.interval && barShown(chart, row)) {
        const at = y.getPixelForValue(place.y), low = x.getPixelForValue(row.low), high = x.getPixelForValue(row.high);
        context.strokeStyle = colours.ink;
        context.lineWidth = 1.5;
        context.beginPath();
        [[low, at, high, at], [low, at - 4, low, at + 4], [high, at - 4, high, at + 4]].forEach(function (line) {
          context.moveTo(line[0], line[1]);
          context.lineTo(line[2], line[3]);
        });
        context.stroke();
      }
    });
    context.restore();
  }
  function barExtent(chart) {
    const data = chart.data, values = [data.centre === undefined ? 0 : data.centre];
    data.rows.forEach(function (row) {
      values.push(row.value, row.second);
      if (chart.on.interval) {
        values.push(row.low, row.high);
      }
    });
    const known = finite(values);
    return { low: Math.min.apply(null, known), high: Math.max.apply(null, known) };
  }
  const bars = {
    legend: function (chart) {
      const data = chart.data, tornado = data.centre !== undefined;
      const items = [{ name: data.value, key: "value", swatch: tornado ? "high" : "pos" }];
      if (data.loss !== undefined) {
        items.push({ name: data.loss, key: "loss", swatch: "neg" });
      }
      if (data.second !== undefined) {
        items.push({ name: data.second, key: "second", swatch: tornado ? "low" : "cpos" });
      }
      if (data.rows.some(function (row) { return row.low !== undefined; })) {
        items.push({ name: INTERVAL, key: "interval", swatch: "ci" });
      }
      return items;
    },
    make: function (chart) {
      const data = chart.data, context = chart.canvas.getContext("2d"), width = chart.box.clientWidth;
      const tornado = data.centre !== undefined, extent = barExtent(chart);
      chart.rows = barRows(chart, context, width);
      chart.width = width;
      const height = chart.rows.length > 0 ? chart.rows[chart.rows.length - 1].end : 0;
      chart.box.style.height = height + AXIS_ROOM + "px";
      context.font = font(600, 12);
      const room = Math.max.apply(null, data.rows.map(function (row) {
        return Math.max(context.measureText(short(swing(chart, row) || 0, data.format)).width,
          row.second === undefined || tornado ? 0 : context.measureText(short(row.second, data.format)).width);
      }).concat(20));
      const shade = function (value) { return value < 0 ? "neg" : "pos"; };
      const first = {
        barThickness: BAR, grouped: false, minBarLength: 1,
        data: chart.rows.map(function (place) {
          const value = barShown(chart, place.row) ? place.row.value : NaN;
          return { x: tornado ? [data.centre, value] : value, y: place.y };
        }),
        backgroundColor: data.rows.map(function (row) { return colours[tornado ? "pos" : shade(row.value)]; })
      };
      const second = {
        barThickness: tornado ? BAR : SECOND_BAR, grouped: false, minBarLength: 1, borderWidth: 1,
        data: chart.rows.map(function (place) {
          const value = chart.on.second && typeof place.row.second === "number" ? place.row.second : NaN;
          return { x: tornado ? [data.centre, value] : value, y: tornado ? place.y : place.second };
        }),
        backgroundColor: data.rows.map(function (row) {
          return tornado ? hatch(context, "neg", false) : hatch(context, shade(row.second), row.second >= 0);
        }),
        borderColor: data.rows.map(function (row) { return colours[tornado ? "neg" : shade(row.second)]; })
      };
      return {
        type: "bar",
        data: { datasets: data.second === undefined ? [first] : [first, second] },
        options: options(chart, {
          indexAxis: "y", interaction: { mode: "nearest", axis: "y", intersect: false },
          layout: { padding: { right: Math.ceil(room) + 8, left: 1 } },
          scales: {
            x: scale({
              suggestedMin: extent.low, suggestedMax: extent.high, beginAtZero: !tornado,
              ticks: ticks(data.format, width < 400 ? 4 : 6), afterFit: function (axis) { axis.height = AXIS_ROOM; }
            }),
            y: { type: "linear", min: 0, max: height, reverse: true, display: false, offset: false }
          }
        }),
        plugins: [{ id: "words", afterDatasetsDraw: function (drawn) { drawBarWords(chart, drawn); } }]
      };
    },
    words: function (chart, points) {
      const data = chart.data, row = data.rows[points[0].dataIndex], lines = [row.label];
      if (data.centre !== undefined) {
        return lines.concat(data.value + ": " + exact(row.value, data.format, data.decimals),
          data.second + ": " + exact(row.second, data.format, data.decimals));
      }
      lines.push((data.measure || data.value) + ": " + exact(row.value, data.format, data.decimals) +
        interval(row.low, row.high, data.format, data.decimals));
      return row.second === undefined ? lines
        : lines.concat(data.second + ": " + exact(row.second, data.format, data.decimals));
    },
    stops: function (chart) {
      return chart.data.rows.map(function (row, index) {
        return [{ datasetIndex: barShown(chart, row) || chart.data.second === undefined ? 0 : 1, index: index }];
      }).filter(function (stop) {
        return barShown(chart, chart.data.rows[stop[0].index]) || (stop[0].datasetIndex === 1 && chart.on.second);
      });
    }
  };

  // ---- lines: cash over the years, acceptability, frontiers ----

  function drawBands(chart, drawn) {
    const context = drawn.ctx, x = drawn.scales.x, y = drawn.scales.y;
    context.save();
    chart.data.series.forEach(function (series, index) {
      const twin = chart.data.series.findIndex(function (other, i) {
        return chart.on[i] && String(other.low) === String(series.low) && String(other.high) === String(series.high);
      });
      if (!chart.on[index] || !chart.on.interval || series.low === undefined || twin < index) {
        return; // of equal bands one is enough
      }
      context.beginPath();
      chart.data.x.forEach(function (at, i) {
        context.lineTo(x.getPixelForValue(at), y.getPixelForValue(series.high[i]));
      });
      for (let i = chart.data.x.length - 1; i >= 0; --i) {
        context.lineTo(x.getPixelForValue(chart.data.x[i]), y.getPixelForValue(series.low[i]));
      }
      context.closePath();
      context.globalAlpha = 0.14;
      context.fillStyle = colours[SHADES[index % SHADES.length]];
      context.fill();
    });
    context.restore();
  }
  function linesExtent(chart) {
    const values = chart.data.zero ? [0] : [];
    chart.data.series.forEach(function (series, index) {
      if (chart.on[index]) {
        values.push.apply(values, series.y);
        if (chart.on.interval && series.low !== undefined) {
          values.push.apply(values, series.low.concat(series.high));
        }
      }
    });
    const known = finite(values);
    return known.length === 0 ? {}
      : { low: Math.min.apply(null, known), high: Math.max.apply(null, known) };
  }
  const lines = {
    legend: function (chart) {
      const many = chart.data.series.length > 1;
      const items = many ? chart.data.series.map(function (series, index) {
        return { name: series.label, key: index, swatch: "line", off: series.off === true };
      }) : [];
      return chart.data.series.some(function (series) { return series.low !== undefined; })
        ? items.concat({ name: INTERVAL, key: "interval", swatch: "band" }) : items;
    },
    make: function (chart) {
      const data = chart.data, extent = linesExtent(chart), few = data.x.length <= 30;
      chart.box.style.height = Math.max(data.height, 180) + 40 + "px";
      return {
        type: "line",
        data: {
          datasets: data.series.map(function (series, index) {
            const colour = colours[SHADES[index % SHADES.length]];
            return {
              data: data.x.map(function (x, i) { return { x: x, y: series.y[i] === null ? NaN : series.y[i] }; }),
              order: -index, // a later line is dashed over an equal one
              hidden: !chart.on[index], borderColor: colour, backgroundColor: colour, borderWidth: 2.25,
              borderDash: DASHES[index % DASHES.length], pointStyle: SHAPES[index % SHAPES.length],
              pointRadius: data.points && few ? 4 : 0, pointHoverRadius: 6, pointBorderColor: colour, tension: 0
            };
          })
        },
        options: options(chart, {
          interaction: { mode: "index", axis: "x", intersect: false },
          layout: { padding: { right: 14 } },
          scales: {
            x: scale({ type: "linear", min: Math.min.apply(null, data.x), max: Math.max.apply(null, data.x),
              ticks: ticks(data.xFormat, chart.box.clientWidth < 400 ? 4 : 7) }),
            y: scale({ suggestedMin: extent.low, suggestedMax: extent.high,
              max: data.format === "share" ? 1 : undefined, ticks: ticks(data.format, 7) })
          }
        }),
        plugins: [{ id: "bands", beforeDatasetsDraw: function (drawn) { drawBands(chart, drawn); } }]
      };
    },
    words: function (chart, points) {
      const data = chart.data, at = points[0].dataIndex;
      return [(data.xName || "") + exact(data.x[at], data.xFormat, 0)].concat(points.map(function (point) {
        const series = data.series[point.datasetIndex];
        return series.label + ": " + exact(series.y[at], data.format, data.decimals) + (series.low === undefined ? ""
          : interval(series.low[at], series.high[at], data.format, data.decimals));
      }));
    },
    stops: function (chart) {
      return chart.data.x.map(function (x, index) {
        const stop = [];
        chart.data.series.forEach(function (series, s) {
          if (chart.on[s] && series.y[index] !== null) {
            stop.push({ datasetIndex: s, index: index });
          }
        });
        return stop;
      }).filter(function (stop) { return stop.length > 0; });
    }
  };

  // ---- planes: cost-effectiveness, equality ----

  function ring(point) {
    const rest = Math.sqrt(Math.max(0, 1 - point.tilt * point.tilt)), places = [];
    for (let i = 0; i < 60; ++i) {
      const angle = 2 * Math.PI * i / 60, u = Math.cos(angle), v = point.tilt * u + rest * Math.sin(angle);
      places.push([point.x + point.xRadius * u, point.y + point.yRadius * v]);
    }
    return places;
  }
  function planeExtent(chart) {
    const x = [0], y = [0];
    chart.data.points.forEach(function (point, index) {
      if (chart.on[index]) {
        x.push(point.x, point.xLow, point.xHigh);
        y.push(point.y, point.yLow, point.yHigh);
        if (point.xRadius !== undefined) {
          x.push(point.x - point.xRadius, point.x + point.xRadius);
          y.push(point.y - point.yRadius, point.y + point.yRadius);
        }
        x.push.apply(x, point.xDraws || []);
        y.push.apply(y, point.yDraws || []);
      }
    });
    return { x: finite(x), y: finite(y) };
  }
  function drawSpread(chart, drawn) {
    const context = drawn.ctx, x = drawn.scales.x, y = drawn.scales.y, area = drawn.chartArea;
    context.save();
    chart.data.points.forEach(function (point, index) {
      if (!chart.on[index]) {
        return;
      }
      context.strokeStyle = context.fillStyle = colours[SHADES[index % SHADES.length]];
      (point.xDraws || []).forEach(function (at, i) {
        context.globalAlpha = 0.45;
        context.fillRect(x.getPixelForValue(at) - 1, y.getPixelForValue(point.yDraws[i]) - 1, 2, 2);
      });
      if (point.xRadius !== undefined) {
        context.beginPath();
        ring(point).forEach(function (place) {
          context.lineTo(x.getPixelForValue(place[0]), y.getPixelForValue(place[1]));
        });
        context.closePath();
        context.globalAlpha = 0.12;
        context.fill();
        context.globalAlpha = 1;
        context.lineWidth = 1.5;
        context.setLineDash(DASHES[index % DASHES.length]);
        context.stroke();
        context.setLineDash([]);
      }
      context.globalAlpha = 1;
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.5;
      context.beginPath();
      if (point.xLow !== undefined) {
        context.moveTo(x.getPixelForValue(point.xLow), y.getPixelForValue(point.y));
        context.lineTo(x.getPixelForValue(point.xHigh), y.getPixelForValue(point.y));
      }
      if (point.yLow !== undefined) {
        context.moveTo(x.getPixelForValue(point.x), y.getPixelForValue(point.yLow));
        context.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.yHigh));
      }
      context.stroke();
    });
    const zeroX = x.getPixelForValue(0), zeroY = y.getPixelForValue(0);
    context.font = font(400, 11);
    context.fillStyle = colours.soft;
    chart.data.corners.forEach(function (words, index) {
      const right = index === 0 || index === 3, top = index < 2;
      const wide = right ? area.right - zeroX : zeroX - area.left, high = top ? zeroY - area.top : area.bottom - zeroY;
      if (wide > context.measureText(words).width + 8 && high > 18) {
        context.textAlign = right ? "right" : "left";
        context.fillText(words, right ? area.right - 2 : area.left + 4, top ? area.top + 12 : area.bottom - 6);
      }
    });
    context.restore();
  }
  const plane = {
    legend: function (chart) {
      return chart.data.points.map(function (point, index) {
        return { name: (index + 1) + ". " + point.label, key: index, swatch: "point" };
      });
    },
    make: function (chart) {
      const data = chart.data, extent = planeExtent(chart);
      const axis = function (values, format, name, limit) {
        return scale({ suggestedMin: Math.min.apply(null, values), suggestedMax: Math.max.apply(null, values),
          ticks: ticks(format, limit), title: { display: true, text: name, font: { size: 11 } } });
      };
      chart.box.style.height = "380px";
      const measure = chart.canvas.getContext("2d");
      measure.font = font(400, 11);
      return {
        type: "scatter",
        data: {
          datasets: data.points.map(function (point, index) {
            return { data: [{ x: point.x, y: point.y }], hidden: !chart.on[index], pointRadius: 9, pointHoverRadius: 11,
              backgroundColor: colours[SHADES[index % SHADES.length]], borderColor: colours.card };
          })
        },
        options: options(chart, {
          interaction: { mode: "nearest", intersect: false },
          layout: { padding: { right: 10, top: 6 } },
          scales: {
            x: axis(extent.x, data.xFormat, wrap(measure, data.xName, chart.box.clientWidth - 80), 6),
            y: axis(extent.y, data.format, wrap(measure, data.yName, 300), 7)
          }
        }),
        plugins: [{
          id: "spread",
          beforeDatasetsDraw: function (drawn) { drawSpread(chart, drawn); },
          afterDatasetsDraw: function (drawn) {
            const context = drawn.ctx;
            context.save();
            context.font = font(700, 12);
            context.textAlign = "center";
            context.textBaseline = "middle";
            context.fillStyle = colours.bg;
            data.points.forEach(function (point, index) {
              if (chart.on[index]) {
                context.fillText(String(index + 1), drawn.scales.x.getPixelForValue(point.x),
                  drawn.scales.y.getPixelForValue(point.y) + 1);
              }
            });
            context.restore();
          }
        }]
      };
    },
    words: function (chart, points) {
      const data = chart.data, point = data.points[points[0].datasetIndex];
      const said = [point.label,
        data.xName + ": " + exact(point.x, data.xFormat, data.xDecimals) +
          interval(point.xLow, point.xHigh, data.xFormat, data.xDecimals),
        data.yName + ": " + exact(point.y, data.format, data.decimals) +
          interval(point.yLow, point.yHigh, data.format, data.decimals)];
      return point.note === undefined ? said : said.concat(point.note);
    },
    stops: function (chart) {
      return chart.data.points.map(function (point, index) { return [{ datasetIndex: index, index: 0 }]; })
        .filter(function (stop) { return chart.on[stop[0].datasetIndex]; });
    }
  };

  // ---- from static figure to chart ----

  const forms = { bars: bars, lines: lines, plane: plane };

  function swatch(item) {
    const space = document.querySelector("svg").namespaceURI, svg = document.createElementNS(space, "svg");
    const add = function (name, attributes) {
      const shape = document.createElementNS(space, name);
      Object.keys(attributes).forEach(function (key) { shape.setAttribute(key, attributes[key]); });
      svg.appendChild(shape);
    };
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("width", item.swatch === "line" ? "34" : "22");
    svg.setAttribute("height", "12");
    if (item.swatch === "line") {
      add("path", { class: "line d" + item.key % DASHES.length, d: "M0 6H34" });
    } else if (item.swatch === "ci") {
      add("path", { class: "ci", d: "M1 6H21M1 2V10M21 2V10" });
    } else if (item.swatch === "point") {
      add("circle", { class: "p" + item.key % SHADES.length, cx: 11, cy: 6, r: 6 });
    } else {
      add("rect", { class: item.swatch, x: 1, y: 1, width: 20, height: 10 });
    }
    return svg;
  }
  function makeLegend(chart) {
    const list = document.createElement("ul");
    list.className = "key toggles";
    chart.form.legend(chart).forEach(function (item) {
      const entry = document.createElement("li"), button = document.createElement("button");
      chart.on[item.key] = item.off !== true;
      button.type = "button";
      button.setAttribute("aria-pressed", String(chart.on[item.key]));
      button.appendChild(swatch(item));
      button.appendChild(document.createTextNode(" " + item.name));
      button.addEventListener("click", function () {
        chart.on[item.key] = !chart.on[item.key];
        button.setAttribute("aria-pressed", String(chart.on[item.key]));
        draw(chart);
      });
      entry.appendChild(button);
      list.appendChild(entry);
    });
    return list;
  }
  function draw(chart) {
    if (chart.drawn) {
      chart.drawn.destroy();
    }
    chart.said.hidden = true;
    chart.at = -1;
    chart.drawn = new Chart(chart.canvas, chart.form.make(chart));
  }
  function isStill(element) {
    return ["chart", "panels", "panels-note", "key", "points", "axes"].some(function (name) {
      return element.classList.contains(name);
    });
  }
  function start(block) {
    const data = JSON.parse(block.textContent), parent = block.parentNode;
    const chart = { data: data, form: forms[data.kind], on: { interval: true, 0: true }, at: -1 };
    const picture = parent.querySelector("svg.chart"), words = picture.querySelector("desc");
    chart.box = document.createElement("div");
    chart.canvas = document.createElement("canvas");
    chart.said = document.createElement("div");
    chart.box.className = "live";
    chart.said.className = "reading";
    chart.said.setAttribute("role", "status");
    chart.said.hidden = true;
    chart.canvas.setAttribute("role", "img");
    chart.canvas.setAttribute("tabindex", "0");
    chart.canvas.setAttribute("aria-label", data.title + (words ? ": " + words.textContent : "") +
      ". Arrow keys read the values out.");
    chart.words = function (points) { return chart.form.words(chart, points); };
    chart.stops = function () { return chart.form.stops(chart); };
    chart.box.appendChild(chart.canvas);
    chart.box.appendChild(chart.said);
    const legend = makeLegend(chart);
    Array.from(parent.children).filter(isStill).forEach(function (element) { element.classList.add("still"); });
    if (legend.children.length > 0) {
      parent.insertBefore(legend, block);
    }
    parent.insertBefore(chart.box, block);
    draw(chart);
    listenToKeys(chart);
    charts.push(chart);
    if (chart.form === bars) { // labels wrap by width, and rows grow with them
      new ResizeObserver(function () {
        if (chart.box.clientWidth > 0 && chart.box.clientWidth !== chart.width) {
          draw(chart);
        }
      }).observe(chart.box);
    }
  }

  readColours();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
    readColours();
    charts.forEach(draw);
  });
  const near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) {
        near.unobserve(entry.target);
        start(entry.target.parentNode.querySelector(":scope > script.data"));
      }
    });
  }, { rootMargin: "400px 0px" });
  document.querySelectorAll("script.data").forEach(function (block) {
    near.observe(block.parentNode.querySelector("svg.chart"));
  });
})();
