"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useDatabase } from "../session/useDatabase.ts";
import { hasCaughtUp, recordTrouble } from "./record.ts";

/** What was read while there was trouble lacks what was written later: once all is there it is read again. */
export function useReadAgain(): void {
  const queryClient = useQueryClient();
  const { data, error } = useDatabase();
  const hadTrouble = useRef(false);
  useEffect(() => {
    if (data === undefined || error !== null) return;
    if (recordTrouble(data) !== undefined) hadTrouble.current = true;
    if (!hadTrouble.current || !hasCaughtUp(data)) return;
    hadTrouble.current = false;
    void queryClient.invalidateQueries();
  }, [data, error, queryClient]);
}
