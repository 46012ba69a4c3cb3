/**
 * Draws a report's charts from the data in its page. It runs in the browser as it stands, without modules and
 * without a network; `LightweightCharts` and `QuotePaint` are globals. Shape of the data: `Picture` in picture.ts.
 */
(() => {
  const { createChart, LineSeries, BaselineSeries, LineStyle, LineType } = LightweightCharts;
  const picture = JSON.parse(document.getElementById("picture").textContent);
  const times = picture.atS.map((at) => picture.startS + at);
  const last = times.length - 1;
  const DASHES = { solid: LineStyle.Solid, dashed: LineStyle.Dashed, dotted: LineStyle.Dotted };
  /** Room for the widest price, so that the time axes of all charts line up. */
  const SCALE_WIDTH = 96;
  const VENUE_COLORS = 5;

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function number(value, decimals, signed) {
    if (value === null || value === undefined) return "—";
    const text = Math.abs(value).toLocaleString("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    if (!/[1-9]/.test(text)) return text;
    return value < 0 ? `−${text}` : signed ? `+${text}` : text;
  }

  function clock(atS) {
    return new Date(atS * 1_000).toISOString().slice(11, 19);
  }

  function day(atS) {
    return new Date(atS * 1_000).toISOString().slice(0, 10);
  }

  const manyDays = last > 0 && day(times[0]) !== day(times[last]);

  function instant(atS) {
    return manyDays ? `${day(atS)} ${clock(atS)}` : clock(atS);
  }

  /** The library's own marks are in the words of a calendar; ours are ISO dates and times of the day. */
  function tickMark(atS, type) {
    if (type <= 2) return day(atS).slice(5);
    return type === 4 ? clock(atS) : clock(atS).slice(0, 5);
  }

  function chartOptions() {
    return {
      autoSize: true,
      layout: {
        background: { color: "transparent" },
        textColor: token("secondary"),
        fontFamily: getComputedStyle(document.body).fontFamily,
        panes: { separatorColor: token("line"), separatorHoverColor: token("line"), enableResize: false },
        // The notice in the footer stands for it.
        attributionLogo: false,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: token("line") } },
      rightPriceScale: { borderVisible: false, minimumWidth: SCALE_WIDTH, entireTextOnly: true },
      timeScale: {
        borderColor: token("line"),
        timeVisible: true,
        secondsVisible: true,
        minBarSpacing: 0.01,
        fixLeftEdge: true,
        fixRightEdge: true,
        tickMarkFormatter: tickMark,
      },
      localization: { timeFormatter: (atS) => `${instant(atS)} UTC` },
      crosshair: { mode: 0 },
      handleScroll: { vertTouchDrag: false },
    };
  }

  /** A line with holes where nothing is known: the library would draw across them. */
  function withHoles(column) {
    return column.map((value, at) => {
      if (value === null || value === undefined) return { time: times[at] };
      const afterHole = at > 0 && (column[at - 1] === null || column[at - 1] === undefined);
      return afterHole ? { time: times[at], value, color: "transparent" } : { time: times[at], value };
    });
  }

  function lineOptions(color, decimals, more) {
    return {
      color: token(color),
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
      priceFormat: {
        type: "custom",
        minMove: 10 ** -decimals,
        formatter: (value) => number(value, decimals),
      },
      ...more,
    };
  }

  function drawMarket(element, market) {
    const chart = createChart(element, chartOptions());
    const root = element.closest("section");
    const boxes = [...root.querySelectorAll("input")];
    const shown = boxes.map((box) => box.checked);
    const mids = market.venues.map((venue, v) => {
      const options = lineOptions(`venue-${v % VENUE_COLORS}`, market.decimals, { visible: shown[v] });
      const series = chart.addSeries(LineSeries, options);
      series.setData(withHoles(venue.mid));
      return series;
    });
    const fair = chart.addSeries(
      LineSeries,
      lineOptions("fair", market.decimals, { lineWidth: 2, lastValueVisible: true }),
    );
    fair.setData(withHoles(market.fair));
    const paint = new QuotePaint(market, shown, picture.atS, token);
    fair.attachPrimitive(paint);
    for (const [v, box] of boxes.entries())
      box.onchange = () => {
        shown[v] = box.checked;
        mids[v].applyOptions({ visible: box.checked });
        paint.requestUpdate();
      };
    drawInventory(chart, market);
    const [pricePane, inventoryPane] = chart.panes();
    pricePane.setStretchFactor(3);
    inventoryPane.setStretchFactor(1);
    return { chart, main: fair, values: market.fair, root };
  }

  function drawInventory(chart, market) {
    for (const sign of [1, -1]) {
      const series = chart.addSeries(
        LineSeries,
        lineOptions("sell", market.inventoryDecimals, { lineStyle: LineStyle.Dashed }),
        1,
      );
      series.setData(withHoles(market.limit.map((limit) => (limit === null ? null : sign * limit))));
    }
    const fill = `${token("inventory")}38`;
    const inventory = chart.addSeries(
      BaselineSeries,
      {
        ...lineOptions("inventory", market.inventoryDecimals, { lastValueVisible: true }),
        lineType: LineType.WithSteps,
        baseValue: { type: "price", price: 0 },
        topLineColor: token("inventory"),
        bottomLineColor: token("inventory"),
        topFillColor1: fill,
        topFillColor2: fill,
        bottomFillColor1: fill,
        bottomFillColor2: fill,
      },
      1,
    );
    inventory.setData(withHoles(market.inventory));
  }

  function drawPnl(element) {
    const chart = createChart(element, chartOptions());
    const series = picture.pnl.map(({ part, stroke, values }) => {
      const strong = part === "total" ? { lineWidth: 3, lastValueVisible: true } : {};
      const line = chart.addSeries(
        LineSeries,
        lineOptions(stroke.color, picture.pnlAxisDecimals, { lineStyle: DASHES[stroke.dash], ...strong }),
      );
      line.setData(withHoles(values));
      return line;
    });
    const total = picture.pnl.at(-1);
    return { chart, main: series.at(-1), values: total.values, root: element.closest("section") };
  }

  /** Writes the values of one sample into the table beside a chart. */
  function show(root, market, at) {
    const write = (cell, text) => {
      const target = root.querySelector(`[data-cell="${cell}"]`);
      if (target !== null) target.textContent = text;
    };
    write("at", `${instant(times[at])} UTC`);
    if (market === undefined) {
      for (const { part, values } of picture.pnl) write(part, number(values[at], picture.pnlDecimals, true));
      return;
    }
    write("fair", number(market.fair[at], market.decimals));
    write("inventory", number(market.inventory[at], market.inventoryDecimals + 2, true));
    write("limit", number(market.limit[at], market.inventoryDecimals + 2));
    for (const [v, { mid, bid, ask, decimals }] of market.venues.entries()) {
      write(`mid-${v}`, number(mid[at], market.decimals));
      write(`bid-${v}`, number(bid[at], decimals));
      write(`ask-${v}`, number(ask[at], decimals));
    }
  }

  /** One time for all charts: what is in view, and where the pointer is. */
  function join(views) {
    for (const view of views) {
      view.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
        if (range === null) return;
        for (const other of views) {
          const theirs = other.chart.timeScale().getVisibleLogicalRange();
          const equal =
            theirs !== null && Math.abs(theirs.from - range.from) + Math.abs(theirs.to - range.to) < 1e-6;
          if (other !== view && !equal) other.chart.timeScale().setVisibleLogicalRange(range);
        }
      });
      view.chart.subscribeCrosshairMove(({ logical, sourceEvent }) => {
        const inside = logical !== undefined && logical >= 0 && logical <= last;
        for (const { root, market } of views) show(root, market, inside ? logical : last);
        if (sourceEvent === undefined) return;
        for (const other of views.filter((candidate) => candidate !== view)) {
          const value = inside ? other.values[logical] : undefined;
          if (value === undefined || value === null) other.chart.clearCrosshairPosition();
          else other.chart.setCrosshairPosition(value, times[logical], other.main);
        }
      });
    }
  }

  let views = [];

  function drawAll(range) {
    for (const { chart } of views) chart.remove();
    views = [...document.querySelectorAll("[data-chart]")].map((element) => {
      const market = picture.markets[Number(element.dataset.chart)];
      return market === undefined ? drawPnl(element) : { ...drawMarket(element, market), market };
    });
    for (const { chart } of views) {
      if (range === undefined) chart.timeScale().fitContent();
      else chart.timeScale().setVisibleLogicalRange(range);
    }
    join(views);
  }

  for (const element of document.querySelectorAll("[data-chart]"))
    // A page full of charts must still scroll: the wheel is theirs only with Ctrl or ⌘.
    element.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
      },
      { capture: true },
    );

  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    drawAll(views[0]?.chart.timeScale().getVisibleLogicalRange() ?? undefined),
  );
})();
