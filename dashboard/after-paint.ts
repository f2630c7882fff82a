/** A page in the back, or one nobody sees, paints nothing and does not wait for it. */
const AT_LATEST_MS = 200;

/** Runs `then` once what was drawn has been painted: from within a frame the next task comes after its painting. */
export function afterPaint(then: () => void): void {
  let waits = true;
  const go = (): void => {
    if (waits) then();
    waits = false;
  };
  requestAnimationFrame(() => setTimeout(go));
  setTimeout(go, AT_LATEST_MS);
}

const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

/** Reading a large file and drawing it are a task each: what a person does in between is heard. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(undefined);
  });
}
