/** What is true of a running desk, asked where it cannot be wrong: at the lab's own accounts and the engine. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Command, StateScope } from "../../server/contract/commands.ts";
import type { EngineLink } from "../../server/contract/link.ts";
import type { ParamName } from "../../server/contract/params.ts";
import type { DeskView } from "../../server/contract/views.ts";
import { readDeskFile } from "../../server/host/deskHome.ts";
import { readLabTruth } from "../../server/lab/service/truth.ts";
import { connectLink, untilConnected } from "../../server/link/client.ts";
import { armDesk } from "../../server/link/stop.ts";

/** Reconciliation waits out the venues' request expiry, and volatility needs twenty seconds of fair value. */
const QUOTING_WITHIN_MS = 90_000;
const CONNECTED_WITHIN_MS = 30_000;
/** The slowest venue answers in a quarter of a second. */
const PULLED_WITHIN_MS = 30_000;
const POLL_MS = 200;

export async function countOpenOrders(home: string): Promise<number> {
  const truth = await readLabTruth(home);
  return [...truth.values()].reduce((sum, { openOrders }) => sum + openOrders.length, 0);
}

export interface LabFill {
  readonly account: string;
  readonly symbol: string;
  readonly tradeId: string;
  readonly venueAtUs: number | undefined;
}

/** Every fill of every account since the desk began. */
export async function readLabFills(home: string): Promise<readonly LabFill[]> {
  const { instruments } = readDeskFile(home).config;
  const truth = await readLabTruth(home);
  return [...truth].flatMap(([account, { fills }]) =>
    fills.map(({ instrument, tradeId, venueAtUs }) => ({
      account,
      symbol: instruments[instrument]?.symbol ?? "",
      tradeId,
      venueAtUs,
    })),
  );
}

/** Makes the desk quote at every venue, whatever state the test before has left it in. */
export async function ensureQuoting(home: string): Promise<void> {
  await withLink(home, async (link) => {
    for (let waitedMs = 0; waitedMs < QUOTING_WITHIN_MS; waitedMs += POLL_MS) {
      const desk = await link.ask({ ask: "desk" });
      const closed = closedScopes(desk);
      if (closed.length === 0 && isQuotingEverywhere(desk)) return;
      for (const { scope, isLatched } of closed)
        if (isLatched)
          await armDesk({
            home,
            link,
            scope,
            actor: "browser tests",
            reason: "before a test",
            commandId: randomUUID(),
          });
        else await send(link, { type: "setTradingState", scope, state: "ACTIVE" });
      await delay(POLL_MS);
    }
    throw new Error(
      `the desk does not quote: ${JSON.stringify(closedScopes(await link.ask({ ask: "desk" })))}`,
    );
  });
}

/** Quotes are pulled: from here on nothing fills any more. */
export async function pauseQuoting(home: string): Promise<void> {
  await withLink(home, async (link) => {
    await send(link, { type: "setTradingState", scope: { level: "desk" }, state: "PAUSED" });
    for (let waitedMs = 0; waitedMs < PULLED_WITHIN_MS; waitedMs += POLL_MS) {
      if ((await countOpenOrders(home)) === 0) return;
      await delay(POLL_MS);
    }
    throw new Error("orders still rest at the lab although the desk is paused");
  });
}

/** As the engine has it, whichever runs now. */
export async function readDeskState(home: string): Promise<DeskView["state"]> {
  return (await withLink(home, (link) => link.ask({ ask: "desk" }))).state;
}

/** Whether every account has been asked and nothing can come any more: an arm before is refused. */
export async function isSealed(home: string): Promise<boolean> {
  const { accounts } = await withLink(home, (link) => link.ask({ ask: "desk" }));
  return accounts.every(({ status, sealedAtUs }) => status === "READY" && sealedAtUs !== undefined);
}

/** The risk aversion that quotes are made with now, of the first market: it has one once its volatility is known. */
export async function readGamma(home: string): Promise<number> {
  const { markets } = await withLink(home, (link) => link.ask({ ask: "desk" }));
  const gamma = markets[0]?.model?.gammaPerQuote;
  if (gamma === undefined) throw new Error(`no risk aversion: ${JSON.stringify(markets[0]?.model)}`);
  return gamma;
}

/** Takes a setting of the desk's scope back, which a test that failed may have left. */
export async function clearParameter(home: string, name: ParamName): Promise<void> {
  await withLink(home, async (link) => {
    const { version, settings } = await link.ask({ ask: "parameters" });
    if (!settings.some((one) => one.level === "desk" && one.name === name)) return;
    await send(link, {
      type: "setParameters",
      expectedVersion: version,
      changes: [{ scope: { level: "desk" }, name }],
    });
  });
}

async function withLink<A>(home: string, act: (link: EngineLink) => Promise<A>): Promise<A> {
  const link = connectLink({ home, client: "browser tests" });
  try {
    if (!(await untilConnected(link, CONNECTED_WITHIN_MS))) throw new Error("the engine does not answer");
    return await act(link);
  } finally {
    link.close();
  }
}

async function send(link: EngineLink, command: Command): Promise<void> {
  const outcome = await link.command({
    commandId: randomUUID(),
    actor: "browser tests",
    reason: "for a test",
    command,
  });
  if (!outcome.accepted) throw new Error(`${outcome.code}: ${outcome.text}`);
}

function closedScopes(
  desk: DeskView,
): readonly { readonly scope: StateScope; readonly isLatched: boolean }[] {
  const scopes: readonly { readonly scope: StateScope; readonly state: DeskView["state"] }[] = [
    { scope: { level: "desk" }, state: desk.state },
    ...desk.accounts.map(({ account, state }) => ({ scope: { level: "account", account } as const, state })),
    ...desk.markets.map(({ market, state }) => ({ scope: { level: "market", market } as const, state })),
  ];
  return scopes
    .filter(({ state }) => state !== "ACTIVE")
    .map(({ scope, state }) => ({ scope, isLatched: state === "KILLED" || state === "DISARMED" }));
}

/** An order on some side at every account. */
function isQuotingEverywhere({ accounts, markets }: DeskView): boolean {
  return accounts.every(({ account }) =>
    markets.some(({ instruments }) =>
      instruments.some(
        (one) => one.account === account && one.sides.some(({ order }) => order !== undefined),
      ),
    ),
  );
}
