import { isFinal, type Order } from "../orders/order.ts";
import type { AccountState, Engine } from "../state.ts";

/** Orders of an account that have no final state. */
export function liveOrders(engine: Engine, account: AccountState): Order[] {
  const found: Order[] = [];
  for (const inst of engine.state.instruments) {
    if (inst.account !== account.index) continue;
    for (const id of inst.live) {
      const order = engine.state.orders.get(id);
      if (order !== undefined && !isFinal(order.status)) found.push(order);
    }
  }
  return found;
}
