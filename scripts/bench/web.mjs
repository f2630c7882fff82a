// The least web server: answers with its pid. `node web.mjs PORT [PORTS]` listens on that many ports from PORT on;
// with port 0 it prints the one it got. `/count` says how many other requests it has answered. SIGUSR2 lets it hang.
import { createServer } from 'node:http';

const [first = 0, count = 1] = process.argv.slice(2).map(Number);
let answered = 0;
for (let offset = 0; offset < count; offset += 1) {
  const server = createServer((request, response) => {
    if (request.url === '/count') return response.end(String(answered));
    answered += 1;
    response.end(String(process.pid));
  });
  server.listen(first === 0 ? 0 : first + offset, '127.0.0.1', () =>
    process.stdout.write(`${server.address().port}\n`),
  );
}
process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
