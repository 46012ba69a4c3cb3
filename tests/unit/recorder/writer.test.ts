import { describe, expect, it, onTestFinished } from "vitest";
import type { NoticeLine } from "../../../server/contract/lines.ts";
import { rowsOf } from "../../../server/recorder/tables.ts";
import { RecordWriter } from "../../../server/recorder/writer.ts";
import { withConnection } from "../../../server/store/database.ts";
import { freshDatabase } from "../../support/postgres.ts";

const START = { epoch: 3, seq: 0, runId: "run three" };

function noticeAt(seq: number, text = "something"): NoticeLine {
  const cursor = { epoch: 3, seq, at: 0 };
  return {
    type: "notice",
    cursor,
    atUs: 1_700_000_000_000_001,
    code: "RESTART",
    severity: "info",
    scope: "desk",
    text,
  };
}

async function openFresh(): Promise<{ readonly url: string; readonly writer: RecordWriter }> {
  const url = await freshDatabase();
  const writer = await RecordWriter.open(url);
  onTestFinished(() => writer.close());
  return { url, writer };
}

async function storedTexts(url: string): Promise<string[]> {
  return await withConnection(url, async (client) => {
    const { rows } = await client.query<{ text: string }>("select text from notice order by seq");
    return rows.map(({ text }) => text);
  });
}

describe("writing a batch", () => {
  it("moves the position with its rows", async () => {
    const { url, writer } = await openFresh();
    expect(await writer.position()).toBeUndefined();
    await writer.write(START, 7, rowsOf(noticeAt(5)));
    expect(await writer.position()).toEqual({ ...START, seq: 7 });
    expect(await storedTexts(url)).toEqual(["something"]);
  });

  it("leaves nothing of a batch of which a row is refused", async () => {
    const { url, writer } = await openFresh();
    const [row] = rowsOf(noticeAt(6));
    if (row === undefined) throw new Error("a notice is a row");
    const withoutText = { ...row, cells: row.cells.map((cell) => (cell === "something" ? null : cell)) };
    await expect(writer.write(START, 7, [...rowsOf(noticeAt(5)), withoutText])).rejects.toThrow(/null value/);
    await writer.close();
    const next = await RecordWriter.open(url);
    expect(await next.position()).toBeUndefined();
    expect(await storedTexts(url)).toEqual([]);
    await next.close();
  });

  it("leaves no row of a batch that begins where the position is not", async () => {
    const { url, writer } = await openFresh();
    await writer.write(START, 7, rowsOf(noticeAt(5)));
    await expect(writer.write(START, 9, rowsOf(noticeAt(8)))).rejects.toThrow(/somebody else/);
    await writer.close();
    expect(await storedTexts(url)).toEqual(["something"]);
  });

  it("changes nothing by writing rows again", async () => {
    const { url, writer } = await openFresh();
    await writer.write(START, 7, rowsOf(noticeAt(5)));
    await writer.write({ ...START, seq: 7 }, 8, [
      ...rowsOf(noticeAt(5, "another")),
      ...rowsOf(noticeAt(8, "new")),
    ]);
    expect(await storedTexts(url)).toEqual(["something", "new"]);
  });

  it("takes text that PostgreSQL does not", async () => {
    const { url, writer } = await openFresh();
    await writer.write(START, 7, rowsOf(noticeAt(5, `a\0b \uD83D "quoted" {braces} \\ NULL é`)));
    expect(await storedTexts(url)).toEqual([`a\uFFFDb \uFFFD "quoted" {braces} \\ NULL é`]);
  });

  it("gives the lock back when it is closed", async () => {
    const { url, writer } = await openFresh();
    await expect(RecordWriter.open(url)).rejects.toMatchObject({ code: "REFUSED" });
    await writer.close();
    const next = await RecordWriter.open(url);
    await next.close();
  });
});
