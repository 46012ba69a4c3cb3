import { describe, expect, it } from "vitest";
import { signatureOf } from "../../../../../server/lab/wire/kraken/auth.ts";
import { krakenClient } from "./client.ts";

describe("the signature", () => {
  it("is that of the example in the venue's guide", () => {
    const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
    const nonce = "1616492376594";
    const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
    expect(signatureOf(secret, "/0/private/AddOrder", nonce, body)).toBe(
      "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==",
    );
  });

  it("is checked, over a form and over JSON", () => {
    const client = krakenClient();
    expect(client.call("Balance")).toHaveProperty("XXBT");
    expect(client.call("Balance", {}, { isJson: true })).toHaveProperty("XXBT");
    expect(client.refused("Balance", {}, { signature: "c2lnbmF0dXJl" })).toBe("EAPI:Invalid signature");
    expect(client.refused("Balance", {}, { signature: "" })).toBe("EAPI:Invalid signature");
  });

  it("needs a key that is known", () => {
    const client = krakenClient();
    const key = { ...client.key(), apiKey: "nobody" };
    expect(client.refused("Balance", {}, { key })).toBe("EAPI:Invalid key");
  });
});

describe("nonces", () => {
  it("rise for each key on its own, and a refused signature spends none", () => {
    const client = krakenClient();
    client.call("Balance", {}, { nonce: "500" });
    expect(client.refused("Balance", {}, { nonce: "500" })).toBe("EAPI:Invalid nonce");
    expect(client.refused("Balance", {}, { nonce: "499" })).toBe("EAPI:Invalid nonce");
    expect(client.refused("Balance", {}, { nonce: "9000", signature: "x" })).toBe("EAPI:Invalid signature");
    client.call("Balance", {}, { nonce: "501" });
    client.call("Balance", {}, { nonce: "1", key: client.key(0, "guard") });
    expect(client.refused("Balance", {}, { nonce: "word" })).toBe("EAPI:Invalid nonce");
  });

  it("may lie below the highest within the key's window", () => {
    const client = krakenClient({}, () => ({ nonceWindow: 10 }));
    client.call("Balance", {}, { nonce: "500" });
    client.call("Balance", {}, { nonce: "491" });
    expect(client.refused("Balance", {}, { nonce: "490" })).toBe("EAPI:Invalid nonce");
    expect(client.call("GetApiKeyInfo")).toMatchObject({ nonceWindow: "10" });
  });
});

describe("rights of a key", () => {
  it("without trading may look and place nothing", () => {
    const client = krakenClient({}, () => ({ mayTrade: false }));
    expect(client.call("OpenOrders")).toEqual({ open: {} });
    for (const method of ["AddOrder", "CancelOrder", "CancelAll", "CancelAllOrdersAfter", "AmendOrder"])
      expect(client.refused(method)).toBe("EGeneral:Permission denied");
  });

  it("are told, so that one that may withdraw is seen", () => {
    const plain = krakenClient();
    expect(plain.call("GetApiKeyInfo")["permissions"]).not.toContain("withdraw-funds");
    expect(plain.refused("Withdraw", { asset: "XBT", key: "a", amount: "1" })).toBe(
      "EGeneral:Permission denied",
    );
    const mighty = krakenClient({}, () => ({ mayWithdraw: true }));
    expect(mighty.call("GetApiKeyInfo")["permissions"]).toContain("withdraw-funds");
  });

  it("cover the methods there are", () => {
    const client = krakenClient();
    expect(client.refused("Unheard")).toBe("EGeneral:Unknown method");
    expect(client.refused("constructor")).toBe("EGeneral:Unknown method");
    expect(client.get("Unheard").error).toEqual(["EGeneral:Unknown method"]);
  });
});
