/** Writes to the home folder named by its argument until it is killed; says on stdout what was acknowledged. */
import { writeSync } from 'node:fs';
import { openHome } from '../../src/store/home.ts';
import { openStore } from '../../src/store/store.ts';
import { NOON, sampleAlert, sampleState } from './samples.ts';

const home = openHome(String(process.argv[2]));
const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 4096 });
const say = (line: string) => writeSync(1, `${line}\n`);

say(`opened ${store.notices().map(({ code }) => code)}`);
for (let n = store.state.lastAttempt + 1; ; n += 1) {
  await Promise.all([
    store.saveState(sampleState(n)).then(() => say(`state ${n}`)),
    store.alerts.add(sampleAlert(`a${n}`)).then(() => say(`add a${n}`)),
    store.audit.append({ kind: 'test', text: `n${n}` }, NOON).then(() => say(`audit n${n}`)),
  ]);
  if (n % 3 === 0) for (const alert of await store.alerts.take('agent')) say(`took ${alert.id}`);
}
