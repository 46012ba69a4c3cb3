import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  olderCertificates,
  readCertificates,
  storeCertificate,
  type Certificate,
} from "../../../server/engine/certificates.ts";
import * as durableFile from "../../../server/host/durableFile.ts";

vi.mock(import("../../../server/host/durableFile.ts"), { spy: true });

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "crossdesk-certificates-"))));
afterEach(() => {
  vi.clearAllMocks();
  rmSync(home, { recursive: true, force: true });
});

const ONE: Certificate = {
  account: "okx",
  venue: "okx",
  ccxt: "4.0.0",
  at: "venue",
  symbol: "BTC/USDT",
  key: "k",
  madeAtMs: 1,
  passed: true,
  checks: [],
};
const fileOf = (): string => join(home, "certificates.json");

it("counts for nothing, in plain words, what an earlier version has certified, and stores over it", () => {
  writeFileSync(fileOf(), JSON.stringify({ format: 1, certificates: [{ account: "okx", passed: true }] }));
  expect(readCertificates(home)).toEqual([]);
  expect(olderCertificates(home)).toContain("is of an earlier version, with other checks");
  storeCertificate(home, ONE);
  expect(readCertificates(home)).toEqual([ONE]);
  expect(olderCertificates(home)).toBeUndefined();
});

it("refuses what is no file of certificates", () => {
  for (const text of ["{", "{}", '{"format":2,"certificates":[{}]}', '{"format":3,"certificates":[]}']) {
    writeFileSync(fileOf(), text);
    expect(() => readCertificates(home)).toThrow("holds no certificates: delete it, and certify again");
  }
});

it("stores while nobody else does: read and written under one lock", () => {
  const writeDurably = vi.mocked(durableFile.writeDurably);
  let lock = "";
  writeDurably.mockImplementationOnce(() => void (lock = readFileSync(`${fileOf()}.lock`, "utf8")));
  storeCertificate(home, ONE);
  expect(lock).toBe(`${process.pid}\n`);
  expect(() => readFileSync(`${fileOf()}.lock`)).toThrow("ENOENT");
});
