/** Where our simulator differs from the published one, each with the figures that show why. */
import { cellFigures, pairedDifference, rmsInterval, type Paths } from "./figures.ts";
import { PUBLISHED } from "./published.ts";
import { MAIN_WORLDS, TABLE } from "./worlds.ts";
import type { Cell, Table } from "../study.ts";

/** Six quotes at 1/k and half a lot's skew, each filled at A·e^(−kδ): what the published simulator would fill. */
const LOTS_PER_HOUR =
  6 * 3_600 * TABLE.ratePerS * Math.exp(-TABLE.kPerBp * (1 / TABLE.kPerBp + TABLE.slopeBps / 2));

type Row = readonly [what: string, there: Cell, here: Cell, why: string];

/** None where none of the worlds was run that would tell. */
export function reasonsOf(paths: Paths): Table[] {
  const rows = [...inventoryReasons(paths), ...fillReasons(paths), ...withdrawalReasons(paths)];
  if (rows.length === 0) return [];
  return [
    {
      title: "Where the simulators differ",
      columns: [
        { title: "figure" },
        { title: "published or expected", decimals: 2 },
        { title: "here", decimals: 2 },
        { title: "why" },
      ],
      rows,
    },
  ];
}

function inventoryReasons(paths: Paths): Row[] {
  if (!paths.has("no-informed", "B3") || !paths.has("untilted", "B2")) return [];
  return [
    [
      "rms inventory of B3 while flow leans, lots",
      PUBLISHED["no-informed"].B3?.rmsQ,
      rmsInterval(paths.of("no-informed", "B3")),
      "takers use up depth, so the mid and our quotes go the way of the flow before inventory does; band 6 then has less to cut off",
    ],
    [
      "the same of B2 while flow does not lean",
      Math.sqrt(1 / (2 * TABLE.kPerBp * TABLE.slopeBps)),
      rmsInterval(paths.of("untilted", "B2")),
      "what is left of that between two updates of a book; it grows when books are renewed more rarely",
    ],
  ];
}

function fillReasons(paths: Paths): Row[] {
  if (!paths.has("no-informed", "B2")) return [];
  const { lotsPerHour, edgeBps } = cellFigures(paths.of("no-informed", "B2"));
  return [
    [
      "lots an hour of B2",
      LOTS_PER_HOUR,
      lotsPerHour,
      "the quote stands before the others' depth at its distance: queues cost next to nothing here",
    ],
    [
      "edge of B2 at the fill, bps",
      1 / TABLE.kPerBp + TABLE.slopeBps / 2,
      edgeBps,
      "fair value moves while requests and reports travel, and a quote is moved only beyond a fifth of 1/k",
    ],
  ];
}

function withdrawalReasons(paths: Paths): Row[] {
  return MAIN_WORLDS.flatMap((world): Row[] => {
    if (!paths.has(world, "B3", "B3-unwithdrawn")) return [];
    const withdrawn = paths.of(world, "B3");
    const quoted = paths.of(world, "B3-unwithdrawn");
    return [
      [
        `${world}: rms inventory of B3, without withdrawal and with`,
        rmsInterval(quoted),
        rmsInterval(withdrawn),
        "a toxic side is withdrawn for 30 s even where it is the one that would bring inventory back",
      ],
      [
        `${world}: what withdrawal changes in P&L`,
        undefined,
        pairedDifference(withdrawn, quoted),
        "the published policy has the measured cost alone",
      ],
    ];
  });
}
