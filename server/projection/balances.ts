/** Balances and baselines, told when they change. */
import type { AccountState, Engine, Holding } from "../core/state.ts";
import type { LineList } from "./lineList.ts";

export class BalanceWatch {
  readonly #engine: Engine;
  readonly #told = new Map<Holding, Pick<Holding, "balanceAtoms" | "baselineAtoms">>();

  constructor(engine: Engine) {
    this.#engine = engine;
    for (const account of engine.state.accounts)
      for (const holding of account.holdings.values()) this.#told.set(holding, copyOf(holding));
  }

  afterAll(out: LineList): void {
    for (const account of this.#engine.state.accounts) this.#tell(account, out);
  }

  afterAccount(index: number, out: LineList): void {
    const account = this.#engine.state.accounts[index];
    if (account !== undefined) this.#tell(account, out);
  }

  #tell({ account, holdings }: AccountState, out: LineList): void {
    for (const holding of holdings.values()) {
      const { asset, decimals, balanceAtoms, baselineAtoms } = holding;
      const told = this.#told.get(holding);
      if (balanceAtoms === undefined) continue;
      if (told?.balanceAtoms === balanceAtoms && told.baselineAtoms === baselineAtoms) continue;
      this.#told.set(holding, copyOf(holding));
      out.push({
        cursor: out.next(),
        atUs: out.atUs,
        type: "balance",
        account,
        asset,
        decimals,
        balanceAtoms,
        baselineAtoms,
      });
    }
  }
}

function copyOf({ balanceAtoms, baselineAtoms }: Holding): Pick<Holding, "balanceAtoms" | "baselineAtoms"> {
  return { balanceAtoms, baselineAtoms };
}
