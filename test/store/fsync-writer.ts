/** Saves one more state in the home folder named by its argument, and says how it went. */
import { PersonError } from '../../src/errors.ts';
import { openHome } from '../../src/store/home.ts';
import { openStore } from '../../src/store/store.ts';
import { NOON, sampleState } from './samples.ts';

const home = openHome(String(process.argv[2]));
const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 4096 });
const n = store.state.lastAttempt + 1;
try {
  await store.saveState(sampleState(n));
  console.log(`saved ${n}`);
} catch (error) {
  console.log(`failed ${n} ${error instanceof PersonError ? error.code : String(error)}`);
}
