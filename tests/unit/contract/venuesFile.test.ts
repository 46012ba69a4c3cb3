import { expect, it } from "vitest";
import { VenuesFile } from "../../../server/contract/venuesFile.ts";

const ACCOUNT = { account: "okx", venue: "okx", symbols: ["BTC/USDT"] };
const file = (account: object) => ({ reportingAsset: "USDT", capital: 1_000, accounts: [account] });

it("takes an address of this machine in place of a venue", () => {
  const parsed = VenuesFile.parse(file({ ...ACCOUNT, baseUrl: "http://127.0.0.1:4301" }));
  expect(parsed.accounts[0]).toMatchObject({
    references: [],
    fees: "entry",
    baseUrl: "http://127.0.0.1:4301",
  });
});

it.each([
  "https://okx.example.com",
  "http://127.0.0.1.example.com:80",
  "http://10.0.0.1:4301",
  "http://127.0.0.1:4301/path",
  "http://localhost@evil.example:1",
])("refuses %s, which could be anybody's: keys would go there", (baseUrl) => {
  expect(VenuesFile.safeParse(file({ ...ACCOUNT, baseUrl })).error?.message).toContain("only an emulator");
});

it.each([
  { name: "no symbol", account: { ...ACCOUNT, symbols: [] }, text: "at least one symbol" },
  { name: "a symbol twice", account: { ...ACCOUNT, references: ["BTC/USDT"] }, text: "listed twice" },
  { name: "what is no symbol", account: { ...ACCOUNT, symbols: ["BTCUSDT"] }, text: "such as BTC/USDT" },
  { name: "a word it does not know", account: { ...ACCOUNT, api: "x" }, text: "Unrecognized key" },
])("refuses $name", ({ account, text }) => {
  expect(VenuesFile.safeParse(file(account)).error?.message).toContain(text);
});
