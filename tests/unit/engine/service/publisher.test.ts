import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDirectory } from "../../../../server/engine/service/runs.ts";
import { replayJournal } from "../../../../server/replay/verify.ts";
import { ServiceDesk } from "./serviceDesk.ts";

let desk: ServiceDesk;
beforeEach(() => void (desk = new ServiceDesk()));
afterEach(() => desk.close());

describe("the view of a desk whose adapters count requests and readings", () => {
  it("shows the latest of each account, and no decision depends on it", async () => {
    await desk.start();
    expect((await desk.view()).accounts.map(({ requests }) => requests)).toEqual([undefined, undefined]);
    const use = { scope: "rest", usedFrac: 0.5, silentUntilUs: desk.clock.nowUs() + 5_000_000 };
    desk.exchanges.tellBudget(1, { ...use, usedFrac: 0.2 });
    desk.exchanges.tellBudget(1, use);
    const reads = { everyMs: 90_909, readAtUs: desk.clock.nowUs() };
    desk.exchanges.tellTradeReads(0, { ...reads, readAtUs: undefined });
    desk.exchanges.tellTradeReads(0, reads);
    const { accounts } = await desk.view();
    expect(accounts.map(({ requests }) => requests)).toEqual([undefined, use]);
    expect(accounts.map(({ tradeReads }) => tradeReads)).toEqual([reads, undefined]);
    expect(await desk.engine?.stop("a test")).toEqual({ how: "stopped", notSealed: [] });
    // It is nothing that the journal would have to know.
    expect(await replayJournal(runDirectory(desk.home, 1))).toMatchObject({ sameHash: true });
  });
});
