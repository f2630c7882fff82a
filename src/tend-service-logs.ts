import { cutServiceLogs } from './host/cut-service-logs.ts';
import { boundServiceLogs } from './host/service-logs.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/** Keeps what services print within its bounds; on a full disk it is the first to give way. */
export function tendServiceLogs(store: Pick<Store, 'isDiskFull'>, folder: string, log: Log): void {
  if (store.isDiskFull()) return void cutServiceLogs(folder);
  void boundServiceLogs(folder).then((cut) => cut.length > 0 && log.warn({ cut }, 'service log cut'));
}
