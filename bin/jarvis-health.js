#!/usr/bin/env node
// CommonJS (bin/package.json): a plain `status` is then answered before Node's module loader has even started.
// The program itself is bundled into dist/ by scripts/build.ts.
const args = process.argv.slice(2);

function run() {
  const quick = args.includes('status') ? require('../dist/status.cjs').quickStatus(args) : undefined;
  return quick ?? import('../dist/cli.js').then(({ main }) => main(args));
}

function notBuilt(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') throw error;
  const code = 'NOT_BUILT';
  process.stderr.write(`${code} The program is not built, or not completely.\nnext: npm ci && npm run build\n`);
  return 70;
}

// `| head` closes the pipe when it has enough: that is no error, and nobody is left to be told. Node turns SIGPIPE into
// this error; a command that has something to clean up listens to it as to any other signal that ends it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    if (!process.emit('SIGPIPE', 'SIGPIPE')) process.exit(process.exitCode ?? 0);
  });
}

void new Promise((resolve) => resolve(run())).catch(notBuilt).then((code) => {
  process.exitCode = code;
});
