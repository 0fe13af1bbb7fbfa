import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { createClient } from "redis";

// Checked load by one client of the library that the first argument names, connected to the port that is the second; with a third
// argument other than DEFAULT no command is sent twice. All keys begin with the fourth. Each loop increments a counter of its own, sets
// keys of its own and reads both back, until the input of the script ends.

const LOOPS = 4;
const [library, port, delivery, prefix] = process.argv.slice(2);
const errors = new Map();
const connect = {
  ioredis: async () => 
    new Redis(Number(port), delivery === "DEFAULT" ? {} : { maxRetriesPerRequest: 0 }).on("error", () => {}),
  "node-redis": () => createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => {}).connect(),
};
let stopping = false;

const kind = (error) => error.message.match(/UNCERTAIN|UNAVAILABLE|CLUSTERDOWN/)?.[0] ?? error.name;
const isRefusal = (error) => ["UNAVAILABLE", "CLUSTERDOWN"].includes(kind(error));
const valueOf = (key) => `value of ${key}`;

class Loop {
  answers = 0;
  keys = [];
  number = 0;
  least = 0;
  acknowledged = 0;
  uncertain = 0;
  repeated = 0;

  constructor(client, prefix) {
    this.client = client;
    this.prefix = prefix;
    this.counter = `${prefix}:counter`;
  }

  async run() {
    while (!stopping) {
      await this.attempt(() => this.increment());
      await this.attempt(() => this.set());
      await this.attempt(() => this.get());
      await pause(5);
    }
  }

  async attempt(command) {
    try {
      await command();
      this.answers++;
    } catch (error) {
      errors.set(kind(error), (errors.get(kind(error)) ?? 0) + 1);
    }
  }

  async increment() {
    this.uncertain++;
    let seen;
    try {
      seen = await this.client.incr(this.counter);
    } catch (error) {
      if (isRefusal(error)) {
        this.uncertain--;
      }
      throw error;
    }
    this.uncertain--;
    this.acknowledged++;
    this.expect(seen > this.least, this.counter, seen);
    this.least = seen;
    this.repeated = Math.max(this.repeated, seen - this.acknowledged - this.uncertain);
  }

  async set() {
    const key = `${this.prefix}:${this.number++}`;
    const answer = await this.client.set(key, valueOf(key));
    this.expect(answer === "OK", key, answer);
    this.keys.push(key);
  }

  /** The last one, and another one that is older, in one go. */
  async get() {
    if (this.keys.length > 0) {
      await Promise.all([this.read(this.keys.at(-1)), this.read(this.keys[(this.number * 31) % this.keys.length])]);
    }
  }

  async read(key) {
    const found = await this.client.get(key);
    this.expect(found === valueOf(key), key, found);
  }

  async readAll() {
    for (const key of this.keys) {
      await this.read(key);
    }
    const seen = Number(await this.client.get(this.counter));
    this.expect(seen >= this.least, this.counter, seen);
    this.repeated = Math.max(this.repeated, seen - this.acknowledged - this.uncertain);
  }

  expect(condition, key, seen) {
    if (!condition) {
      console.log(
        `wrong ${key}: ${seen} after ${this.acknowledged} acknowledged as ${this.least} and ${this.uncertain} uncertain`,
      );
    }
  }
}

const client = await connect[library]();
const loops = [...Array(LOOPS).keys()].map((number) => new Loop(client, `${prefix}:${library}:${number}`));
const progress = () => console.log(`progress ${Math.min(...loops.map((loop) => loop.answers))}`);
const timer = setInterval(progress, 50);
createInterface({ input: process.stdin }).on("close", () => (stopping = true));
await Promise.all(loops.map((loop) => loop.run()));
clearInterval(timer);
await Promise.all(loops.map((loop) => loop.readAll()));
progress();
errors.forEach((times, error) => console.log(`error ${error} ${times}`));
console.log(`repeated ${loops.reduce((sum, loop) => sum + loop.repeated, 0)}`);
await client.quit();
