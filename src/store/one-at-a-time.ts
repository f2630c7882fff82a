type Turn = <R>(task: () => Promise<R>) => Promise<R>;

/** Runs tasks strictly one after another, in the order given; a task that fails does not stop the next. */
export function oneAtATime(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}
