/** Spot instruments as the venue lists them. What is delisted is gone from the list; the channel says it once more. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { Listing, VenueCore } from "../ports.ts";
import { msText, szText } from "./text.ts";

/** The codes by which sockets name instruments begin here. */
const CODE_BASE = 10_000;

export interface ListedInstrument extends Listing {
  readonly instId: string;
}

export function instIdOf({ symbol }: Pick<Instrument, "symbol">): string {
  return symbol.replace("/", "-");
}

function instIdCodeOf(instrument: number): number {
  return CODE_BASE + instrument;
}

export interface Instruments {
  /** Everything but references that cannot be traded as spot, and what is delisted. */
  listed(): readonly ListedInstrument[];
  /** By the name or, where there is one, the code, which goes first. Undefined when it is not listed. */
  find(name: {
    readonly instId?: string | undefined;
    readonly instIdCode?: string | undefined;
  }): ListedInstrument | undefined;
}

export function createInstruments(core: VenueCore): Instruments {
  /** Of which listings the rest was made: a change replaces them. */
  let source: readonly Listing[] | undefined;
  let listed: readonly ListedInstrument[] = [];
  let byName = new Map<string, ListedInstrument>();

  function refresh(): void {
    if (source === core.listings) return;
    source = core.listings;
    listed = source
      .filter(({ definition }) => definition.kind === "spot" && definition.status !== "DELISTED")
      .map((listing) => ({ ...listing, instId: instIdOf(listing.definition) }));
    byName = new Map(
      listed.flatMap((listing) => [
        [listing.instId, listing],
        [String(instIdCodeOf(listing.instrument)), listing],
      ]),
    );
  }

  return {
    listed() {
      refresh();
      return listed;
    },
    find({ instId, instIdCode }) {
      refresh();
      const name = instIdCode ?? instId;
      return name === undefined ? undefined : byName.get(name);
    },
  };
}

/** Older than anything that a client may ask for. */
const LISTED_AT_MS = "1548115200000";

const STATES = { TRADING: "live", HALTED: "suspend", DELISTED: "suspend" } as const;

export function instrumentRow({ instrument, definition }: Listing, nowUs: number): object {
  const { tick, lot, status } = definition;
  const sizeMax = szText(definition, Number.MAX_SAFE_INTEGER);
  return {
    alias: "",
    auctionEndTime: "",
    baseCcy: definition.base,
    category: "1",
    contTdSwTime: LISTED_AT_MS,
    ctMult: "",
    ctType: "",
    ctVal: "",
    ctValCcy: "",
    expTime: status === "DELISTED" ? msText(nowUs) : "",
    futureSettlement: false,
    groupId: "1",
    instFamily: "",
    instId: instIdOf(definition),
    instIdCode: instIdCodeOf(instrument),
    instType: "SPOT",
    lever: "",
    listTime: LISTED_AT_MS,
    lotSz: lot,
    maxIcebergSz: sizeMax,
    maxLmtAmt: "20000000",
    maxLmtSz: sizeMax,
    maxMktAmt: "1000000",
    maxMktSz: "1000000",
    maxStopSz: "1000000",
    maxTriggerSz: sizeMax,
    maxTwapSz: sizeMax,
    minSz: szText(definition, definition.sizeMinLots),
    openType: "call_auction",
    optType: "",
    preMktSwTime: "",
    quoteCcy: definition.quote,
    ruleType: "normal",
    settleCcy: "",
    state: STATES[status],
    stk: "",
    tickSz: tick,
    tradeQuoteCcyList: [definition.quote],
    uly: "",
  };
}
