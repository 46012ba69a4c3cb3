/** Colours, widths and dashes of the three panes. */
import { fade, type ChartColours } from "../charts/colours.ts";
import type { LayerLook, LineLook } from "./drawLayers.ts";
import type { MarketChartData } from "./chartData.ts";

/** The same for a venue's mid, its band and its spread; the legend shows them. */
const VENUE_DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [12, 4]];

export function dashOf(instrument: number): readonly number[] {
  return VENUE_DASHES[instrument % VENUE_DASHES.length] ?? [];
}

export function priceLook(data: MarketChartData, colours: ChartColours): LayerLook {
  const { instruments, marks, currency, explainedS } = data;
  return {
    ...plain(`price, ${currency} · shaded: quotes pulled`, colours),
    chosenS: explainedS,
    lines: [
      ...instruments.map(({ isShown }, at) => (isShown ? line(colours.secondary, 1, at) : undefined)),
      { colour: colours.fair, width: 2, dash: [] },
    ],
    bands: instruments.map(({ isShown, isSelected }, at) =>
      isShown
        ? {
            fill: fade(colours.quote, isSelected ? 0.18 : 0.07),
            edge: line(fade(colours.quote, isSelected ? 1 : 0.55), isSelected ? 1.5 : 1, at),
          }
        : undefined,
    ),
    marksAt: (atS) => marks.get(atS),
    isMarked: (instrument) => instruments[instrument]?.isShown === true,
  };
}

export function spreadLook({ instruments }: MarketChartData, colours: ChartColours): LayerLook {
  return {
    ...plain("our spread, bps", colours),
    lines: instruments.map(({ isShown, isSelected }, at) =>
      isShown ? line(fade(colours.quote, isSelected ? 1 : 0.7), isSelected ? 1.5 : 1, at) : undefined,
    ),
  };
}

export function inventoryLook({ base, sdBase }: MarketChartData, colours: ChartColours): LayerLook {
  return {
    ...plain(`inventory, ${base}${sdBase === undefined ? "" : " · band: ±1 sd of the model"}`, colours),
    lines: [{ colour: colours.inventory, width: 2, dash: [] }],
    zone:
      sdBase === undefined
        ? undefined
        : {
            low: -sdBase,
            high: sdBase,
            fill: fade(colours.inventory, 0.1),
            edge: fade(colours.inventory, 0.35),
          },
  };
}

function line(colour: string, width: number, instrument: number): LineLook {
  return { colour, width, dash: dashOf(instrument) };
}

function plain(title: string, colours: ChartColours): LayerLook {
  return {
    title,
    titleColour: colours.secondary,
    lines: [],
    bands: [],
    zone: undefined,
    marksAt: () => undefined,
    isMarked: () => false,
    shadeColour: colours.attention,
    chosenS: undefined,
    chosenColour: colours.ink,
    buyColour: colours.bid,
    sellColour: colours.ask,
    haloColour: colours.panel,
  };
}
