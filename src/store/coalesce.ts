type Batch<T> = {
  value: T;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

function batchOf<T>(value: T): Batch<T> {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { value, done, resolve, reject };
}

/**
 * Turns a slow `write` into a `save` that may be called at any rate: one write runs at a time, and values that come
 * meanwhile replace the one that waits. `save` resolves when its value, or a newer one, was written; it rejects when
 * the write that would have carried it failed.
 */
export function coalesce<T>(write: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let waiting: Batch<T> | undefined;
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    for (let batch = waiting; batch !== undefined; batch = waiting) {
      waiting = undefined;
      try {
        await write(batch.value);
        batch.resolve();
      } catch (error) {
        batch.reject(error);
      }
    }
    running = false;
  }

  return (value) => {
    if (waiting === undefined) waiting = batchOf(value);
    else waiting.value = value;
    const { done } = waiting;
    if (!running) void drain();
    return done;
  };
}
