"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useCallback, useEffect, useState } from "react";
import { useForm, useWatch, type UseFormReturn } from "react-hook-form";
import type { ParamName, ParamScope } from "../../server/contract/params.ts";
import { editPath, EditSchema, type Edit, type EditForm, type Edits } from "./edits.ts";

/** Outlives the page: who looks at the desk in the middle of an edit finds it again. Lost with the tab. */
let kept: { readonly edits: EditForm["edits"]; readonly base: number | undefined } = {
  edits: {},
  base: undefined,
};

export interface Draft {
  readonly form: UseFormReturn<EditForm>;
  readonly edits: Edits;
  /** The version that the edits began from: the engine takes them only while it is the newest. */
  readonly base: number | undefined;
  readonly rebase: (version: number) => void;
  readonly set: (scope: ParamScope, name: ParamName, edit: Edit) => void;
  readonly discard: () => void;
}

/** `latest` is the version whose values are on screen. */
export function useDraft(latest: number | undefined): Draft {
  const form = useForm<EditForm>({
    defaultValues: { edits: structuredClone(kept.edits) },
    resolver: zodResolver(EditSchema) as never,
    mode: "onChange",
  });
  const edits = useWatch({ control: form.control, name: "edits" });
  const [base, setBase] = useState(kept.base);
  const isEmpty = !hasEdits(edits);

  useEffect(() => {
    if (isEmpty) setBase(undefined);
    else setBase((now) => now ?? latest);
  }, [isEmpty, latest]);
  useEffect(() => {
    kept = { edits: structuredClone(edits), base };
  }, [edits, base]);
  // What was kept may have been wrong already.
  useEffect(() => {
    if (hasEdits(kept.edits)) void form.trigger();
  }, [form]);

  const set = useCallback(
    (scope: ParamScope, name: ParamName, edit: Edit) =>
      form.setValue(editPath(scope, name), edit, { shouldValidate: true, shouldDirty: true }),
    [form],
  );
  const discard = useCallback(() => {
    form.reset({ edits: {} });
    setBase(undefined);
  }, [form]);
  return { form, edits, base, rebase: setBase, set, discard };
}

export function hasEdits(edits: Edits): boolean {
  return Object.values(edits).some((names) => Object.values(names ?? {}).some((edit) => edit !== undefined));
}
