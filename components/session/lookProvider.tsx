"use client";

import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { formatLook, LOOK_COOKIE, type Look } from "./look.ts";

const YEAR_S = 31_536_000;

interface LookControl {
  readonly look: Look;
  readonly setLook: (look: Look) => void;
}

const LookContext = createContext<LookControl | undefined>(undefined);

export function LookProvider({
  initial,
  children,
}: {
  readonly initial: Look;
  readonly children: ReactNode;
}) {
  const [look, setLook] = useState(initial);
  const control = useMemo<LookControl>(
    () => ({
      look,
      setLook: (next) => {
        apply(next);
        setLook(next);
      },
    }),
    [look],
  );
  return <LookContext value={control}>{children}</LookContext>;
}

/** The look, and how to change it. Charts draw again when it changes. */
export function useLook(): LookControl {
  const control = useContext(LookContext);
  if (control === undefined) throw new Error("useLook outside of LookProvider");
  return control;
}

function apply(look: Look): void {
  const { dataset } = document.documentElement;
  if (look.theme === "system") delete dataset["theme"];
  else dataset["theme"] = look.theme;
  if (look.scheme === "teal-coral") delete dataset["scheme"];
  else dataset["scheme"] = look.scheme;
  document.cookie = `${LOOK_COOKIE}=${formatLook(look)}; path=/; max-age=${YEAR_S}; samesite=strict`;
}
