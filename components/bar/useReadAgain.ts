"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useDatabase } from "../session/useDatabase.ts";
import { isBehind } from "./record.ts";

/** What was read while the record was behind lacks what was written later: once all is there it is read again. */
export function useReadAgain(): void {
  const queryClient = useQueryClient();
  const { data, error } = useDatabase();
  const behind = data === undefined || error !== null ? undefined : isBehind(data);
  const wasBehind = useRef(false);
  useEffect(() => {
    if (behind === undefined) return;
    if (wasBehind.current && !behind) void queryClient.invalidateQueries();
    wasBehind.current = behind;
  }, [behind, queryClient]);
}
