// `npm start`, `npm stop`, `npm run status`: builds when sources are newer than dist/, then becomes the program itself.
import { join } from 'node:path';
import { ensureBuilt, root, run } from './built.mjs';

const build = ensureBuilt();
process.exit(build === 0 ? run([join(root, 'bin/jarvis-health.js'), ...process.argv.slice(2)]) : build);
