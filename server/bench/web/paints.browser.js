/*
 * Runs in the Desk page: when a frame has shown the value of an engine instant. An animation frame that begins
 * after the change was made comes after that change's own paint, so that what is noted is never too early.
 */
const paints = [];

new MutationObserver((changes) => {
  const atUs = Number(changes.at(-1).target.getAttribute("data-at-us"));
  requestAnimationFrame(() => paints.push([atUs, performance.timeOrigin + performance.now()]));
}).observe(document, { attributes: true, attributeFilter: ["data-at-us"], subtree: true });

globalThis.crossdeskTakePaints = () => paints.splice(0);
