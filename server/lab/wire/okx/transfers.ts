/**
 * Transfers between the accounts of the venue: the first is the master, the others its sub-accounts, named `sub` and
 * their position. Between the funding and the trading account of one user nothing moves: funding is always empty.
 */
import type { VenueCore } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { fieldsOf, missing, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { amountOf, treasuryRefusal } from "./amounts.ts";
import type { PrivateCall } from "./rest.ts";

export interface Transfers {
  transfer(call: PrivateCall): object[] | Refusal;
  state(call: PrivateCall): object[] | Refusal;
}

interface Transfer {
  readonly transId: string;
  readonly account: number;
  readonly fields: Fields;
}

/** The venue tells the state of those of two weeks. */
const KEPT_MAX = 1_000;

const SUB_ACCOUNT = /^sub(\d+)$/;

export function createTransfers(core: VenueCore): Transfers {
  let done: Transfer[] = [];
  const [master] = core.accounts;

  /** From and to, as positions of accounts. */
  function ends(account: number, { type, subAcct }: Fields): readonly [number, number] | Refusal {
    if (type !== "1" && type !== "2") return refuse("58112");
    if (subAcct === undefined) return missing("subAcct");
    const sub = Number(SUB_ACCOUNT.exec(subAcct)?.[1] ?? NaN);
    if (account !== master || sub === master || !core.accounts.includes(sub)) return refuse("58115");
    return type === "1" ? [account, sub] : [sub, account];
  }

  return {
    transfer({ key, body }) {
      const fields = fieldsOf(body) ?? {};
      const { ccy, amt, from, to, type = "0", clientId = "" } = fields;
      if (!key.mayTrade) return refuse("50120");
      if (ccy === undefined) return missing("ccy");
      if (from === undefined || to === undefined) return missing(from === undefined ? "from" : "to");
      const amountAtoms = amountOf(core, ccy, amt);
      if (typeof amountAtoms !== "bigint") return amountAtoms;
      if (type === "0") return from === "6" ? refuse("58350") : refuse("58112");
      const accounts = ends(key.account, { ...fields, type });
      if ("code" in accounts) return accounts;
      const outcome = core.transfer(accounts[0], accounts[1], ccy, amountAtoms);
      if (!outcome.ok) return treasuryRefusal(outcome.reason);
      done = [{ transId: outcome.id, account: key.account, fields }, ...done].slice(0, KEPT_MAX);
      return [{ transId: outcome.id, ccy, clientId, from, amt, to }];
    },
    state({ key, fields: { transId, clientId } }) {
      if (transId === undefined && clientId === undefined) return refuse("50015", "transId", "clientId");
      const found = done.find(
        (transfer) =>
          transfer.account === key.account &&
          (transId === undefined ? transfer.fields.clientId === clientId : transfer.transId === transId),
      );
      if (found === undefined) return wrong("transId");
      const { amt, ccy, from, to, subAcct = "", type = "0", clientId: own = "" } = found.fields;
      return [
        {
          amt,
          ccy,
          clientId: own,
          from,
          instId: "",
          state: "success",
          subAcct,
          to,
          toInstId: "",
          transId: found.transId,
          type,
        },
      ];
    },
  };
}
