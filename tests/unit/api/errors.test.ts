import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ApiError, toApiError } from "../../../server/api/errors.ts";
import { LinkError } from "../../../server/link/linkError.ts";
import { StoreError } from "../../../server/store/errors.ts";

/** As tRPC wraps what a procedure throws. */
function thrown(cause: unknown, code: TRPCError["code"] = "INTERNAL_SERVER_ERROR"): TRPCError {
  return new TRPCError({ code, cause });
}

const badInput = z.strictObject({ commandId: z.uuid() }).safeParse({ other: 1 }).error;

const CASES = [
  {
    name: "an engine that is away",
    error: thrown(new LinkError("NOT_CONNECTED", "x")),
    code: "ENGINE_UNREACHABLE",
  },
  { name: "too many questions", error: thrown(new LinkError("OVERLOADED", "x")), code: "ENGINE_UNREACHABLE" },
  { name: "no answer in time", error: thrown(new LinkError("TIMED_OUT", "x")), code: "NO_ANSWER" },
  { name: "a link cut before the answer", error: thrown(new LinkError("CLOSED", "x")), code: "NO_ANSWER" },
  { name: "a no of the engine", error: thrown(new LinkError("REFUSED", "x")), code: "REFUSED" },
  {
    name: "a database that is away",
    error: thrown(new StoreError("DATABASE_DOWN", "x")),
    code: "DATABASE_DOWN",
  },
  { name: "a database that is slow", error: thrown(new StoreError("TOO_SLOW", "x")), code: "DATABASE_DOWN" },
  { name: "a statement of ours that fails", error: thrown(new StoreError("FAILED", "x")), code: "DEFECT" },
  { name: "input that is none", error: thrown(badInput, "BAD_REQUEST"), code: "BAD_INPUT" },
  { name: "our own schema breaking inside", error: thrown(badInput), code: "DEFECT" },
  { name: "a refusal of our own", error: new ApiError("VERSION_CONFLICT", "x"), code: "VERSION_CONFLICT" },
  { name: "anything else", error: thrown(new Error("a secret path")), code: "DEFECT" },
];

describe("an error of the API", () => {
  it.each(CASES)("has the code $code for $name", ({ error, code }) => {
    expect(toApiError(error).apiCode).toBe(code);
  });

  it("is one line of words, never what broke inside", () => {
    for (const { error } of CASES) {
      const { message } = toApiError(error);
      expect(message).not.toContain("\n");
      expect(message).not.toContain("secret");
    }
    expect(toApiError(thrown(badInput, "BAD_REQUEST")).message).toContain("commandId");
  });

  it("is known across two copies of the code, as a development server makes them", () => {
    const copy = Object.assign(new Error("x"), { name: "LinkError", code: "TIMED_OUT" });
    expect(toApiError(thrown(copy)).apiCode).toBe("NO_ANSWER");
  });
});
