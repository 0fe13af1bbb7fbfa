// node-redis 4 keeps cursors as numbers. Prints how many different keys its iterator finds; of walks
// that do not end it gives up after so many keys.
import { createClient } from "redis-4";

const LIMIT = 1_000_000;
const client = createClient({ url: `redis://127.0.0.1:${process.argv[2]}` });
await client.connect();
const found = new Set();
let count = 0;
for await (const key of client.scanIterator({ COUNT: 100 })) {
  found.add(key);
  if (++count > LIMIT) {
    break;
  }
}
console.log(`${found.size} keys, ${count > LIMIT ? "without end" : "to the end"}`);
await client.disconnect();
