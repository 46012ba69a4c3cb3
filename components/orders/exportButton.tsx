"use client";

import { useState } from "react";
import { formatCount } from "../format/number.ts";
import { refusalText } from "../session/queryState.ts";
import { Button } from "../ui/button.tsx";
import { toast } from "../ui/toast.tsx";
import { toCsv, type CsvColumn } from "./csv.ts";

interface Gathered<Row> {
  readonly rows: readonly Row[];
  /** There were more than can be written. */
  readonly isCut: boolean;
}

export interface ExportButtonProps<Row> {
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  readonly gather: (onProgress: (count: number) => void) => Promise<Gathered<Row>> | Gathered<Row>;
}

/** Everything that the filter lets through, not only what has been scrolled to, as a file. */
export function ExportButton<Row>({ name, columns, gather }: ExportButtonProps<Row>) {
  const [count, setCount] = useState<number>();

  async function save(): Promise<void> {
    setCount(0);
    try {
      const { rows, isCut } = await gather(setCount);
      download(
        `crossdesk-${name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.csv`,
        toCsv(columns, rows),
      );
      if (isCut)
        toast(
          "attention",
          `The file ends after the newest ${formatCount(rows.length)} rows: narrow the time for the rest.`,
        );
      else toast("ok", `${formatCount(rows.length)} rows written.`);
    } catch (error) {
      toast("danger", `Nothing was written. ${refusalText(error)}`);
    }
    setCount(undefined);
  }

  return (
    <Button busy={count !== undefined} onClick={() => void save()} aria-label="Export as CSV">
      {count === undefined || count === 0 ? "CSV" : `${formatCount(count)} …`}
    </Button>
  );
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
