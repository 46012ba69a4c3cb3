/** What the engine can show after a stop: per venue account, whether anything of the scope is left. */
import type { StateScope } from "../contract/commands.ts";
import type { EngineLink, OpenOrderLine, StopReceipt } from "../contract/link.ts";
import type { DeskView } from "../contract/views.ts";
import { isLatched } from "../core/risk/tradingState.ts";

export type AccountProof = StopReceipt["accounts"][number];

/** Asked after the stop was acknowledged, so that what it reads cannot be from before. Rejects with a LinkError. */
export async function readProof(
  link: EngineLink,
  scope: StateScope,
  before: readonly AccountProof[],
): Promise<readonly AccountProof[]> {
  const desk = await link.ask({ ask: "desk" });
  if (scope.level === "desk" || scope.level === "account")
    return desk.accounts
      .filter(({ account }) => scope.level === "desk" || account === scope.account)
      .map(({ account, status, state, clearedAtUs, sealedAtUs }) => {
        if (isLatched(scope.level === "desk" ? desk.state : state))
          return { account, status, clearedAtUs, sealedAtUs };
        // Armed since: the engine grants that only where every account of the scope is sealed, and forgets the seals.
        const { clearedAtUs: atUs = desk.atUs, sealedAtUs: sealed = desk.atUs } =
          before.find((other) => other.account === account) ?? {};
        return { account, status, clearedAtUs: atUs, sealedAtUs: sealed };
      });

  // A market or a side shares its accounts with others and has no seal: the engine's own orders, those in
  // flight and unknown ones included, must end one by one.
  const orders = await link.ask({ ask: "openOrders" });
  const instruments = instrumentsOf(desk, scope);
  const names = [...new Set(instruments.map(({ account }) => account))];
  return names.map((account) => {
    const status = desk.accounts.find((other) => other.account === account)?.status ?? "NOT_READY";
    const isLeft = orders.some((order) => order.account === account && isInScope(order, instruments, scope));
    const goneAtUs = isLeft
      ? undefined
      : (before.find((other) => other.account === account)?.sealedAtUs ?? desk.atUs);
    return { account, status, clearedAtUs: goneAtUs, sealedAtUs: goneAtUs };
  });
}

type MarketOrSide = Extract<StateScope, { level: "market" | "side" }>;

interface InstrumentName {
  readonly account: string;
  readonly symbol: string;
}

function instrumentsOf(desk: DeskView, scope: MarketOrSide): readonly InstrumentName[] {
  if (scope.level === "side") return [{ account: scope.account, symbol: scope.symbol }];
  return desk.markets.filter(({ market }) => market === scope.market).flatMap((market) => market.instruments);
}

function isInScope(order: OpenOrderLine, instruments: readonly InstrumentName[], scope: StateScope): boolean {
  if (scope.level === "side" && order.side !== scope.side) return false;
  return instruments.some(({ account, symbol }) => account === order.account && symbol === order.symbol);
}
