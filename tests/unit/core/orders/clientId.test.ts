import { describe, expect, it } from "vitest";
import { clientIdOf, counterOfClientId, epochOfClientId } from "../../../../server/core/orders/clientId.ts";

describe("a client order id", () => {
  it("is role letter, desk code, epoch and counter in 15 characters of base 36", () => {
    expect(clientIdOf("quote", "tst", 7, 36)).toBe("qtst00070000010");
    expect(clientIdOf("reduce", "tst", 36 ** 4 - 1, 36 ** 7 - 1)).toBe("rtstzzzzzzzzzzz");
  });

  it("sorts in the order of its counter, and of its epoch before that", () => {
    const ids = [
      clientIdOf("quote", "tst", 2, 35),
      clientIdOf("quote", "tst", 2, 36),
      clientIdOf("quote", "tst", 11, 1),
    ];
    expect([...ids].sort()).toEqual(ids);
  });

  it("is never given twice: a counter that is used up throws", () => {
    expect(() => clientIdOf("quote", "tst", 7, 36 ** 7)).toThrow(RangeError);
  });

  it.each([
    { name: "our own", id: clientIdOf("quote", "tst", 7, 1), epoch: 7 },
    { name: "ours of a role that this version does not know", id: "htst00070000001", epoch: 7 },
    { name: "another desk's", id: clientIdOf("quote", "oth", 7, 1), epoch: undefined },
    { name: "a shorter one", id: "qtst0007", epoch: undefined },
    { name: "one in capitals", id: "QTST00070000001", epoch: undefined },
    { name: "somebody's", id: "web_29d1f0", epoch: undefined },
    { name: "none", id: "", epoch: undefined },
  ])("tells its epoch only if it carries our desk code: $name", ({ id, epoch }) => {
    expect(epochOfClientId(id, "tst")).toBe(epoch);
  });

  it("tells its counter as well, and only of our own", () => {
    expect(counterOfClientId(clientIdOf("hedge", "tst", 7, 36 ** 6 + 35), "tst")).toBe(36 ** 6 + 35);
    expect(counterOfClientId(clientIdOf("hedge", "oth", 7, 1), "tst")).toBeUndefined();
  });
});
