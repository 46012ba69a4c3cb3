/**
 * The code of what stops and arms, loaded after the page. `dynamic` and the preload share these functions:
 * an `import()` written inside of `dynamic` is given chunks of its own, which nothing can load ahead.
 */
export const loadStopMenu = () => import("./stopMenu.tsx").then((module) => module.StopMenu);
export const loadArmDialog = () => import("./armDialog.tsx").then((module) => module.ArmDialog);
export const loadSheetDialog = () => import("./sheetDialog.tsx").then((module) => module.SheetDialog);
