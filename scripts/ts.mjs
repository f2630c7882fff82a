// Lets every Node we support run our .ts files as they are: `node --import ./scripts/ts.mjs scripts/build.ts`.
// Node 20 cannot strip types by itself, and one way for all versions is better than two.
import { register } from 'node:module';

register('./ts-hook.mjs', import.meta.url);
