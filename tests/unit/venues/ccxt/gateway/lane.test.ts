import { InvalidNonce } from "ccxt";
import { expect, it } from "vitest";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { createLane, createNonce, useLane } from "../../../../../server/venues/ccxt/gateway/lane.ts";

/** A venue that answers its calls so, one after the other, and what it was asked for. */
function venueOf(...answers: readonly (string | Error)[]) {
  const asked: unknown[] = [];
  const instance = {
    fetch2(path: unknown) {
      const answer = answers[asked.push(path) - 1];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as CcxtInstance;
  useLane(
    instance,
    createLane(),
    createNonce(() => 0),
  );
  return { asked, call: (api: string) => instance.fetch2("BalanceEx", api) };
}

const overtaken = () => new InvalidNonce("EAPI:Invalid nonce");

it("a private call whose nonce was overtaken goes again, once", async () => {
  const { asked, call } = venueOf(overtaken(), "balances");
  expect(await call("private")).toBe("balances");
  expect(asked).toHaveLength(2);
  const refused = venueOf(overtaken(), overtaken(), "balances");
  await expect(refused.call("private")).rejects.toThrow(InvalidNonce);
  expect(refused.asked).toHaveLength(2);
});

it.each([
  ["whose outcome is not known", "private", new Error("socket hang up")],
  ["that carries no nonce", "public", overtaken()],
])("a call %s does not", async (_, api, error) => {
  const { asked, call } = venueOf(error, "balances");
  await expect(call(api)).rejects.toBe(error);
  expect(asked).toHaveLength(1);
});

it("a nonce rises with every call, whatever the clock does", () => {
  const readings = [5, 5, 3, 9];
  const nonce = createNonce(() => readings.shift() ?? 0);
  expect([nonce(), nonce(), nonce(), nonce()]).toEqual([5, 6, 7, 9]);
});
