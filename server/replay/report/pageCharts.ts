/** Each chart with the table beside it: its legend, which also shows the values under the pointer. */
import { PNL_PARTS } from "./figures.ts";
import { formatInstant, formatNumber, UNKNOWN, type NumberStyle } from "./format.ts";
import { html, type Html } from "./html.ts";
import type { Picture, PictureMarket } from "./picture.ts";

/** As many colours as page.css has for venues; a sixth venue shares one and is told apart by its box. */
const VENUE_COLORS = 5;

const DASHES = { solid: undefined, dashed: "4 2", dotted: "1 2" } as const;

/** The script writes into these cells; until it does they show the end of the run. */
export function marketSection(picture: Picture, market: PictureMarket, at: number): Html {
  const { decimals, inventoryDecimals } = market;
  const price = (column: readonly (number | null)[], digits: number): string =>
    lastOf(column, { decimals: digits });
  const venues = market.venues.map(
    (venue, v) =>
      html`<tr>
        <th scope="row">
          <label><input type="checkbox" checked />${line(`venue-${v % VENUE_COLORS}`)}${venue.name}</label>
        </th>
        <td data-cell="mid-${v}">${price(venue.mid, decimals)}</td>
        <td data-cell="bid-${v}">${price(venue.bid, venue.decimals)}</td>
        <td data-cell="ask-${v}">${price(venue.ask, venue.decimals)}</td>
      </tr>`,
  );
  return html`<section class="panel">
    <h2>${market.market} in ${picture.asset}</h2>
    <div class="picture">
      <div
        class="chart"
        data-chart="${at}"
        role="img"
        aria-label="${market.market}: mids, fair value, our quotes and fills, inventory"
      ></div>
      <div>
        <table>
          <caption>
            At
            <span data-cell="at">${endOf(picture)}</span>
          </caption>
          <thead>
            <tr>
              <th scope="col"></th>
              <th scope="col">mid</th>
              <th scope="col">our bid</th>
              <th scope="col">our ask</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">${line("fair", { width: 2 })}fair value</th>
              <td data-cell="fair">${price(market.fair, decimals)}</td>
              <td></td>
              <td></td>
            </tr>
            ${venues}
            <tr>
              <th scope="row">${line("inventory")}inventory</th>
              <td colspan="3">
                <span data-cell="inventory"
                  >${lastOf(market.inventory, { decimals: inventoryDecimals + 2, signed: true })}</span
                >
                ${market.base}
              </td>
            </tr>
            <tr>
              <th scope="row">${line("sell", { dash: DASHES.dashed })}limits</th>
              <td colspan="3">
                ±<span data-cell="limit">${price(market.limit, inventoryDecimals + 2)}</span> ${market.base}
              </td>
            </tr>
          </tbody>
        </table>
        <p class="key">
          ${band()}our quotes &nbsp; <span class="gain">▲</span> we bought &nbsp;
          <span class="loss">▼</span> we sold
        </p>
        <p class="secondary">
          ${market.omitted && `${market.omitted}. `}Fills that have no room appear when you zoom in. Drag to
          move; pinch, or Ctrl and the wheel, to zoom. Times are UTC.
        </p>
      </div>
    </div>
  </section>`;
}

/** Parts that never moved have no line; the table says so, as a picture cannot. */
export function pnlSection(picture: Picture): Html {
  const style: NumberStyle = { decimals: picture.pnlDecimals, signed: true };
  const rows = PNL_PARTS.map(({ part, label, stroke }) => {
    const drawn = picture.pnl.find((candidate) => candidate.part === part);
    const swatch = drawn === undefined ? undefined : line(stroke.color, { dash: DASHES[stroke.dash] });
    const value = drawn === undefined ? formatNumber(0, style) : lastOf(drawn.values, style);
    return html`<tr>
      <th scope="row">${swatch}${label}</th>
      <td data-cell="${part}">${value}</td>
    </tr>`;
  });
  const total = picture.pnl.find(({ part }) => part === "total")?.values ?? [];
  return html`<section class="panel">
    <h2>P&amp;L by part in ${picture.asset}</h2>
    <div class="picture">
      <div class="chart pnl" data-chart="pnl" role="img" aria-label="P&amp;L by part over time"></div>
      <div>
        <table>
          <caption>
            At
            <span data-cell="at">${endOf(picture)}</span>
          </caption>
          <tbody>
            ${rows}
            <tr class="total">
              <th scope="row">${line("text", { width: 3 })}total</th>
              <td data-cell="total">${lastOf(total, style)}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  </section>`;
}

function endOf({ startS, atS }: Picture): string {
  const end = atS.at(-1);
  if (end === undefined) return UNKNOWN;
  return `${formatInstant(new Date(Math.floor(startS + end) * 1e3).toISOString()).slice(11)} UTC`;
}

function lastOf(column: readonly (number | null)[], style: NumberStyle): string {
  const last = column.at(-1);
  return last === undefined || last === null ? UNKNOWN : formatNumber(last, style);
}

function line(
  color: string,
  { width = 1.5, dash }: { width?: number; dash?: string | undefined } = {},
): Html {
  return html`<svg class="swatch" width="18" height="8" aria-hidden="true">
    <line
      x1="0"
      y1="4"
      x2="18"
      y2="4"
      stroke="var(--${color})"
      stroke-width="${width}"
      stroke-dasharray="${dash}"
    />
  </svg>`;
}

function band(): Html {
  return html`<svg class="swatch" width="18" height="10" aria-hidden="true">
    <rect
      x="0.5"
      y="0.5"
      width="17"
      height="9"
      fill="var(--quote)"
      fill-opacity="0.3"
      stroke="var(--quote)"
    />
  </svg>`;
}
