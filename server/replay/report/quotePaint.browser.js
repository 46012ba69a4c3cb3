/** Pixels of width per triangle: closer ones hide each other and the quotes under them. */
const FILL_SPACE = 4;

/**
 * Our quotes as one band per venue, and our fills as triangles: a primitive of Lightweight Charts, which has no
 * series for either. `shown` is read at every drawing; `token` gives the colours of the page's theme.
 */
globalThis.QuotePaint = class QuotePaint {
  constructor(market, shown, samplesAtS, token) {
    Object.assign(this, { market, shown, token, last: samplesAtS.length - 1 });
    this.fillIndexes = market.fills.atS.map((atS) => placeBetween(samplesAtS, atS));
  }

  attached({ chart, series, requestUpdate }) {
    Object.assign(this, { scale: chart.timeScale(), series, requestUpdate });
  }

  paneViews() {
    const view = (zOrder, draw) => ({
      zOrder: () => zOrder,
      renderer: () => ({
        draw: (target) =>
          target.useMediaCoordinateSpace(({ context, mediaSize }) => draw(context, mediaSize.width)),
      }),
    });
    return [
      view("bottom", (context) => this.drawBands(context)),
      view("top", (context, width) => this.drawFills(context, width)),
    ];
  }

  autoscaleInfo(from, to) {
    let minValue = Infinity;
    let maxValue = -Infinity;
    for (const [v, { bid, ask }] of this.market.venues.entries()) {
      if (!this.shown[v]) continue;
      for (let at = Math.max(0, Math.floor(from)); at <= Math.min(this.last, Math.ceil(to)); at++) {
        minValue = Math.min(minValue, bid[at] ?? Infinity, ask[at] ?? Infinity);
        maxValue = Math.max(maxValue, bid[at] ?? -Infinity, ask[at] ?? -Infinity);
      }
    }
    return minValue <= maxValue ? { priceRange: { minValue, maxValue } } : null;
  }

  /** The scale places whole samples only. */
  x(index) {
    const whole = Math.floor(index);
    const left = this.scale.logicalToCoordinate(whole);
    return index === whole
      ? left
      : left + (index - whole) * (this.scale.logicalToCoordinate(whole + 1) - left);
  }

  y(price) {
    return this.series.priceToCoordinate(price);
  }

  /** A quote holds from its sample to the next one. */
  drawBands(context) {
    const range = this.scale.getVisibleLogicalRange();
    if (range === null) return;
    const from = Math.max(0, Math.floor(range.from));
    const to = Math.min(this.last - 1, Math.ceil(range.to));
    const band = new Path2D();
    const edges = new Path2D();
    for (const [v, { bid, ask }] of this.market.venues.entries()) {
      if (!this.shown[v]) continue;
      for (let at = from; at <= to; at++) {
        const [left, right] = [this.x(at), this.x(at + 1)];
        if (bid[at] !== null && ask[at] !== null)
          band.rect(left, this.y(ask[at]), right - left, this.y(bid[at]) - this.y(ask[at]));
      }
      for (const column of [bid, ask]) this.traceSteps(edges, column, from, to);
    }
    context.fillStyle = context.strokeStyle = this.token("quote");
    context.globalAlpha = 0.16;
    context.fill(band);
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.stroke(edges);
    context.globalAlpha = 1;
  }

  traceSteps(path, column, from, to) {
    for (let at = from; at <= to; at++) {
      if (column[at] === null) continue;
      const y = this.y(column[at]);
      if (at === from || column[at - 1] === null) path.moveTo(this.x(at), y);
      else path.lineTo(this.x(at), y);
      path.lineTo(this.x(at + 1), y);
    }
  }

  /** A buy points up at its price from below, a sell down at it from above. No more than the width can show. */
  drawFills(context, width) {
    const range = this.scale.getVisibleLogicalRange();
    if (range === null) return;
    const { price, buy, venue } = this.market.fills;
    const inView = this.fillIndexes.flatMap((index, at) =>
      index >= range.from && index <= range.to && this.shown[venue[at]] ? [at] : [],
    );
    const step = Math.ceil(inView.length / (width / FILL_SPACE));
    const half = step > 1 ? 3 : 4;
    const paths = [new Path2D(), new Path2D()];
    for (let i = 0; i < inView.length; i += step) {
      const at = inView[i];
      const [x, y] = [this.x(this.fillIndexes[at]), this.y(price[at])];
      const away = buy[at] === 1 ? 1.7 * half : -1.7 * half;
      const path = paths[buy[at]];
      path.moveTo(x, y);
      path.lineTo(x - half, y + away);
      path.lineTo(x + half, y + away);
      path.closePath();
    }
    context.lineWidth = 0.5;
    context.strokeStyle = this.token("panel");
    for (const [at, path] of paths.entries()) {
      context.fillStyle = this.token(at === 1 ? "buy" : "sell");
      context.fill(path);
      context.stroke(path);
    }
  }
};

/** Where an instant lies between the samples, as the time scale counts them. */
function placeBetween(samplesAtS, atS) {
  let [low, high] = [0, samplesAtS.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (samplesAtS[middle] <= atS) low = middle;
    else high = middle;
  }
  const step = samplesAtS[high] - samplesAtS[low];
  return step > 0 ? low + (atS - samplesAtS[low]) / step : low;
}
