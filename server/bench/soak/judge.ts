/** Lab, engine and PostgreSQL side by side when all has come to rest: one truth, three books. */
import type { FillLine, Line, OrderLine } from "../../contract/lines.ts";
import { scaledToDecimal } from "../../core/decimal.ts";
import type { Engine } from "../../core/state.ts";
import type { readLabTruth } from "../../lab/service/truth.ts";
import { orderIdOf, tradeOf } from "../../lab/wire/kraken/ids.ts";
import { rowsOf, TABLES } from "../../recorder/tables.ts";
import { withConnection } from "../../store/database.ts";
import { splitName } from "../../venues/ccxt/gateway/names.ts";
import type { Past } from "./journals.ts";
import type { Position } from "./stored.ts";

type LabTruth = Awaited<ReturnType<typeof readLabTruth>>;
type OnFinding = (text: string) => void;

/** Of a long list of differences the first ones tell enough. */
const SHOWN_MAX = 3;

/** The engine's books against the venues' accounts. */
export function judgeBooks(truth: LabTruth, { lines, engine }: Past, onFinding: OnFinding): void {
  if (engine === undefined) return onFinding("there is no journal");
  const booked = lines.filter((line) => line.type === "fill");
  const atVenues = [...truth].flatMap(([account, { fills }]) =>
    fills.map((fill) => ({ account, fill, symbol: symbolOf(engine, fill.instrument) })),
  );
  compare(
    "fills (venue, engine)",
    atVenues.map(({ account, symbol, fill }) =>
      describeFill({ ...fill, clientId: deskId(engine, fill.clientId ?? ""), account, symbol }),
    ),
    booked.map((fill) => describeFill({ ...fill, ...asTheLabCounts(fill) })),
    onFinding,
  );
  for (const { account, holdings } of engine.state.accounts)
    compare(
      `balances of ${account} (venue, engine)`,
      [...holdings.keys()].map((asset) => describeBalance(engine, asset, atomsOf(truth, account, asset))),
      [...holdings.values()].map(({ asset, balanceAtoms }) => describeBalance(engine, asset, balanceAtoms)),
      onFinding,
    );
}

/**
 * What PostgreSQL holds against every line that the journals tell: each of its rows, once. Up to an event after
 * which no order has changed: one that did would have taken its row along.
 */
export async function judgeStore(
  url: string,
  past: Past,
  until: Position,
  onFinding: OnFinding,
): Promise<void> {
  const lines = past.lines.filter(({ cursor }) => isUntil(cursor, until));
  const range = "where (epoch, seq) <= ($1, $2)";
  const values = [until.epoch, until.seq];
  await withConnection(url, async (client) => {
    for (const { name } of TABLES) {
      const { rows } = await client.query<{ epoch: number; seq: string; at: number }>(
        `select epoch, seq, at from "${name}" ${range}`,
        values,
      );
      compare(
        `rows of ${name} (journal, PostgreSQL)`,
        placesOf(name, lines),
        rows.map(({ epoch, seq, at }) => `${epoch}-${seq}-${at}`),
        onFinding,
      );
    }
    const stored = await client.query<StoredFill>(
      `select account, symbol, trade_id as "tradeId", venue_order_id as "venueOrderId", client_id as "clientId",
         side, price_ticks as "priceTicks", size_lots as "sizeLots", fee_asset as "feeAsset", fee_atoms as "feeAtoms"
       from fill ${range}`,
      values,
    );
    const booked = lines.filter((line) => line.type === "fill").map(describeFill);
    compare("fills (engine, PostgreSQL)", booked, stored.rows.map(describeFill), onFinding);
  });
}

function isUntil({ epoch, seq }: Position, until: Position): boolean {
  return epoch < until.epoch || (epoch === until.epoch && seq <= until.seq);
}

/** An order has one row, that of its last line. */
function placesOf(table: string, lines: readonly Line[]): string[] {
  const lastOfOrder = new Map<string, OrderLine>();
  for (const line of lines)
    if (line.type === "order") lastOfOrder.set(`${line.account} ${line.clientId}`, line);
  const told = table === "venue_order" ? [...lastOfOrder.values()] : lines;
  return told.flatMap((line) => {
    const { epoch, seq, at } = line.cursor;
    const rows = rowsOf(line).filter((row) => row.table.name === table);
    return rows.map(() => `${epoch}-${seq}-${at}`);
  });
}

/** Integers beyond what a number holds come from PostgreSQL as text. */
type StoredFill = {
  readonly [
    K in
      | "account"
      | "symbol"
      | "tradeId"
      | "venueOrderId"
      | "clientId"
      | "side"
      | "priceTicks"
      | "sizeLots"
      | "feeAsset"
      | "feeAtoms"
  ]: FillLine[K] | string;
};

function describeFill(fill: StoredFill): string {
  const { account, symbol, tradeId, venueOrderId, clientId, side, priceTicks, sizeLots } = fill;
  return `${account} ${symbol} trade ${tradeId} of ${venueOrderId} ${clientId}: ${side} ${sizeLots} at ${priceTicks}, fee ${fill.feeAtoms} ${fill.feeAsset}`;
}

/** Kraken writes its numbers in its own way. */
function asTheLabCounts({ tradeId, venueOrderId }: FillLine): Pick<FillLine, "tradeId" | "venueOrderId"> {
  return {
    tradeId: tradeOf(tradeId)?.tradeId ?? tradeId,
    venueOrderId: orderIdOf(venueOrderId) ?? venueOrderId,
  };
}

/** Where an amendment makes a new order, the venue has the engine's id with a revision behind it. */
function deskId({ config }: Engine, clientId: string): string {
  return splitName(clientId, config.deskCode)?.clientId ?? clientId;
}

function describeBalance({ config }: Engine, asset: string, atoms: bigint | undefined): string {
  const decimals = config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
  return `${asset} ${atoms === undefined ? "unknown" : scaledToDecimal(atoms, decimals)}`;
}

/** A venue lists what an account has ever held. */
function atomsOf(truth: LabTruth, account: string, asset: string): bigint {
  return truth.get(account)?.balances.find((balance) => balance.asset === asset)?.totalAtoms ?? 0n;
}

function symbolOf({ state }: Engine, instrument: number): string {
  return state.instruments[instrument]?.definition.symbol ?? `instrument ${instrument}`;
}

/** As lists in which order does not count and repetition does. */
function compare(
  what: string,
  left: readonly string[],
  right: readonly string[],
  onFinding: OnFinding,
): void {
  const counts = new Map<string, number>();
  for (const item of left) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const item of right) counts.set(item, (counts.get(item) ?? 0) - 1);
  const wrong = [...counts].filter(([, count]) => count !== 0);
  if (wrong.length === 0) return;
  const shown = wrong
    .slice(0, SHOWN_MAX)
    .map(([item, count]) => `${count > 0 ? "only left" : "only right"} ${item}`);
  onFinding(`${what}: ${left.length} and ${right.length}, ${wrong.length} differ: ${shown.join("; ")}`);
}
