import { InvalidNonce } from "ccxt";
import { afterEach, expect, it, vi } from "vitest";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { createLane, createNonce, useLane } from "../../../../../server/venues/ccxt/gateway/lane.ts";
import { NotSentError } from "../../../../../server/venues/ccxt/gateway/taxonomy.ts";

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

afterEach(() => void vi.useRealTimers());

it("cancels go first, and every other turn is a question's", async () => {
  const lane = createLane();
  const begun: string[] = [];
  const ask = (name: string) => lane.run(name.startsWith("cancel"), () => Promise.resolve(begun.push(name)));
  await Promise.all(["first", "list", "balances", "cancel 1", "cancel 2", "cancel 3"].map(ask));
  expect(begun).toEqual(["first", "cancel 1", "list", "cancel 2", "balances", "cancel 3"]);
});

it("a call whose turn does not come in time never leaves, and the one behind it does", async () => {
  vi.useFakeTimers();
  const lane = createLane();
  const begun: string[] = [];
  const ask = (name: string) =>
    lane.run(false, () => {
      begun.push(name);
      return new Promise((resolve) => setTimeout(resolve, 240));
    });
  const calls = Array.from({ length: 10 }, (_, n) => ask(`call ${n}`).catch((error: unknown) => error));
  await vi.advanceTimersByTimeAsync(1_900);
  const late = ask("late");
  await vi.advanceTimersByTimeAsync(3_000);
  const ends = await Promise.all(calls);
  expect(ends.filter((end) => end instanceof NotSentError)).toHaveLength(1);
  await late;
  expect(begun).toEqual([...Array.from({ length: 9 }, (_, n) => `call ${n}`), "late"]);
});

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
