export type Stopping = { readonly by: string };

/** Waits for the end: a signal, or a wish through the socket. A second signal ends at once. */
export function untilStopped() {
  const controller = new AbortController();
  let why: Stopping | undefined;
  let resolve: (why: Stopping) => void = () => undefined;
  const stopped = new Promise<Stopping>((done) => {
    resolve = done;
  });

  function stop(by: string): void {
    if (why !== undefined) return;
    why = { by };
    controller.abort();
    resolve(why);
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // 128 + signal number is what a shell reports for a program ended by it (bash(1), EXIT STATUS).
      if (why !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
      stop(signal);
    });
  }
  return { stop, stopped, signal: controller.signal, why: () => why };
}
