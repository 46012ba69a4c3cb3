import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LabServerFrame } from "../../../../server/contract/labWire.ts";
import { createToken, writeAddress } from "../../../../server/host/addressFile.ts";
import type { FrameConnection } from "../../../../server/host/framedSocket.ts";
import { frameServer } from "../../../../server/host/frameServer.ts";
import type { FrameServer } from "../../../../server/host/frameServer.ts";
import { openLabClient } from "../../../../server/lab/service/labClient.ts";
import type { LabClient } from "../../../../server/lab/service/labClient.ts";
import { eventually } from "../../../support/eventually.ts";
import { makeHome } from "./desk.ts";

/** A lab that welcomes, and answers when it is told to. */
let server: FrameServer;
let client: LabClient;
let remove: () => void;
let asked: { readonly id: number; readonly account: string }[];
let connection: FrameConnection | undefined;

function answer(id: number, asset: string): void {
  const page = { balances: [{ asset, totalAtoms: 1n }], openOrders: [], fills: [], next: undefined };
  connection?.send({ type: "truth", id, page } satisfies LabServerFrame);
}

beforeEach(async () => {
  const made = makeHome();
  remove = made.remove;
  asked = [];
  server = frameServer({
    onConnection(opened) {
      connection = opened;
      return {
        frame(raw) {
          const frame = raw as { type: string; id: number; account: string };
          if (frame.type === "hello") opened.send({ type: "welcome" } satisfies LabServerFrame);
          else asked.push(frame);
        },
        close: () => undefined,
      };
    },
  });
  writeAddress(made.home, "lab", { port: await server.listen(), token: createToken() });
  client = await openLabClient(made.home);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  vi.useRealTimers();
  client.close();
  await server.close();
  remove();
});

/** Each look moves the faked timers on by its interval; a question lives 10 s. */
async function untilAsked(count: number): Promise<void> {
  await eventually(() => expect(asked).toHaveLength(count), { interval: 1 });
}

it("takes the late answer to a question that it has given up for no other's", async () => {
  const late = client.truth("a").catch((error: unknown) => error);
  await untilAsked(1);
  vi.advanceTimersByTime(10_000);
  expect(String(await late)).toContain("the lab does not answer");
  const next = client.truth("b");
  await untilAsked(2);
  answer(asked[0]?.id ?? 0, "LATE");
  answer(asked[1]?.id ?? 0, "BTC");
  expect((await next).balances).toEqual([{ asset: "BTC", totalAtoms: 1n }]);
});
